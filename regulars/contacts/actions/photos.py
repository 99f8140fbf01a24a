"""Putting a photo on a contact and taking it off."""

from typing import Any

from django.db import transaction

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.models import Contact


@transaction.atomic
def set_photo(contact: Contact, file: Any, *, by: User | None) -> None:
    """Give `contact` a prepared photo (see `contacts.photos`); the earlier file is deleted after commit. Audited."""
    profile = contact.profile_or_blank
    old = profile.photo.name if profile.photo else ""
    profile.photo.save(file.name, file, save=False)
    profile.save()
    contact.profile = profile
    _forget(profile.photo.storage, old)
    audit(
        "changed",
        by=by,
        kind="contact",
        object_id=contact.pk,
        title=contact.display_name,
        changes={"photo": ["", "new"]},
    )


@transaction.atomic
def drop_photo(contact: Contact, *, by: User | None) -> None:
    """Take the photo off `contact` and delete its file after commit. Audited; does nothing without a photo."""
    profile = contact.profile_or_blank
    if not profile.photo:
        return
    old, storage = profile.photo.name, profile.photo.storage
    profile.photo = ""
    profile.save(update_fields=["photo"])
    _forget(storage, old)
    audit(
        "changed",
        by=by,
        kind="contact",
        object_id=contact.pk,
        title=contact.display_name,
        changes={"photo": ["old", ""]},
    )


def _forget(storage: Any, name: str | None) -> None:
    if name:
        transaction.on_commit(lambda: storage.delete(name))
