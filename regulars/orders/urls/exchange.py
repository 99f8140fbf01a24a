"""Addresses of exchange rates."""

from django.urls import path

from regulars.orders.exchange import views

urlpatterns = [
    path("settings/rates/", views.rates, name="rates"),
    path("settings/rates/history/", views.load_rates, name="rates-load"),
    path("settings/rates/typed/", views.type_rate, name="rate-type"),
]
