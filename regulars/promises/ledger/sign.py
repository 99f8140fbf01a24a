"""`!` in the capture box: "! send the quote by friday @rui" becomes a promise when the moment is saved."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.capture.due_dates import Due, end_of, find_due
from regulars.contacts.capture.signs import Ask, Chip, Found, Hearing, Hung, Sign
from regulars.contacts.models import Company, Contact
from regulars.lib.text import fold
from regulars.promises.actions.promises import give_promise
from regulars.promises.ledger.rates import load_on, rate_at_load
from regulars.promises.ledger.words import say_day, say_when
from regulars.timeline.models import Entry

BUSY = 3  # promises on one day that are worth a word
AT_MOST = 10  # promises in one line

_START = re.compile(r"(?:^|(?<=\s))![ \t]*(?=[\w“\"'’@])")
_END = re.compile(r"\s\?[ \t]*(?=[\w“\"'’])|\n")
_EDGES = " \t,;:.–—"


@dataclass(frozen=True)
class Draft:
    """A promise as it was typed. `owner` is the id and name of who answers, or None for who types."""

    what: str
    due_at: datetime | None = None
    due_on: date | None = None
    has_time: bool = False
    problem: str = ""
    owner: tuple[int, str] | None = None
    due_key: str = ""
    owner_key: str = ""


class PromiseSign(Sign):
    """See the module."""

    name = "promise"
    module = "promises"
    kind = "promise"
    button = gettext_lazy("Promise")
    sign = "!"

    def find(self, text: str, hearing: Hearing) -> Iterable[Found]:
        """From a "!" before words to the next one, a question or the line's end, without tags at its end."""
        starts = list(_START.finditer(text))[:AT_MOST]
        for match, following in zip_longest(starts, starts[1:]):
            end = following.start() if following else len(text)
            if stop := _END.search(text, match.end(), end):
                end = stop.start()
            end = _without_tags(text, match.end(), end, hearing.others)
            draft, covers = _draft(text, match.end(), end, hearing)
            if draft.what:
                yield Found(self.name, match.start(), end, draft.what, draft, covers)

    def chips(self, found: Found) -> list[Chip]:
        """What, by when, and who answers."""
        draft: Draft = found.value
        chips = [Chip("handshake", draft.what, found.key, "accent")]
        if draft.due_on is None or draft.problem:
            chips.append(Chip("calendar-clock", problem_of(draft) or _("no day yet"), draft.due_key, "risk"))
        else:
            answered = draft.due_key.startswith("answer:")
            value = f"{self.name}:{draft.due_on.isoformat()}" if answered else ""
            label = _("by %(day)s") % {"day": say_when(draft.due_on, draft.due_at if draft.has_time else None)}
            chips.append(Chip("calendar-clock", label, draft.due_key, "", "answer" if answered else "", value))
        if draft.owner:
            chips.append(Chip("at-sign", _("%(name)s answers") % {"name": draft.owner[1]}, draft.owner_key))
        return chips

    def ask(self, found: Found) -> Ask | None:
        """By when, as long as no day was said that can be."""
        draft: Draft = found.value
        if draft.due_on is not None and not draft.problem:
            return None
        today = timezone.localdate()
        days = list(dict.fromkeys([today, today + timedelta(days=1), _friday(today), today + timedelta(days=7)]))
        question = _("By when? %(what)s") % {"what": draft.what}
        return Ask(question, [(day.isoformat(), say_day(day)) for day in days])

    def note(self, found: Found, by: User) -> str:
        """The realism check: what the colleague has on that day already, and how that usually goes."""
        draft: Draft = found.value
        if draft.due_on is None or draft.problem:
            return ""
        owner = by if draft.owner is None or draft.owner[0] == by.pk else User.objects.get(pk=draft.owner[0])
        return realism(owner, draft.due_on, is_own=owner.pk == by.pk)

    def alone(self, found: Sequence[Found]) -> str:
        """ "Send the quote (by Friday 27 November)"."""
        return "\n".join(_said(item.value) for item in found)

    def save(self, found: Found, entry: Entry, holders: Sequence[Holder], by: User) -> Hung | None:
        """Give the promise to the first person, else to the first company. Raises ValueError when it can't be given."""
        draft: Draft = found.value
        if draft.due_at is None or draft.due_on is None or draft.problem:
            raise ValueError(_("By when? %(what)s") % {"what": draft.what})
        owner = User.objects.get(pk=draft.owner[0]) if draft.owner else by
        promise = give_promise(
            draft.what, due_at=draft.due_at, due_on=draft.due_on, has_time=draft.has_time,
            owner=owner, by=by, entry=entry,
            contact=next((holder for holder in holders if isinstance(holder, Contact)), None),
            company=next((holder for holder in holders if isinstance(holder, Company)), None),
        )  # fmt: skip
        return Hung(_("promised: %(what)s") % {"what": _said(draft)}, promise.get_absolute_url())


