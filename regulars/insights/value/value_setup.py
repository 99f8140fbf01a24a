"""What value and tiers add to the floors below: a module, a place, badges, columns, conditions, a line of timelines."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.actions.merging import Move, follow
from regulars.contacts.badges import register_badge
from regulars.contacts.brief import parts
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Company, Contact
from regulars.insights import tiers
from regulars.insights.tables.standing import Standing, TierChange
from regulars.insights.value import value_brief
from regulars.lib import modules, navigation, palette
from regulars.promises.ledger.important import register_important
from regulars.timeline import kinds

MODULE = "insights"
ICON = "gem"


def register() -> None:
    """Make value known; called in `apps.ready()`."""
    from regulars.insights.value import value_columns, value_conditions, value_jobs  # noqa: F401  (its schedule)

    tiers.register()
    value_conditions.register()
    value_columns.register()
    modules.register(
        modules.Module(
            MODULE,
            _("Insights"),
            _("Who your best customers are, who is slipping away, what will come, and what makes a difference."),
            "chart-line",
            order=60,
        )
    )
    navigation.register(navigation.NavItem(_("Value"), "value", ICON, order=46, module=MODULE, key="v"))
    navigation.register(
        navigation.NavItem(
            _("Tiers"), "tier-settings", ICON, order=16, module=MODULE, where="settings", permission="settings"
        )
    )
    palette.register(
        palette.Command("value", _("Best customers"), ICON, "value", module=MODULE, order=30,
                        also=_("gold silver tier value worth rank rfm concentration"))
    )  # fmt: skip
    kinds.register(kinds.EntryKind("tier", _("Tier"), ICON, by_hand=False, template="insights/tier_entry.html"))
    register_badge(value_brief.tier_badge, order=10, module=MODULE)
    parts.register_who(value_brief.who_they_are, order=10, module=MODULE)
    register_important(gold_customers)
    follow(Contact, Move(TierChange, "contact"))
    follow(Company, Move(TierChange, "company"))
    on_erase(forget)
    also_export("value", everything_of)


def gold_customers() -> Q:
    """Promises to gold customers, for the word to managers."""
    return Q(contact__standing__tier="gold") | Q(contact=None, company__standing__tier="gold")


def forget(traces: Traces) -> None:
    """Erase what is known of a person's value."""
    Standing.objects.filter(contact_id=traces.contact_id).delete()
    TierChange.objects.filter(contact_id=traces.contact_id).delete()


def everything_of(contact: Contact, by: User) -> list[dict[str, Any]]:
    """Where a person stands and stood, for the file that they can take with them."""
    now = Standing.objects.of(contact).values("tier", "tier_since", "value", "rank", "r", "f", "m", "segment")
    moved = TierChange.objects.of(contact).order_by("changed_on", "pk")
    return [*now, *moved.values("changed_on", "before", "after", "value", "rank", "of")]
