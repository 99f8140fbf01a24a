"""Addresses: value and tiers."""

from django.urls import URLPattern, path

from regulars.insights.views import value

urlpatterns: list[URLPattern] = [
    path("value/", value.value, name="value"),
    path("value/count/", value.count_tiers, name="tier-count"),
    path("settings/tiers/", value.tier_settings, name="tier-settings"),
]
