"""Addresses of orders of nobody."""

from django.urls import path

from regulars.orders.unclaimed import views

urlpatterns = [
    path("orders/nobody/", views.unclaimed, name="unclaimed"),
    path("orders/nobody/claim/", views.claim_unclaimed, name="unclaimed-claim"),
    path("orders/nobody/people/", views.add_unclaimed, name="unclaimed-add"),
]
