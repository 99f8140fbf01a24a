"""Addresses: predictions and their backtest."""

from django.urls import URLPattern, path

from regulars.insights.views import predictions

urlpatterns: list[URLPattern] = [
    path("insights/backtest/", predictions.backtest, name="backtest"),
    path("insights/predictions/", predictions.predict, name="predict"),
    path("contacts/<int:pk>/next/", predictions.contact_next, name="contact-next"),
    path("companies/<int:pk>/next/", predictions.company_next, name="company-next"),
]
