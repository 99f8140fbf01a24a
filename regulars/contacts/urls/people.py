"""Addresses of the pages of contacts and companies."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
