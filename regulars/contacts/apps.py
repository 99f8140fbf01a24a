"""The app's registration with Django."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ContactsConfig(AppConfig):
    """`regulars.contacts`: see its package docstring."""

    name = "regulars.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Make search know people and companies; see to it that its indexes are whole after every migrate."""
        from regulars.contacts import jobs, places  # noqa: F401  (jobs register themselves)
        from regulars.contacts.actions import merging
        from regulars.contacts.finding import search
        from regulars.contacts.records import removals
        from regulars.contacts.referrals import setup as referrals_setup
        from regulars.contacts.segments import setup as segments_setup

        places.register()
        referrals_setup.register()
        removals.register()
        merging.register()
        search.register()
        segments_setup.register()
        post_migrate.connect(_mend_phones, sender=self, dispatch_uid="contacts-phones")


def _mend_phones(using: str = "default", **kwargs: Any) -> None:
    from regulars.contacts import indexing

    if "contacts_contactpoint" in connections[using].introspection.table_names():
        indexing.install_phones(connections[using])
