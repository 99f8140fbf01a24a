"""Lost and slipping: the customers that an address describes, the most valuable first, with their reasons."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.contacts.timeline import holder_key
from regulars.insights.besttime.hints import hints_for
from regulars.insights.churn.warnings import all_warnings
from regulars.insights.churn.words import reasons_of
from regulars.insights.tables.risk import AtRisk
from regulars.insights.tables.standing import Tier
from regulars.insights.tables.winback import Attempt, Play
from regulars.lib.addresses import query_with
from regulars.lib.keyset import Page, by, read_page
from regulars.lib.money import money_text
from regulars.lib.text import number_in

SIZE = 30
STATES: dict[str, str | LazyText] = {
    "": gettext_lazy("Lost and slipping"),
    "slipping": gettext_lazy("Slipping"),
    "lost": gettext_lazy("Lost"),
}
TRIED: dict[str, str | LazyText] = {
    "": gettext_lazy("Tried or not"),
    "no": gettext_lazy("Not tried yet"),
    **{play.value: play.label for play in Play},
}
TIERS: dict[str, str | LazyText] = {
    "": gettext_lazy("Any tier"),
    "gold": gettext_lazy("Gold"),
    "silver": gettext_lazy("Silver"),
}


@dataclass(frozen=True)
class RiskRow:
    """Somebody as a line shows them: reasons strongest first, and what was tried last."""

    spell: AtRisk
    worth: str
    reasons: list[tuple[str, str]]
    attempt: Attempt | None = None
    hint: str = ""

    @property
    def holder(self) -> Contact | Company:
        """Who it is."""
        return self.spell.holder

    @property
    def key(self) -> str:
        """ "contact-5"."""
        return holder_key(self.holder)

    @property
    def sentence(self) -> str:
        """The reasons in one line."""
        return " · ".join(text for text, _url in self.reasons[:2])

    @property
    def tone(self) -> str:
        """The tone of the badge of their tier."""
        return "gold" if self.spell.tier == Tier.GOLD else "secondary"

    @property
    def tier(self) -> str:
        """Gold or silver, or ""."""
        return str(self.spell.get_tier_display()) if self.spell.tier != Tier.NONE else ""


@dataclass
class WinbackList:
    """The open spells that an address describes. Reading it never fails: what makes no sense is left out.

    | parameter | means |
    |---|---|
    | state | slipping, lost |
    | reason | the key of a warning: the strongest one |
    | tier | gold, silver |
    | who | "me", or the id of the point of contact |
    | tried | "no", or a play |
    """

    data: QueryDict
    user: User
    chosen: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        known = {"state": STATES, "tier": TIERS, "tried": TRIED, "reason": self.reasons}
        given = {name: self.data.get(name, "") for name in known}
        self.chosen = {name: value if value in known[name] else "" for name, value in given.items()}

    @cached_property
    def reasons(self) -> dict[str, str | LazyText]:
        """What the filter by reason offers."""
        return {"": _("Any reason"), **{warning.key: warning.label for warning in all_warnings()}}

    @property
    def owner_id(self) -> int | None:
        """Whose people; None for everybody's."""
        who = self.data.get("who", "")
        if who == "me":
            return self.user.pk
        return number_in(who)

    @property
    def spells(self) -> "QuerySet[Any]":
        """Everything that matches, in no order."""
        found: QuerySet[Any] = AtRisk.objects.open().visible_to(self.user)
        for name in ("state", "tier", "reason"):
            if self.chosen[name]:
                found = found.filter(**{name: self.chosen[name]})
        if self.owner_id is not None:
            found = found.filter(Q(contact__owner=self.owner_id) | Q(company__owner=self.owner_id))
        return self._by_attempt(found)

    def _by_attempt(self, found: "QuerySet[Any]") -> "QuerySet[Any]":
        tried = self.chosen["tried"]
        if not tried:
            return found
        made = Attempt.objects.present().filter(tried_on__gte=OuterRef("since"))
        made = made.filter(play=tried) if tried != "no" else made
        person, company = (
            Exists(made.filter(contact=OuterRef("contact"))),
            Exists(made.filter(company=OuterRef("company"))),
        )
        return found.filter(~person & ~company) if tried == "no" else found.filter(person | company)

    def page(self) -> Page:
        """The ids of one page and its neighbours."""
        sections = by("worth", descending=True)
        return read_page(self.spells, sections, self.data.get("after", "")[:2000], SIZE)

    def rows(self, ids: list[int], currency: str) -> list[RiskRow]:
        """The lines of a page in its order. Four queries."""
        found = AtRisk.objects.filter(pk__in=ids).for_list().in_bulk()
        return rows_for([found[pk] for pk in ids if pk in found], currency, hints=True)

    def address(self, **changes: str) -> str:
        """The query of this list with other parameters; the position is dropped."""
        return query_with(self.data, "after", **changes)

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows it."""
        return any(self.chosen.values()) or self.owner_id is not None


def rows_for(spells: list[AtRisk], currency: str, *, hints: bool = False) -> list[RiskRow]:
    """Return spells (loaded with `for_list`) as lines. One query for what was tried; with `hints` two for how to reach
    them."""
    people = {spell.contact_id for spell in spells} - {None}
    companies = {spell.company_id for spell in spells} - {None}
    tried = Attempt.objects.present().filter(Q(contact__in=people) | Q(company__in=companies))
    last: dict[tuple[int | None, int | None], Attempt] = {}
    for one in tried.select_related("by").order_by("tried_at", "pk") if spells else ():
        last[one.contact_id, one.company_id] = one
    today, lines = timezone.localdate(), []
    ways = hints_for([spell.contact for spell in spells if spell.contact]) if hints else {}
    for spell in spells:
        attempt = last.get((spell.contact_id, spell.company_id))
        recent = attempt if attempt and attempt.tried_on >= spell.since else None
        worth = money_text(spell.worth, currency, whole=True)
        lines.append(RiskRow(spell, worth, reasons_of(spell, today), recent, ways.get(spell.contact_id or 0, "")))
    return lines
