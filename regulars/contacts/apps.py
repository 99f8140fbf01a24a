"""The app's registration with Django."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """`regulars.contacts`: see its package docstring."""

    name = "regulars.contacts"
    label = "contacts"
