"""Addresses: what will be asked for."""

from django.urls import URLPattern, path

from regulars.insights.views import demand

urlpatterns: list[URLPattern] = [
    path("insights/demand/", demand.demand, name="demand"),
    path("insights/demand/count/", demand.count_demand, name="demand-count"),
    path("insights/demand/finding/", demand.products_demand, name="products-demand"),
    path("products/<int:pk>/demand/", demand.product_demand, name="product-demand"),
]
