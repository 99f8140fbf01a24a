"""People and companies on their way out: as vCards, and as tables with everything in them.

Lists export what they show (`contacts.views.lists_export`); this module adds the vCard format to them, and whole tables
for the command line.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.fields.custom import as_text, fields_of, people_in
from regulars.contacts.models import Company, Contact, Involvement
from regulars.lib.exports import Format, Table, register
from regulars.quality.files.card_writing import write_card
from regulars.quality.files.draft import Address, Draft, Handle, NamedDate, PartialDate, Point

BATCH = 200
RELATED = ("points", "addresses", "tags")


def drafts(host: str, ids: Iterable[int], user: User) -> Iterator[tuple[Any, Draft]]:
    """Yield each record with what is known of it as a draft, in the order of `ids`; a fixed number of queries a batch.

    Records that `user` may not know of are left out.
    """
    numbers = iter(ids)
    while batch := list(islice(numbers, BATCH)):
        found = {holder.pk: holder for holder in _load(host, batch, user)}
        for pk in batch:
            if pk in found:
                yield found[pk], draft_of(found[pk])


def _load(host: str, ids: Sequence[int], user: User) -> Iterable[Any]:
    # Of what may be a long timeline, only the notes that an import brought.
    brought = Involvement.objects.filter(kind="note", is_implied=False, entry__snapshot__imported=True)
    notes = Prefetch("involvements", brought.select_related("entry"), to_attr="notes_brought")
    if host == "company":
        return (
            Company.objects.visible_to(user)
            .filter(pk__in=ids)
            .prefetch_related(*RELATED, notes)
            .select_related("owner", "stage")
        )
    people = Contact.objects.visible_to(user).filter(pk__in=ids).prefetch_related(*RELATED, "dates", notes)
    return people.select_related("profile__source", "company", "owner", "stage")


def draft_of(holder: Contact | Company) -> Draft:
    """Return what is known of a contact or company; the photo as JPEG, which every address book reads."""
    draft = Draft(holder.pk, "contact" if isinstance(holder, Contact) else "company")
    for point in holder.points.all():
        if point.kind == "handle":
            draft.handles.append(Handle(point.label, point.value))
        else:
            {"phone": draft.phones, "email": draft.emails}.get(point.kind, draft.links).append(
                Point(point.value, point.label, point.is_preferred)
            )
    draft.addresses = [
        Address(a.street, "", a.city, a.region, a.postcode, a.country, a.label, a.is_preferred)
        for a in holder.addresses.all()
    ]
    draft.tags = [tag.name for tag in holder.tags.all()]
    draft.stage = holder.stage.name if holder.stage else ""
    draft.owner = holder.owner.email if holder.owner else ""
    draft.notes = [note.entry.text for note in getattr(holder, "notes_brought", ()) if not note.entry.removed_at]
    if isinstance(holder, Contact):
        _add_person(draft, holder)
    else:
        draft.company, draft.company_domain = holder.display_name, holder.domain
        draft.industry, draft.size = holder.industry, holder.size
    return draft


def _add_person(draft: Draft, contact: Contact) -> None:
    draft.display, draft.given, draft.family = contact.display_name, contact.given_name, contact.family_name
    draft.job_title = contact.job_title
    draft.company = contact.company.display_name if contact.company and not contact.company.binned_at else ""
    profile = contact.profile_or_blank
    draft.middle, draft.nickname, draft.pronunciation = profile.additional_name, profile.nickname, profile.pronunciation
    draft.salutation, draft.pronouns = profile.salutation, profile.pronouns
    draft.language, draft.time_zone, draft.external_id = profile.language, profile.time_zone, profile.external_id
    draft.source = profile.source.name if profile.source else profile.source_detail
    draft.photo = _jpeg(profile.photo) if profile.photo else None
    for day in contact.dates.all():
        date = PartialDate(day.year, day.month, day.day)
        if day.kind == "birthday":
            draft.birthday = date
        else:
            draft.dates.append(NamedDate(day.label or day.get_kind_display().lower(), date))


def _jpeg(photo: Any) -> bytes | None:
    from PIL import Image

    try:
        with photo.open("rb") as stream, Image.open(stream) as image:
            flat = Image.new("RGB", image.size, "white")
            flat.paste(image, mask=image.getchannel("A") if "A" in image.getbands() else None)
            flat.save(out := io.BytesIO(), "JPEG", quality=92)
    except (OSError, ValueError):
        return None
    return out.getvalue()


def write_vcards(table: Table) -> Iterator[bytes]:
    """Yield a vCard 4.0 for each record of a list."""
    for _record, draft in drafts(table.host, table.ids, table.user):
        yield write_card(draft)


def register_formats() -> None:
    """Offer vCard wherever lists are exported."""
    register(
        Format("vcard", "vCard 4.0", "vcf", "text/vcard; charset=utf-8", write_vcards, hosts=("contact", "company"))
    )


def _numbered(values: list[str], count: int) -> list[str]:
    return [values[n] if n < len(values) else "" for n in range(count)]


PHONES, EMAILS = 3, 3


def whole_table(host: str, ids: Iterable[int], user: User) -> Table:
    """Return everything about the records as a table whose heads an import maps by itself."""
    fields = fields_of(host)
    heads = _heads(host) + [field.label for field in fields]

    def rows() -> Iterator[list[str]]:
        for holder, draft in drafts(host, ids, user):
            people = people_in(fields, [holder.custom], user)
            yield _cells(host, draft) + [as_text(field, holder.custom.get(field.key), people) for field in fields]

    name = _("Companies") if host == "company" else _("Contacts")
    return Table(name=name, host=host, heads=heads, rows=rows(), user=user)


def _heads(host: str) -> list[str]:
    reach = [
        *(f"Phone {n}" if n > 1 else "Phone" for n in range(1, PHONES + 1)),
        *(f"Email {n}" if n > 1 else "Email" for n in range(1, EMAILS + 1)),
        "Website", "Street", "City", "Region", "Postcode", "Country", "Stage", "Owner", "Tags", "Notes",
    ]  # fmt: skip
    if host == "company":
        return ["Company", "Company domain", "Industry", "Company size", *reach]
    return ["Full name", "First name", "Middle name", "Last name", "Nickname", "Pronunciation", "Salutation",
            "Pronouns",
            "Company", "Job title", "Birthday", "Language", "Time zone", "Source", "External id", *reach]  # fmt: skip


def _cells(host: str, draft: Draft) -> list[str]:
    address = draft.addresses[0] if draft.addresses else Address()
    reach = [
        *_numbered([p.value for p in draft.phones], PHONES),
        *_numbered([p.value for p in draft.emails], EMAILS),
        draft.links[0].value if draft.links else "",
        address.street, address.city, address.region, address.postcode, address.country,
        draft.stage, draft.owner, "; ".join(draft.tags), "\n\n".join(draft.notes),
    ]  # fmt: skip
    if host == "company":
        return [draft.company, draft.company_domain, draft.industry, draft.size, *reach]
    birthday = str(draft.birthday or "")
    return [draft.display, draft.given, draft.middle, draft.family, draft.nickname, draft.pronunciation,
            draft.salutation,
            draft.pronouns, draft.company, draft.job_title, birthday, draft.language, draft.time_zone, draft.source,
            draft.external_id, *reach]  # fmt: skip
