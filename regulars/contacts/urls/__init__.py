"""Addresses of `contacts`, by subject."""

from regulars.contacts.urls import lists, moments, people

urlpatterns = [*lists.urlpatterns, *moments.urlpatterns, *people.urlpatterns]
