"""Addresses of `insights`, by subject."""

from regulars.insights.urls import backtest, goals, reports, value, winback

urlpatterns = [
    *backtest.urlpatterns,
    *goals.urlpatterns,
    *reports.urlpatterns,
    *value.urlpatterns,
    *winback.urlpatterns,
]
