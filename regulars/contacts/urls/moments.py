"""Addresses of capture, timelines and the Brief."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
