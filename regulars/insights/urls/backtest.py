"""Addresses: backtest."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
