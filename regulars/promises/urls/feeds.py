"""Addresses of calendar feeds and files."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
