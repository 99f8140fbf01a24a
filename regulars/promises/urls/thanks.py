"""Addresses of thanks and their occasions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
