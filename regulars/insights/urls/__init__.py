"""Addresses of `insights`, by subject."""

from regulars.insights.urls import backtest, demand, goals, reports, value, winback

urlpatterns = [
    *backtest.urlpatterns,
    *demand.urlpatterns,
    *goals.urlpatterns,
    *reports.urlpatterns,
    *value.urlpatterns,
    *winback.urlpatterns,
]
