"""The occasions that promises find by themselves: somebody was brought, years with us, kind words, help."""

from datetime import date, datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import Organisation
from regulars.contacts.models import Contact, Involvement, Referral
from regulars.promises.models import Occasion, Thanks, ThanksSettings
from regulars.promises.thanks.occasions import (
    FRESH,
    MODULE,
    Found,
    OccasionRule,
    in_its_words,
    is_on,
    quoted_words,
    register_rule,
    remember,
    years_words,
)
from regulars.timeline.models import Entry

KIND_WORDS, HELP = "praise", "favour"  # kinds of entries
ROUND = 5  # years: every fifth is long loyalty
OLDEST = 60  # years
IN_TOUCH = timedelta(days=365)  # who was silent longer is not reminded of the day they came
LOOK_BACK = 5_000  # entries that the first run looks at


# Somebody was brought


def brought(position: str, limit: int) -> tuple[list[Found], str]:
    """People and companies who brought somebody, in the order in which that was noted."""
    start = int(position or 0)
    rows = list(Referral.objects.filter(pk__gt=start).order_by("pk")[:limit])
    return [found for row in rows if (found := _brought(row))], str(rows[-1].pk if rows else start)


def _brought(row: Referral) -> Found | None:
    if not (row.by_contact_id or row.by_company_id):
        return None
    return Found(
        f"{row.node}:{row.by_node}",
        _("brought somebody new"),
        row.brought_at,
        contact_id=row.by_contact_id,
        company_id=row.by_company_id,
        about_contact_id=row.contact_id,
        about_company_id=row.company_id,
    )


def brought_now(referral: Referral) -> None:
    """Remember at once that somebody was brought; whoever was said to have brought them before is owed nothing."""
    organisation = Organisation.current()
    if organisation is None or not organisation.has_module(MODULE) or not is_on(BROUGHT, ThanksSettings.current()):
        return
    with in_its_words(organisation):
        own = _brought(referral)
    earlier = Occasion.objects.filter(rule=BROUGHT.name, key__startswith=f"{BROUGHT.name}:{referral.node}:")
    keep = f"{BROUGHT.name}:{own.key}" if own else ""
    earlier.filter(status=Occasion.Status.OPEN).exclude(key=keep).delete()
    if own:
        remember(BROUGHT, [own])


# Years with us


def years(position: str, limit: int) -> tuple[list[Found], str]:
    """People whose day it is, except in the years of long loyalty."""
    return _anniversaries(position, limit, loyal=False)


def loyal_years(position: str, limit: int) -> tuple[list[Found], str]:
    """People whose fifth, tenth, fifteenth… year it is."""
    return _anniversaries(position, limit, loyal=True)


def _anniversaries(position: str, limit: int, *, loyal: bool) -> tuple[list[Found], str]:
    """Look at one day and one number of years at a time. The position is "2026-11-20|3|812": day, years, last id."""
    today = timezone.localdate()
    day, number, last = _read(position, today)
    first = Contact.objects.aggregate(first=Min("created_at"))["first"]
    most = min(today.year - first.year, OLDEST) if first else 0
    while day <= today:
        if number <= most and (number % ROUND == 0) == loyal:
            rows = list(_came_on(day, number).filter(pk__gt=last).order_by("pk")[:limit])
            if rows:
                return [_anniversary(pk, day, number) for pk in rows], f"{day.isoformat()}|{number}|{rows[-1]}"
        number, last = number + 1, 0
        if number > most:
            day, number = day + timedelta(days=1), 1
    return [], f"{day.isoformat()}|1|0"


def _read(position: str, today: date) -> tuple[date, int, int]:
    try:
        day, number, last = position.split("|")
        return max(date.fromisoformat(day), today - FRESH), int(number), int(last)
    except ValueError:
        return today - timedelta(days=7), 1, 0


def _came_on(day: date, number: int):  # type: ignore[no-untyped-def]
    begin, end = _earlier(day, number), _earlier(day + timedelta(days=1), number)
    in_touch = timezone.now() - IN_TOUCH
    rows = Contact.objects.filter(created_at__gte=begin, created_at__lt=end, last_contact_at__gte=in_touch)
    return rows.filter(binned_at=None, erased_at=None).values_list("pk", flat=True)


