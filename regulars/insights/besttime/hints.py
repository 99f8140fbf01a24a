"""Which way to try, for many people or one: what they asked for, else what was seen, never what they refused."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from regulars.contacts.models import Consent, Contact, Profile
from regulars.insights.besttime.words import hint, refused_ways, way_to_try
from regulars.insights.tables.besttime import BestTime, Way

KIND_OF_WAY = {Way.PHONE.value: "call", Way.MESSAGE.value: "message", Way.EMAIL.value: "email"}


def hints_for(contacts: Sequence[Contact]) -> dict[int, str]:
    """Return "Try by phone, Tuesdays in the morning" for each of them of whom there is one, by id.

    Two queries; three where the profiles are not loaded.
    """
    ids = [contact.pk for contact in contacts]
    if not ids:
        return {}
    best = {row.contact_id: row for row in BestTime.objects.filter(contact__in=ids)}
    refused, profiles = _refused(ids), _profiles(contacts)
    found = {pk: hint(best.get(pk), profiles.get(pk), refused[pk]) for pk in ids}
    return {pk: text for pk, text in found.items() if text}


def _refused(ids: Iterable[int]) -> dict[int, set[str]]:
    """The ways that each of them refused; the newest word on a channel counts."""
    newest: dict[int, dict[str, Consent]] = defaultdict(dict)
    for consent in Consent.objects.filter(contact__in=ids):
        newest[consent.contact_id].setdefault(consent.channel, consent)
    return defaultdict(set, {pk: refused_ways(said.values()) for pk, said in newest.items()})


def _profiles(contacts: Sequence[Contact]) -> dict[int, Profile]:
    known = {contact.pk: contact._state.fields_cache.get("profile") for contact in contacts}
    missing = [contact.pk for contact in contacts if "profile" not in contact._state.fields_cache]
    read = {row.contact_id: row for row in Profile.objects.filter(contact__in=missing)} if missing else {}
    return {pk: profile for pk, profile in {**known, **read}.items() if profile is not None}


def kind_to_try(contact: Contact) -> str:
    """The kind of moment to try: "call", "message", "email", or "". Three queries."""
    best = BestTime.objects.filter(contact=contact).first()
    stated = contact.profile_or_blank.preferred_channel
    return KIND_OF_WAY.get(way_to_try(best, stated, _refused([contact.pk])[contact.pk]), "")
