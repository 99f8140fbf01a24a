"""What is written about a contact or company as one plain picture: for edits, conflicts, merges, audit and export.

A picture is a dict that JSON can carry. Keys are columns of the holder and its profile, `points`, `addresses`, `tags`,
and `custom:KEY` for each custom field. Links to other records are ids.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.access.models import Team, User, Visibility
from regulars.contacts.models import Address, Company, Contact, Profile, Referral, Source, Stage

Holder = Contact | Company
Picture = dict[str, Any]

CONTACT_COLUMNS = (
    "display_name",
    "given_name",
    "family_name",
    "job_title",
    "company",
    "stage",
    "owner",
    "team",
    "visibility",
)
PROFILE_COLUMNS = (
    "additional_name",
    "nickname",
    "pronunciation",
    "salutation",
    "pronouns",
    "language",
    "time_zone",
    "preferred_channel",
    "preferred_time",
    "source",
    "source_detail",
    "external_id",
)
COMPANY_COLUMNS = (
    "display_name",
    "domain",
    "industry",
    "size",
    "parent",
    "stage",
    "owner",
    "team",
    "visibility",
)
ADDRESS_COLUMNS = ("label", "street", "city", "region", "postcode", "country", "is_preferred")
LINKS: dict[str, type[Any]] = {
    "company": Company,
    "parent": Company,
    "stage": Stage,
    "owner": User,
    "team": Team,
    "source": Source,
    "source_contact": Contact,
}
LABELS = {
    "display_name": _("Shown as"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "job_title": _("Role"),
    "company": _("Company"),
    "stage": _("Stage"),
    "owner": _("Point of contact"),
    "team": _("Team"),
    "visibility": _("Who may see this"),
    "additional_name": _("Middle names"),
    "nickname": _("Nickname"),
    "pronunciation": _("Pronunciation"),
    "salutation": _("Salutation"),
    "pronouns": _("Pronouns"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "preferred_channel": _("Preferred channel"),
    "preferred_time": _("Preferred time"),
    "source": _("Source"),
    "source_detail": _("Source, exactly"),
    "source_contact": _("Came through"),
    "external_id": _("Id in another system"),
    "domain": _("Web domain"),
    "industry": _("Industry"),
    "size": _("Size"),
    "parent": _("Part of"),
    "points": _("Phones, emails, links"),
    "addresses": _("Addresses"),
    "tags": _("Tags"),
}


def columns_of(holder: Holder) -> tuple[str, ...]:
    """The columns of `holder` itself that people edit."""
    return CONTACT_COLUMNS if isinstance(holder, Contact) else COMPANY_COLUMNS


def picture_of(holder: Holder) -> Picture:
    """Return what is written about `holder` now. Three queries, fewer when prefetched."""
    picture = {name: _plain(holder, name) for name in columns_of(holder)}
    if isinstance(holder, Contact):
        profile = holder.profile_or_blank
        picture |= {name: _plain(profile, name) for name in PROFILE_COLUMNS}
        picture["source_contact"] = _brought_by(holder)
    picture["points"] = [[point.kind, point.value, point.label, point.is_preferred] for point in holder.points.all()]
    picture["addresses"] = [
        {name: getattr(address, name) for name in ADDRESS_COLUMNS} for address in holder.addresses.all()
    ]
    picture["tags"] = sorted((tag.name for tag in holder.tags.all()), key=str.lower)
    return picture | {f"custom:{key}": value for key, value in holder.custom.items()}


def _brought_by(contact: Contact) -> int | None:
    try:
        return contact.referral.by_contact_id
    except Referral.DoesNotExist:
        return None


def _plain(record: Any, name: str) -> Any:
    return getattr(record, f"{name}_id") if name in LINKS else getattr(record, name)


def differences(before: Picture, after: Picture) -> dict[str, list[Any]]:
    """Return `{key: [before, after]}` for the keys of `after` whose values differ; nothing and blank are the same."""
    return {key: [before.get(key), value] for key, value in after.items() if _filled(before.get(key)) != _filled(value)}


def _filled(value: Any) -> Any:
    return None if value in ("", [], {}) else value


def label_of(key: str, custom_labels: dict[str, str] | None = None) -> str:
    """Return the words for a key of a picture."""
    if key.startswith("custom:"):
        name = key.removeprefix("custom:")
        return (custom_labels or {}).get(name, name.replace("_", " ").capitalize())
    return str(LABELS.get(key, key))


def words_for(key: str, value: Any, user: User | None = None) -> str:
    """Return a value of a picture as people read it. People and companies that `user` may not know of stay unnamed."""
    if value in (None, "", [], {}):
        return ""
    if key in LINKS:
        return _name_of(LINKS[key], value, user)
    if key == "points":
        return ", ".join(str(point[1]) for point in value)
    if key == "addresses":
        return "; ".join(str(Address(**address)) for address in value)
    if key == "visibility":
        return str(Visibility(value).label)
    if key == "preferred_channel":
        return str(Profile.PreferredChannel(value).label)
    if isinstance(value, bool):
        return str(_("Yes")) if value else str(_("No"))
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _name_of(model: type[Any], pk: int, user: User | None) -> str:
    rows = model.objects.visible_to(user) if user and model in (Contact, Company) else model.objects
    found = rows.filter(pk=pk).first()
    return str(found) if found else ""


def changes_in_words(changes: dict[str, list[Any]]) -> dict[str, list[str]]:
    """Return differences as the audit log keeps them: readable, by key."""
    return {key: [words_for(key, before), words_for(key, after)] for key, (before, after) in changes.items()}
