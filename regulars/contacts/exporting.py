"""Everything that is known of one person, as a file they can take with them."""

import json
import tempfile
import zipfile
from collections.abc import Callable
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone

from regulars.access.models import AuditEvent, Organisation, User
from regulars.access.models.audit import audit
from regulars.contacts.models import Contact, Involvement, Referral
from regulars.contacts.page import ContactPage
from regulars.contacts.records.picture import LINKS, picture_of, words_for
from regulars.contacts.referrals.reading import brought_by, may_name
from regulars.timeline.models import Entry

IN_MEMORY = 10 * 1024 * 1024


def export_person(contact: Contact, *, by: User) -> IO[bytes]:
    """Return a ZIP: `data.json` (everything), `index.html` (the same to read), `files/` (photo and attachments).

    Names of people and companies that `by` may not know of stay out. Audited as "exported".
    """
    entries = _entries(contact)
    data = everything_about(contact, by, entries)
    answer: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(answer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        archive.writestr("index.html", render_to_string("contacts/person_export.html", {"data": data}))
        for name, file in _files(contact, entries):
            if file.storage.exists(file.name):
                with file.open("rb") as source:
                    archive.writestr(name, source.read())
    answer.seek(0)
    audit("exported", by=by, kind="contact", object_id=contact.pk, title=contact.display_name)
    return answer


def _entries(contact: Contact) -> list[Entry]:
    ids = Involvement.objects.filter(contact=contact).values("entry")
    rows = Entry.objects.filter(pk__in=ids).select_related("author").prefetch_related("attachments", "revisions")
    return list(rows.order_by("-occurred_at", "-pk"))


_more: dict[str, Callable[[Contact, User], list[Any]]] = {}


def also_export(key: str, rows: Callable[[Contact, User], list[Any]]) -> None:
    """Let an upper context add what it knows of a person under a readable key; called in `apps.ready()`."""
    _more[key] = rows


def _referrals(contact: Contact, by: User) -> list[dict[str, Any]]:
    rows = [row for row in Referral.objects.filter(contact=contact).with_people() if may_name(row, by)]
    told = [{"brought_by": str(row.introducer), "at": row.brought_at, "note": row.note} for row in rows]
    return told + [
        {"brought": row.newcomer.display_name, "at": row.brought_at} for row in brought_by(contact, by, limit=10_000)
    ]


def everything_about(contact: Contact, by: User, entries: list[Entry]) -> dict[str, Any]:
    """Gather what is known of a person under readable keys."""
    page = ContactPage(contact, by, Organisation.current())
    picture = picture_of(contact)
    plain = {key: value for key, value in picture.items() if key not in LINKS and not key.startswith("custom:")}
    links = {key: words_for(key, picture[key], by) for key in LINKS if key in picture}
    return {
        "exported_at": timezone.now(),
        "name": contact.display_name,
        "known_since": contact.created_at,
        "record": {key: value for key, value in {**plain, **links}.items() if value not in ("", None, [])},
        "custom_fields": {value.label: value.text for value in page.values},
        "facts": list(contact.facts.values("kind", "text", "said_by", "noted_at", "confirmed_at", "retired_at")),
        "openers": list(contact.openers.values("text", "noted_at", "asked_at", "answer")),
        "important_dates": [{"what": str(row), "day": row.in_words} for row in contact.dates.all()],
        "relationships": [f"{around.words} {around.other}" for around in page.around],
        "companies": [
            {"company": str(work.company), "role": work.role, "since": work.since, "until": work.until}
            for work in page.employments
        ],
        "consents": list(contact.consents.values("channel", "is_given", "basis", "given_on", "note", "recorded_at")),
        "referrals": _referrals(contact, by),
        **{key: rows(contact, by) for key, rows in _more.items()},
        "timeline": [_entry(entry) for entry in entries],
        "audit": list(
            AuditEvent.objects.filter(kind="contact", object_id=contact.pk)
            .order_by("at")
            .values("at", "verb", "actor__name", "changes")
        ),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "kind": str(entry.kind_info.label),
        "at": entry.occurred_at,
        "by": entry.author.name if entry.author else "",
        "text": entry.text,
        "outcome": entry.outcome,
        "removed_at": entry.removed_at,
        "earlier": [revision.text for revision in entry.revisions.all()],
        "files": [_name(file) for file in entry.attachments.all()],
    }


def _name(attachment: Any) -> str:
    safe = "".join(c if c.isalnum() or c in "._- " else "_" for c in attachment.name).strip(". ") or "file"
    return f"files/{attachment.pk}-{safe}"


def _files(contact: Contact, entries: list[Entry]) -> list[tuple[str, Any]]:
    photo = contact.profile_or_blank.photo
    found = [(f"files/photo.{str(photo.name).rsplit('.', 1)[-1]}", photo)] if photo else []
    return found + [(_name(file), file.file) for entry in entries for file in entry.attachments.all()]
