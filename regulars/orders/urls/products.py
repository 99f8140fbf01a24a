"""Addresses of products."""

from django.urls import path

from regulars.orders.views import products

urlpatterns = [
    path("products/", products.products, name="products"),
    path("products/new/", products.add_product, name="product-add"),
    path("products/pick/", products.pick_product, name="product-pick"),
    path("products/<int:pk>/", products.edit_product, name="product-edit"),
    path("products/<int:pk>/retirement/", products.retire_product, name="product-retire"),
]
