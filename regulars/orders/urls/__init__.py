"""Addresses of `orders`, by subject."""

from regulars.orders.urls import hooks, loyalty, orders, products

urlpatterns = [
    *hooks.urlpatterns,
    *loyalty.urlpatterns,
    *orders.urlpatterns,
    *products.urlpatterns,
]
