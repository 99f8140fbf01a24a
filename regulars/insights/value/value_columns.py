"""Columns of the lists of people and companies: tier, value and rank."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from regulars.contacts.filters.base import COMPANY, CONTACT, Scope
from regulars.contacts.lists.columns import Column, Holder, register_column
from regulars.insights.tables.standing import Standing, Tier
from regulars.insights.value.known import newest_run
from regulars.insights.value.words import amount
from regulars.lib.templatetags.regulars import badge

READ = [f"standing__{name}" for name in ("tier", "value", "rank")]


def _standing(row: Holder) -> Standing | None:
    found: Standing | None = row._state.fields_cache.get("standing")
    return found


class TierColumn(Column):
    """Gold or silver."""

    joins = ("standing",)

    def text(self, row: Holder, scope: Scope) -> str:
        """The tier's name; nothing for those in none."""
        standing = _standing(row)
        return str(standing.get_tier_display()) if standing and standing.is_top else ""

    def cell(self, row: Holder, scope: Scope) -> str:
        """A badge."""
        standing, text = _standing(row), self.text(row, scope)
        if not standing or not text:
            return ""
        return badge(text, "gold" if standing.tier == Tier.GOLD else "secondary", icon="star")


class WorthColumn(Column):
    """What tiers are measured by."""

    joins = ("standing",)
    classes: ClassVar[str] = "num whitespace-nowrap"

    def prepare(self, rows: Sequence[Holder], scope: Scope) -> None:
        """Load what the values mean. One prepared read."""
        scope.known["tier-run"] = newest_run(scope.host)

    def text(self, row: Holder, scope: Scope) -> str:
        """ "€6,240"."""
        standing, run = _standing(row), scope.known.get("tier-run")
        if standing is None or run is None or not standing.value:
            return ""
        return amount(standing.value, run.measure, scope.organisation.currency if scope.organisation else "")


class RankColumn(Column):
    """The place among all."""

    joins = ("standing",)
    classes: ClassVar[str] = "num"

    def text(self, row: Holder, scope: Scope) -> str:
        """ "14"."""
        standing = _standing(row)
        return str(standing.rank or "") if standing else ""


def register() -> None:
    """Make them known; called by `value_setup`."""
    for host in (CONTACT, COMPANY):
        register_column(host, TierColumn("tier", _("Tier"), only=READ), "insights")
        register_column(host, WorthColumn("worth", _("Value"), only=READ), "insights")
        register_column(host, RankColumn("rank", _("Rank by value"), only=READ), "insights")
