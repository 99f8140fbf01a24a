"""Addresses of `orders`, by subject."""

from regulars.orders.urls import exchange, hooks, loyalty, orders, products, unclaimed

urlpatterns = [
    *exchange.urlpatterns,
    *hooks.urlpatterns,
    *loyalty.urlpatterns,
    *orders.urlpatterns,
    *products.urlpatterns,
    *unclaimed.urlpatterns,
]
