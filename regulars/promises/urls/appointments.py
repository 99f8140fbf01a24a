"""Addresses of appointments and the calendar."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
