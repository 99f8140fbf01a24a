"""From what the capture box sends to a moment that can be logged: grammar, people, colleagues and clock together."""

import zoneinfo
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.actions.moments import Moment, log_moment
from regulars.contacts.capture.languages import spoken
from regulars.contacts.capture.line import Found, Reading, read
from regulars.contacts.capture.people import People, recognise
from regulars.contacts.capture.signs import Ask, Chip, sign_of, signs_on
from regulars.contacts.door import known_holder
from regulars.contacts.models import Company, Contact
from regulars.contacts.timeline import holder_key
from regulars.lib.text import fold, number_in, numbers_in
from regulars.timeline import kinds
from regulars.timeline.models import Entry

MONTH_FIRST = {"US"}  # countries that write 10/28


@dataclass(frozen=True)
class Captured:
    """What was understood. `holder` is whose page the box stands on; `chosen` were picked by hand."""

    typed: str
    reading: Reading
    people: People
    kind: str
    colleagues: dict[int, str]
    holder: Holder | None = None
    chosen: list[Holder] = field(default_factory=list)
    ignored: frozenset[str] = frozenset()
    answers: dict[str, str] = field(default_factory=dict)
    by: User | None = None

    @property
    def holders(self) -> list[Holder]:
        """Everyone it concerns, each once: the page's own first."""
        first = [self.holder] if self.holder else []
        return list(dict.fromkeys([*first, *self.chosen, *self.people.holders]))

    @property
    def named(self) -> list[tuple[Found, Holder]]:
        """People found in the text that are not there anyway."""
        known = {*self.chosen, self.holder}
        return [(found, holder) for found, holder in _each_once(self.people.sure) if holder not in known]

    @property
    def unsure(self) -> list[tuple[Found, list[Contact]]]:
        """Names that several people have, unless one of those is there already."""
        there = {word for holder in self.holders for word in fold(holder.display_name).split()}
        return [(found, people) for found, people in self.people.unsure if found.value not in there]

    @property
    def chips(self) -> list[Chip]:
        """Everything understood, people first."""
        chips = [_chosen_chip(holder) for holder in self.chosen]
        chips += [Chip(_icon(holder), holder.display_name, found.key, "accent") for found, holder in self.named]
        seen: set[str] = set()
        for found in self.reading.found:
            if found.key not in seen:
                seen.add(found.key)
                sign = sign_of(found)
                chips += sign.chips(found) if sign else [_chip(found)]
        return chips

    @property
    def notes(self) -> list[str]:
        """Quiet lines beside the chips."""
        said = [sign.note(found, self.by) for found in self.reading.signs if (sign := sign_of(found)) and self.by]
        return [note for note in dict.fromkeys(said) if note]

    @property
    def asks(self) -> list[tuple[str, Ask]]:
        """What has to be answered before it can be saved, by the name of the sign; one question for each."""
        pairs = [(found, sign_of(found)) for found in self.reading.signs]
        asked = {found.what: ask for found, sign in pairs if sign and (ask := sign.ask(found))}
        return list(asked.items())

    @property
    def asks_whom(self) -> bool:
        """Whether somebody has to say whom it is about."""
        return bool(self.typed.strip()) and not self.holders

    @property
    def text(self) -> str:
        """The text of the moment: what is kept of what was typed, or what its signs say."""
        sign = sign_of(self.reading.signs[0]) if self.reading.signs and not self.reading.text else None
        same = [found for found in self.reading.signs if sign and found.what == sign.name]
        return sign.alone(same) if sign else self.reading.text

    def moment(self) -> Moment:
        """The moment to log. Raises ValueError, with a sentence for the person, for no text, for nobody, and while
        there is a question."""
        if not self.text:
            raise ValueError(_("Say what happened."))
        if not self.holders:
            raise ValueError(_("Say whom this is about."))
        if self.asks:
            raise ValueError(self.asks[0][1].question)
        return Moment(
            text=self.text,
            kind=self.kind,
            occurred_at=self.reading.occurred_at,
            contacts=[holder for holder in self.holders if isinstance(holder, Contact)],
            companies=[holder for holder in self.holders if isinstance(holder, Company)],
            openers=self.reading.openers,
            mentions=list(User.objects.filter(pk__in=self.reading.mentions)) if self.reading.mentions else [],
            tags=self.reading.tags,
        )


