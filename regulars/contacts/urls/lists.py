"""Addresses of the lists of contacts and companies, saved views, bulk edits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
