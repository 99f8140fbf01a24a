"""A ready greeting for a birthday, a date or a year with us: words in Liquid, filled in, sent by a person.

Nothing in a template can reach more than the handful of values in NAMES; see `greeting_liquid` for its sandbox.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from regulars.access.models import Organisation, User
from regulars.contacts.dates.coming import Coming, coming_of, years_with_us
from regulars.contacts.dates.greetings_words import STANDARD
from regulars.contacts.models import Contact, Greeting, ImportantDate, Opener

LONGEST = 4_000  # characters of a template, and of what comes out
LANGUAGES = (("en", "English"), ("de", "Deutsch"), ("pt", "Português"), ("es", "Español"), ("fr", "Français"))
NAMES = (
    "personal",
    "salutation",
    "first_name",
    "name",
    "years",
    "occasion",
    "day",
    "person",
    "business",
    "sender",
    "sender_full_name",
)


class GreetingError(Exception):
    """The template can't be used; the message is one sentence for the person who writes it."""


@dataclass(frozen=True)
class Ready:
    """A greeting that is filled in: ready to be read, changed and sent by hand."""

    subject: str
    text: str
    language: str


def check(template: str, names: Collection[str] = NAMES) -> None:
    """Raise GreetingError when `template` can't be read or names something that is not among `names`."""
    from regulars.contacts.dates import greeting_liquid

    greeting_liquid.check(template, names)


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Return `template` with `values` in it. Raises GreetingError where that is not possible."""
    from regulars.contacts.dates import greeting_liquid  # 20 MB, and a tenth of a second: not in every process

    return greeting_liquid.fill(template, values)


def template_for(kind: str, language: str) -> tuple[str, str]:
    """Return subject and text of the business's own words, else of the standard ones."""
    own = Greeting.objects.filter(kind=kind, language=language).first()
    if own is not None:
        return own.subject, own.text
    return STANDARD.get((kind, language)) or STANDARD[(kind, "en")]


def language_of(contact: Contact, organisation: Organisation | None) -> str:
    """Return the language to greet in: theirs where we have words in it, else the business's."""
    known = dict(LANGUAGES)
    for language in (contact.profile_or_blank.language, organisation.language if organisation else ""):
        short = language[:2].lower()
        if short in known:
            return short
    return "en"


def ready_for(coming: Coming, *, by: User, organisation: Organisation | None) -> Ready:
    """Return the filled-in greeting for a day that comes round. At most three queries."""
    language = language_of(coming.contact, organisation)
    kind = coming.kind if coming.kind in Greeting.Kind.values else Greeting.Kind.OTHER
    subject, text = template_for(kind, language)
    values = values_for(coming, by=by, organisation=organisation, language=language)
    try:
        return Ready(fill(subject, values), fill(text, values), language)
    except GreetingError:  # a template that was fine once: the standard words always work
        subject, text = STANDARD.get((kind, language)) or STANDARD[(kind, "en")]
        return Ready(fill(subject, values), fill(text, values), language)


def values_for(coming: Coming, *, by: User, organisation: Organisation | None, language: str) -> dict[str, Any]:
    """Return what a template can say, by name."""
    contact = coming.contact
    profile = contact.profile_or_blank
    first = profile.nickname or contact.given_name or contact.display_name.split(" ")[0]
    with override(language):
        day = date_format(coming.day, "j F")
    return {
        "personal": personal_line(contact, language, organisation),
        "salutation": profile.salutation,
        "first_name": first,
        "name": contact.display_name,
        "years": coming.years or "",
        "occasion": coming.label,
        "day": day,
        "person": organisation.person_word if organisation else "",
        "business": organisation.name if organisation else "",
        "sender": by.first_name,
        "sender_full_name": by.name,
    }


def personal_line(contact: Contact, language: str, organisation: Organisation | None) -> str:
    """Return the newest open question to them, the way a good host begins; "" when there is none in their language."""
    own = (organisation.language if organisation else "en")[:2]
    if language != own:
        return ""
    rows = Opener.objects.filter(contact=contact, asked_at=None).order_by("-noted_at", "-pk")
    texts = rows.values_list("text", flat=True)[:5]
    return next((f"{text[:1].upper()}{text[1:]}" for text in texts if text.rstrip().endswith("?")), "")


def sample(kind: str, organisation: Organisation | None, user: User, language: str) -> dict[str, Any]:
    """Return made-up values for the preview in the settings."""
    contact = Contact(display_name="Maya Okafor", given_name="Maya", created_at=date(2023, 3, 1))
    label = _("Wedding") if kind == Greeting.Kind.ANNIVERSARY else ""
    coming = Coming(contact, date(2026, 2, 9), kind, label, 3 if kind == Greeting.Kind.WITH_US else 40)
    with override(language):
        day = date_format(coming.day, "j F")
    return {
        "personal": _("How is Biscuit’s leg?"),
        "salutation": "",
        "first_name": "Maya",
        "name": contact.display_name,
        "years": coming.years,
        "occasion": coming.label,
        "day": day,
        "person": organisation.person_word if organisation else "",
        "business": organisation.name if organisation else "",
        "sender": user.first_name,
        "sender_full_name": user.name,
    }


def find_coming(contact: Contact, key: str, today: date) -> Coming | None:
    """Return the day that `key` stands for ("date-5", "with-12") on the page of `contact`, or None."""
    sort, _dash, pk = key.partition("-")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    if sort == "with":
        return years_with_us(contact, today) if int(pk) == contact.pk else None
    row = ImportantDate.objects.filter(contact=contact, pk=int(pk)).select_related("contact").first()
    return coming_of(row, today) if row and sort == "date" else None
