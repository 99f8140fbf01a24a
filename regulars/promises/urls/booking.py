"""Addresses of booking pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
