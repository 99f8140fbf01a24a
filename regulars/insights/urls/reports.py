"""Addresses: reports."""

from django.urls import URLPattern, path

from regulars.insights.views import reports

urlpatterns: list[URLPattern] = [
    path("insights/", reports.insights, name="insights"),
    path("insights/figures/count/", reports.count_figures, name="figures-count"),
    path("insights/figures/choice/", reports.count_choice, name="figures-choice"),
    path("insights/reports/<slug:name>/", reports.report, name="report"),
]
