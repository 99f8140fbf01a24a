"""When and how somebody is best reached, in words: what they said first, then what was seen, with its number."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.contacts.models import Consent, Profile
from regulars.insights.besttime.job import ENOUGH, REACH
from regulars.insights.predicting.words import percent
from regulars.insights.tables.besttime import BestTime, Pattern, Way
from regulars.insights.value.words import number

WEEKDAYS = (
    gettext_lazy("Mondays"), gettext_lazy("Tuesdays"), gettext_lazy("Wednesdays"), gettext_lazy("Thursdays"),
    gettext_lazy("Fridays"), gettext_lazy("Saturdays"), gettext_lazy("Sundays"),
)  # fmt: skip
PARTS: dict[tuple[int, int], LazyText | str] = {
    (0, 1): gettext_lazy("in the morning"),
    (1, 1): gettext_lazy("in the afternoon"),
    (2, 1): gettext_lazy("in the evening"),
    (3, 1): gettext_lazy("at night"),
    (0, 2): gettext_lazy("during the day"),
    (1, 2): gettext_lazy("in the afternoon or evening"),
    (0, 4): gettext_lazy("at any hour"),
}
BY: dict[str, LazyText | str] = {
    Way.PHONE: gettext_lazy("by phone"),
    Way.MESSAGE: gettext_lazy("by message"),
    Way.EMAIL: gettext_lazy("by email"),
    Way.PERSON: gettext_lazy("in person"),
    Way.WEB: gettext_lazy("in the web shop"),
}
STATED = {"phone": "phone", "email": "email", "sms": "message", "whatsapp": "message", "telegram": "message",
          "in_person": "person"}  # fmt: skip
CHANNELS = {Way.PHONE: {"phone"}, Way.EMAIL: {"email"}, Way.MESSAGE: {"sms", "whatsapp"}}


def window_words(day: int, days: int, part: int, parts: int) -> str:
    """ "Tuesdays to Thursdays in the morning"; goes on with a sentence."""
    at = str(PARTS.get((part, parts), ""))
    first, last = str(WEEKDAYS[day]), str(WEEKDAYS[(day + days - 1) % 7])
    if days == 7:
        return _("any day %(part)s") % {"part": at}
    if days == 1:
        return _("%(day)s %(part)s") % {"day": first, "part": at}
    said = {"first": first, "last": last, "part": at}
    if days == 2:
        return _("%(first)s and %(last)s %(part)s") % said
    return _("%(first)s to %(last)s %(part)s") % said


def time_of(best: BestTime | None) -> str:
    """Their best time; "" where none stands out."""
    if best is None or best.day is None or best.days is None or best.part is None or best.parts is None:
        return ""
    return window_words(best.day, best.days, best.part, best.parts)


def answers(count: int) -> str:
    """ "14 answers"."""
    return ngettext("%(count)s answer", "%(count)s answers", count) % {"count": number(count)}


def refused_ways(consents: Iterable[Consent]) -> set[str]:
    """The ways that they refused: all channels of a way of which they said anything, by the newest word on each."""
    said = {consent.channel: consent.is_given for consent in consents}
    known = {way: [said[channel] for channel in channels if channel in said] for way, channels in CHANNELS.items()}
    return {way.value for way, given in known.items() if given and not any(given)}


def way_to_try(best: BestTime | None, stated: str, refused: set[str]) -> str:
    """The way of phone, message and email to try: what they asked for, else what they answer; never a refused one."""
    if stated and STATED.get(stated, "") not in refused:
        wanted = STATED.get(stated, "")
        return wanted if wanted in REACH else ""
    if best is None or best.reach not in refused:
        return best.reach if best else ""
    allowed = {way.value: best.ways.get(way.value, 0) for way in REACH if way.value not in refused}
    most = max(allowed, key=lambda way: allowed[way], default="")
    return most if allowed.get(most) else ""


def hint(best: BestTime | None, profile: Profile | None, refused: set[str]) -> str:
    """A short line for whoever wants to get in touch: "Try by phone, Tuesdays in the morning"; "" without any."""
    stated = profile.preferred_channel if profile else ""
    way = way_to_try(best, stated, refused)
    when = (profile.preferred_time.strip() if profile else "") or time_of(best)
    said = {"way": str(BY[way]) if way else "", "time": when}
    if way and when:
        return _("Try %(way)s, %(time)s") % said
    if way:
        return _("Try %(way)s") % said
    return _("Best time: %(time)s") % said if when else ""


@dataclass(frozen=True)
class Line:
    """One thing that is known, and what it rests on."""

    text: str
    detail: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Advice:
    """What the panel shows: what they said, then what was seen."""

    lines: tuple[Line, ...] = ()


def advice(best: BestTime | None, pattern: Pattern | None, profile: Profile, consents: list[Consent]) -> Advice:
    """Say when and how to reach somebody. What they asked for or refused always goes first."""
    refused = refused_ways(consents)
    lines = [*_stated(profile), *_refused(consents)]
    if pattern is not None and pattern.time_alpha:
        if not profile.preferred_time.strip():
            lines.append(_time(best, pattern))
        lines += _way(best, profile, refused)
    return Advice(tuple(lines))


def _stated(profile: Profile) -> list[Line]:
    channel = profile.get_preferred_channel_display() if profile.preferred_channel else ""
    said = ", ".join(part for part in (channel, profile.preferred_time.strip()) if part)
    note = _("What they asked for counts, whatever we have seen.")
    return [Line(_("Asked for: %(what)s.") % {"what": said}, note)] if said else []


def _refused(consents: list[Consent]) -> list[Line]:
    channels = [str(consent.get_channel_display()) for consent in consents if not consent.is_given]
    return [Line(_("Refused: %(what)s.") % {"what": ", ".join(channels)}, tone="risk")] if channels else []


def _time(best: BestTime | None, pattern: Pattern) -> Line:
    count = best.moments if best else 0
    everybody = (
        window_words(**{name: pattern.best[name] for name in ("day", "days", "part", "parts")})
        if (pattern.best)
        else ""
    )
    others = _("Most others answer %(time)s.") % {"time": everybody} if everybody else ""
    if best is None or count < ENOUGH:
        few = {"count": number(count), "wanted": ENOUGH}
        return Line(_("Best time: too few to say, %(count)s of %(wanted)s answers.") % few, others)
    if best.share is None:
        text = _("Best time: none stands out in %(answers)s.") % {"answers": answers(count)}
        return Line(text, others)
    text = _("Best time: %(time)s, from %(answers)s.") % {"time": time_of(best), "answers": answers(count)}
    return Line(text, _rests_on(best, pattern))


def _rests_on(best: BestTime, pattern: Pattern) -> str:
    """How sure that is, and how much of it is everybody's."""
    said = {
        "share": percent(best.share or 0), "low": percent(best.low or 0), "high": percent(best.high or 0),
        "weight": number(round(pattern.weight)),
    }  # fmt: skip
    sure = _("About %(share)s of their answers fall into it, %(low)s to %(high)s in 80 of 100 cases.") % said
    drawn = _("Everybody’s pattern counts like %(weight)s answers beside theirs.") % said
    own = _("Hours are those where they live.") if best.is_own_zone else ""
    return " ".join(part for part in (sure, drawn, own) if part)


def _way(best: BestTime | None, profile: Profile, refused: set[str]) -> list[Line]:
    """How they answer, unless they said how they want it."""
    if profile.preferred_channel or best is None or best.way_moments < ENOUGH:
        return []
    instead = way_to_try(best, "", refused)
    if best.way and best.way not in refused:
        said = {"way": BY[best.way], "count": number(best.ways.get(best.way, 0)), "of": answers(best.way_moments)}
        ends = {"share": percent(best.way_share or 0), "low": percent(best.way_low or 0),
                "high": percent(best.way_high or 0)}  # fmt: skip
        detail = _("%(share)s, drawn towards the others; %(low)s to %(high)s in 80 of 100 cases.") % ends
        return [Line(_("Mostly %(way)s: %(count)s of %(of)s.") % said, detail), *_also(best.way, instead)]
    if best.way and instead:
        said = {"way": BY[best.way], "instead": BY[instead]}
        return [Line(_("Used to answer %(way)s, but refused it: try %(instead)s.") % said)]
    return _also("", instead)


def _also(way: str, instead: str) -> list[Line]:
    return [Line(_("To write or call: %(way)s first.") % {"way": BY[instead]})] if instead and instead != way else []