def understand(data: QueryDict, user: User, organisation: Organisation) -> Captured:
    """Read what the box sent: `text`, `kind`, `on` (whose page), `contact`, `company` (picked), `not` (taken away)."""
    typed = data.get("text", "")
    ignored = frozenset([*data.getlist("not")[:50], *data.getlist("drop")[:1]])
    colleagues = dict(User.objects.active().values_list("pk", "name")) if "@" in typed else {}
    answers = _answers(data)
    reading = read(
        typed,
        timezone.localtime(),
        colleagues.items(),
        ignored=ignored,
        languages=spoken(organisation.language, organisation.country),
        day_first=organisation.country not in MONTH_FIRST,
        signs=signs_on(organisation.modules),
        answers=answers,
        zone=zoneinfo.ZoneInfo(organisation.time_zone),
    )
    return Captured(
        typed=typed,
        reading=reading,
        people=recognise(typed, reading, user, ignored) if typed.strip() else People(),
        kind=_kind(data.get("kind", "note"), reading),
        colleagues=colleagues,
        holder=holder_named(data.get("on", ""), user),
        chosen=_chosen(data, user),
        ignored=ignored,
        answers=answers,
        by=user,
    )


def _kind(chosen: str, reading: Reading) -> str:
    """The kind somebody chose; else what the text says, or the sign that is all of it."""
    if chosen != "note" and chosen in {known.name for known in kinds.by_hand()}:
        return chosen
    sign = sign_of(reading.signs[0]) if reading.signs else None
    alone = sign is not None and (not reading.text or sign.keeps_text)
    return reading.kind or (sign.kind if sign and alone else "") or "note"


def _answers(data: QueryDict) -> dict[str, str]:
    """What was answered to the questions of signs: "promise:2026-11-27" as {"promise": "2026-11-27"}."""
    pairs = [text[:200].partition(":") for text in data.getlist("answer")[:20]]
    return {name: answer for name, _colon, answer in pairs if f"answer:{name}" not in data.getlist("drop")}


@transaction.atomic
def log_captured(captured: Captured, *, by: User) -> Entry:
    """Log the moment and save what its signs found, all or nothing. Raises ValueError as `Captured.moment` does."""
    entry = log_moment(captured.moment(), by=by)
    hung = [
        saved
        for found in captured.reading.signs
        if (sign := sign_of(found)) and (saved := sign.save(found, entry, captured.holders, by))
    ]
    if hung:
        entry.snapshot |= {"hung": [asdict(item) for item in hung]}
        entry.save(update_fields=["snapshot"])
    return entry


def holder_named(key: str, user: User) -> Holder | None:
    """The holder that "contact-5" or "company-7" names, if `user` may know of it."""
    model, _dash, number = key.partition("-")
    pk = number_in(number)
    if model not in ("contact", "company") or pk is None:
        return None
    return known_holder(user, pk, is_person=model == "contact")


def _chosen(data: QueryDict, user: User) -> list[Holder]:
    contacts = _numbers([*data.getlist("contact"), *data.getlist("pick")])
    companies = _numbers(data.getlist("company"))
    found: list[Holder] = []
    if contacts:
        found += Contact.objects.visible_to(user).filter(pk__in=contacts)
    if companies:
        found += Company.objects.visible_to(user).filter(pk__in=companies)
    return [holder for holder in found if holder_key(holder) not in data.getlist("drop")]


def _chosen_chip(holder: Holder) -> Chip:
    name = "contact" if isinstance(holder, Contact) else "company"
    return Chip(_icon(holder), holder.display_name, holder_key(holder), "accent", name, holder.pk)


def _icon(holder: Holder) -> str:
    return "user-round" if isinstance(holder, Contact) else "building-2"


def _chip(found: Found) -> Chip:
    if found.what == "kind":
        kind = kinds.get(found.value)
        return Chip(kind.icon, str(kind.label), found.key)
    if found.what == "date":
        return Chip("calendar", _say(found.value), found.key)
    icons = {"opener": "message-circle-question", "mention": "at-sign", "tag": "hash"}
    return Chip(icons[found.what], found.said if found.what == "mention" else found.value, found.key)


def _say(moment: datetime) -> str:
    """ "Friday 20 November, 15:00": as told, without the year of today."""
    day = date_format(moment, _("l j F") if moment.year == timezone.localdate().year else _("l j F Y"))
    return f"{day}, {date_format(moment, 'H:i')}"


def _numbers(texts: Collection[str]) -> list[int]:
    return numbers_in(texts, 50)


def _each_once(pairs: Iterable[tuple[Found, Holder]]) -> Sequence[tuple[Found, Holder]]:
    return list({holder: (found, holder) for found, holder in pairs}.values())
