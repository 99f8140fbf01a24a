"""Gold and silver customers that an address asks for, best first."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.insights.tables.standing import Standing, Tier, TierRun
from regulars.insights.value.words import reason_of
from regulars.lib.addresses import query_with
from regulars.lib.keyset import Page, Section, read_page

SIZE = 30
SHOWN = {"": _("Gold and silver"), "gold": _("Gold"), "silver": _("Silver")}


@dataclass(frozen=True)
class ValueRow:
    """A customer as a line shows them."""

    standing: Standing
    reason: str

    @property
    def holder(self) -> Contact | Company:
        """Who it is."""
        return self.standing.holder

    @property
    def tone(self) -> str:
        """The tone of the badge."""
        return "gold" if self.standing.tier == Tier.GOLD else "secondary"


class ValueList:
    """The customers that an address describes: `kind` (contact, company), `tier` (a key of SHOWN)."""

    def __init__(self, data: QueryDict, user: User, run: TierRun | None) -> None:
        self.data, self.user, self.run = data, user, run
        self.tier = data.get("tier", "") if data.get("tier", "") in SHOWN else ""

    @property
    def rows_of(self) -> "QuerySet[Any]":
        """Everybody who may be shown, in no order."""
        kind = self.run.kind if self.run else "contact"
        found: QuerySet[Any] = Standing.objects.visible_to(self.user).filter(
            top_value__isnull=False, **{f"{kind}__isnull": False}
        )
        return found

    @property
    def sections(self) -> list[Section]:
        """Gold first, then silver, the best first."""
        tiers = [self.tier] if self.tier else [Tier.GOLD.value, Tier.SILVER.value]
        return [Section(F("top_value"), True, tier, Q(tier=tier)) for tier in tiers]

    def page(self) -> Page:
        """The ids of one page and its neighbours."""
        return read_page(self.rows_of, self.sections, self.data.get("after", "")[:2000], SIZE)

    def lines(self, ids: list[int], currency: str) -> list[ValueRow]:
        """The lines of a page in its order. One query."""
        found = Standing.objects.filter(pk__in=ids).for_list().in_bulk()
        run = self.run or TierRun()
        return [ValueRow(found[pk], reason_of(found[pk], run, currency)) for pk in ids if pk in found]

    def address(self, **changes: str) -> str:
        """The query of this list with other parameters; the position is dropped."""
        return query_with(self.data, "after", "format", **changes)