def _earlier(day: date, number: int) -> datetime:
    """The beginning of the same day `number` years ago; 29 February counts as 1 March where there is none."""
    try:
        found = day.replace(year=day.year - number)
    except ValueError:
        found = date(day.year - number, 3, 1)
    return datetime.combine(found, time(), timezone.get_current_timezone())


def _anniversary(pk: int, day: date, number: int) -> Found:
    at = datetime.combine(day, time(), timezone.get_current_timezone())
    return Found(f"{pk}:{number}", years_words(number), at, contact_id=pk)


# Kind words and help


def kind_words(position: str, limit: int) -> tuple[list[Found], str]:
    """People who said something kind, as somebody logged it."""
    return _entries(position, limit, KIND_WORDS, _("said something kind: %(text)s"))


def helped(position: str, limit: int) -> tuple[list[Found], str]:
    """People who helped us, as somebody logged it."""
    return _entries(position, limit, HELP, _("helped us: %(text)s"))


def _entries(position: str, limit: int, kind: str, pattern: str) -> tuple[list[Found], str]:
    start = int(position) if position else _beginning()
    rows = list(Entry.objects.filter(pk__gt=start).order_by("pk").values_list("pk", "kind")[: limit * 4])
    ids = [pk for pk, own in rows if own == kind]
    on = Involvement.objects.filter(entry__in=ids, is_implied=False, entry__removed_at=None).select_related("entry")
    found = [
        Found(
            f"{line.entry_id}:{line.contact_id or 0}:{line.company_id or 0}",
            quoted_words(pattern, line.entry.text),
            line.occurred_at,
            contact_id=line.contact_id,
            company_id=line.company_id,
            entry_id=line.entry_id,
        )
        for line in on
    ]
    return found, str(rows[-1][0] if rows else start)


def _beginning() -> int:
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return max(newest - LOOK_BACK, 0)


def entry_gone(entry: Entry, present: bool) -> None:
    """Let occasions go with the moment they stood in; when it comes back, so do they, if nobody settled them."""
    if entry.kind in (KIND_WORDS, HELP) and not present:
        Occasion.objects.filter(entry=entry, status=Occasion.Status.OPEN).delete()
        return
    if entry.kind in (KIND_WORDS, HELP):
        rule = KIND_RULE if entry.kind == KIND_WORDS else HELP_RULE
        assert rule.find is not None  # noqa: S101
        remember(rule, [one for one in rule.find(str(entry.pk - 1), 1)[0] if one.entry_id == entry.pk])


BROUGHT = OccasionRule(
    "brought",
    gettext_lazy("Brought somebody"),
    gettext_lazy("Somebody came through them."),
    Thanks.Reason.REFERRAL,
    find=brought,
    about=gettext_lazy("brought %(name)s"),
    order=10,
)
YEAR_RULE = OccasionRule(
    "year",
    gettext_lazy("Another year with us"),
    gettext_lazy("The day they came, each year, for those we were in touch with in the last twelve months."),
    Thanks.Reason.LOYALTY,
    find=years,
    order=20,
)
LOYAL_RULE = OccasionRule(
    "loyalty",
    gettext_lazy("Long loyalty"),
    gettext_lazy("Five, ten, fifteen years with us, and so on."),
    Thanks.Reason.LOYALTY,
    find=loyal_years,
    order=22,
)
KIND_RULE = OccasionRule(
    "kind_words",
    gettext_lazy("Kind words"),
    gettext_lazy("A moment was logged as kind words."),
    Thanks.Reason.KIND_WORDS,
    find=kind_words,
    order=30,
)
HELP_RULE = OccasionRule(
    "help",
    gettext_lazy("Important help"),
    gettext_lazy("A moment was logged as help they gave us."),
    Thanks.Reason.HELP,
    find=helped,
    order=32,
)


def register() -> None:
    """Make them known."""
    for rule in (BROUGHT, YEAR_RULE, LOYAL_RULE, KIND_RULE, HELP_RULE):
        register_rule(rule)