def realism(owner: User, day: date, *, is_own: bool) -> str:
    """ "Inês has 6 promises due Friday; 71 % of promises on such days were kept", or "" on a quiet day. Two queries."""
    load = load_on(owner, day)
    if load < BUSY:
        return ""
    values = {"name": owner.first_name, "count": load, "day": say_day(day)}
    said = (
        _("You have %(count)d promises due %(day)s.") if is_own else _("%(name)s has %(count)d promises due %(day)s.")
    )
    rate = rate_at_load(owner, load)
    if not rate.is_enough:
        return said % values
    then = _("On such days %(percent)d %% were kept.") % {"percent": rate.percent}
    return f"{said % values} {then}"


def problem_of(draft: Draft) -> str:
    """What is wrong with the day that was said, or ""."""
    if not draft.problem or draft.due_on is None:
        return ""
    if draft.problem == "missing":
        return _("there is no such day")
    return _("%(day)s has passed") % {"day": say_when(draft.due_on, draft.due_at if draft.has_time else None)}


def _said(draft: Draft) -> str:
    day = say_when(draft.due_on, draft.due_at if draft.has_time else None) if draft.due_on else ""
    return _("%(what)s (by %(day)s)") % {"what": draft.what, "day": day}


def _friday(today: date) -> date:
    """The Friday of this week, or of the next one when that is tomorrow or earlier."""
    return today + timedelta(days=(4 - today.weekday()) % 7 or 7)


def _without_tags(text: str, start: int, end: int, others: Sequence[Found]) -> int:
    ends = {item.end: item.start for item in others if item.what == "tag"}
    end = start + len(text[start:end].rstrip())
    while end in ends and ends[end] > start:
        end = start + len(text[start : ends[end]].rstrip())
    return end


def _draft(text: str, start: int, end: int, hearing: Hearing) -> tuple[Draft, tuple[tuple[int, int], ...]]:
    """Read one promise: the first colleague named answers for it, its day is cut out of it."""
    inside = [item for item in hearing.others if item.what == "mention" and start <= item.start < end]
    owner = inside[0] if inside else None
    line = text[start:end]
    for item in inside:
        line = line[: item.start - start] + " " * (item.end - item.start) + line[item.end - start :]
    due = find_due(line, hearing.now_there, hearing.languages, hearing.day_first)
    key = f"promise-day:{fold(line[due.start : due.end])[:80]}" if due else ""
    if due and key in hearing.ignored:
        due = None
    what = line if due is None or due.stays else f"{line[: due.start]} {line[due.end :]}"
    draft = Draft(
        _begun(" ".join(what.split()).strip(_EDGES)[:500]),
        owner=(owner.value, owner.said) if owner else None,
        owner_key=owner.key if owner else "",
        **_due_values(due, key, hearing),
    )
    covers = tuple((item.start, item.end) for item in inside)
    if due:
        covers += ((start + due.start, start + due.end),)
    return draft, covers


def _begun(text: str) -> str:
    """The text with a capital at its start, unless its first word has one inside ("iPhone")."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first == first.lower() else text


def _due_values(due: Due | None, key: str, hearing: Hearing) -> dict[str, Any]:
    """The due columns of a draft: what was said, else what was answered to "By when?"."""
    if due is not None and not due.problem:
        return {"due_at": due.due_at, "due_on": due.due_at.date(), "has_time": due.has_time, "due_key": key}
    answer = _day(hearing.answers.get("promise", ""))
    if answer is not None and answer >= hearing.now_there.date():
        return {"due_at": end_of(answer, hearing.now_there.tzinfo), "due_on": answer, "due_key": "answer:promise"}
    if due is not None:
        values = {"due_at": due.due_at, "due_on": due.due_at.date(), "has_time": due.has_time}
        return {**values, "problem": due.problem, "due_key": key}
    return {"due_key": "answer:promise"}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
