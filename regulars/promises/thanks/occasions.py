"""Reasons to thank somebody, found by rules that every context can add to.

    register_rule(
        OccasionRule(
            "first_order", _("First order"), _("Somebody bought from us for the first time."),
            reason="other", find=first_orders,
        )
    )

`find(position, limit)` looks at the next `limit` things after `position` (its own word for how far it has looked, ""
at the start) and returns what it found with the new position; the same position says that there is nothing more for
now. It is called every few minutes, in short transactions, and may be called twice for the same things: the key of what
it finds makes it the same occasion. A context that knows at once calls `remember(rule, [Found(…)])` after its commit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, User
from regulars.contacts.brief.words import quoted
from regulars.contacts.models import Company, Contact
from regulars.promises.models import Occasion, OccasionSearch, Thanks, ThanksSettings

MODULE = "thanks"
FRESH = timedelta(days=90)  # what lies further back is no occasion any more
BATCH, BATCHES = 500, 20  # things looked at in one transaction; transactions of one rule in one run


@dataclass(frozen=True)
class Found:
    """One occasion: for whom, why, and when it came about.

    `key` tells it from all others of its rule. `why` goes on after a name ("has been with us for a year") and names
    nobody; `about_contact_id` or `about_company_id` is whom it is about besides.
    """

    key: str
    why: str
    occurred_at: datetime
    contact_id: int | None = None
    company_id: int | None = None
    about_contact_id: int | None = None
    about_company_id: int | None = None
    entry_id: int | None = None


Find = Callable[[str, int], tuple[Sequence[Found], str]]


@dataclass(frozen=True)
class OccasionRule:
    """One kind of occasion. `label` and `text` explain its switch, `reason` is what thanks for it are for.

    `about` says the occasion with the name of whom it is about: "brought %(name)s". One without `find` is only
    remembered when a context says so. One that is not `default_on` has to be switched on.
    """

    name: str
    label: str | Promise
    text: str | Promise
    reason: str = Thanks.Reason.OTHER
    find: Find | None = None
    about: str | Promise = ""
    default_on: bool = True
    order: int = 50


_rules: dict[str, OccasionRule] = {}


def register_rule(rule: OccasionRule) -> None:
    """Make `rule` known; called in `apps.ready()`. One with the same name replaces the first."""
    _rules[rule.name] = rule


def all_rules() -> list[OccasionRule]:
    """Return every rule, in order."""
    return sorted(_rules.values(), key=lambda rule: rule.order)


def rule_named(name: str) -> OccasionRule | None:
    """Return the rule called `name`, or None when its context is gone."""
    return _rules.get(name)


def is_on(rule: OccasionRule, settings: ThanksSettings) -> bool:
    """Whether the business wants to hear of it."""
    return bool(settings.rules.get(rule.name, rule.default_on))


# Finding


def search_all() -> int:
    """Let every rule that is switched on look further; returns how many occasions are new."""
    organisation = Organisation.current()
    if organisation is None or not organisation.has_module(MODULE):
        return 0
    settings = ThanksSettings.current()
    with in_its_words(organisation):
        return sum(search(rule) for rule in all_rules() if rule.find and is_on(rule, settings))


@contextmanager
def in_its_words(organisation: Organisation) -> Iterator[None]:
    """Find and say occasions in the language and by the clock of the business, whosever request it is."""
    with translation.override(organisation.language), timezone.override(ZoneInfo(organisation.time_zone)):
        yield


def search(rule: OccasionRule) -> int:
    """Look for occasions of `rule` from where it stopped, batch by batch; returns how many are new."""
    made = 0
    for _batch in range(BATCHES):
        with transaction.atomic():
            place, _new = OccasionSearch.objects.get_or_create(rule=rule.name)
            assert rule.find is not None  # noqa: S101  (the caller looked)
            found, position = rule.find(place.position, BATCH)
            made += remember(rule, found)
            OccasionSearch.objects.filter(pk=place.pk).update(position=position[:60], searched_at=timezone.now())
        if position == place.position:
            break
    return made


def remember(rule: OccasionRule, found: Iterable[Found]) -> int:
    """Keep occasions that are not known yet and not too long ago; returns how many that were.

    Those of somebody who was thanked lately wait until the business's time of rest is over.
    """
    now = timezone.now()
    fresh = [one for one in found if one.occurred_at >= now - FRESH]
    if not fresh:
        return 0
    known = set(Occasion.objects.filter(key__in=[_key(rule, one) for one in fresh]).values_list("key", flat=True))
    rest = timedelta(days=ThanksSettings.current().rest_days)
    thanked = _last_thanked(fresh, now - rest)
    rows = [
        Occasion(
            rule=rule.name,
            key=_key(rule, one),
            contact_id=one.contact_id,
            company_id=one.company_id,
            about_contact_id=one.about_contact_id,
            about_company_id=one.about_company_id,
            entry_id=one.entry_id,
            why=one.why[:300],
            occurred_at=one.occurred_at,
            found_at=now,
            not_before=max(now, thanked.get((one.contact_id, one.company_id), now - rest) + rest),
        )
        for one in {_key(rule, one): one for one in fresh if _key(rule, one) not in known}.values()
    ]
    Occasion.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _key(rule: OccasionRule, found: Found) -> str:
    return f"{rule.name}:{found.key}"[:120]


def _last_thanked(found: Sequence[Found], since: datetime) -> dict[tuple[int | None, int | None], datetime]:
    contacts = {one.contact_id for one in found if one.contact_id}
    companies = {one.company_id for one in found if one.company_id}
    rows = Thanks.objects.filter(Q(contact__in=contacts) | Q(company__in=companies), thanked_at__gte=since)
    last = rows.order_by().values_list("contact_id", "company_id").annotate(last=Max("thanked_at"))
    return {(contact, company): at for contact, company, at in last}


# Saying


def say(occasions: Iterable[Any], user: User) -> list[Any]:
    """Give each occasion the words that `user` may read as `words`: "brought Atelier 9", else its plain `why`.

    The occasions come from `for_list()`. One query for a user who does not see everything.
    """
    rows = list(occasions)
    teams: set[int] | None = None
    for row in rows:
        rule, about = rule_named(row.rule), row.about
        row.words = row.why
        if rule and rule.about and about is not None:
            if teams is None:
                teams = set() if user.sees_all else set(user.teams.values_list("pk", flat=True))
            if _may_know(about, user, teams):
                row.words = str(rule.about) % {"name": about.display_name}
    return rows


def _may_know(record: Contact | Company, user: User, teams: set[int]) -> bool:
    """The rule of `access.door.visibility_filter` for a record that is loaded already."""
    if record.binned_at or getattr(record, "erased_at", None):
        return False
    if user.sees_all or record.visibility == "everyone" or record.owner_id == user.pk:
        return True
    return record.visibility == "team" and record.team_id in teams


def years_words(years: int) -> str:
    """Return "has been with us for 3 years"."""
    from django.utils.translation import ngettext

    return ngettext("has been with us for %(years)d year", "has been with us for %(years)d years", years) % {
        "years": years
    }


def quoted_words(pattern: str, text: str) -> str:
    """Return `pattern` with the beginning of what was said."""
    said = " ".join(text.split())
    return pattern % {"text": quoted(said, 120)} if said else _("was kind to us")
