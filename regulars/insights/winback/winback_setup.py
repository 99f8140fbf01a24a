"""What warnings and win-back add to the floors below: a module, a place, warnings, Brief, panels, conditions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.actions.merging import Move, follow
from regulars.contacts.brief import parts
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Company, Contact
from regulars.contacts.moments import on_presence
from regulars.insights.churn.broken import BrokenPromise
from regulars.insights.churn.habits import FewerVisits, Silence, SmallerBaskets
from regulars.insights.churn.warnings import register_warning
from regulars.insights.tables.risk import AtRisk, RiskWord
from regulars.insights.tables.winback import Attempt, Why
from regulars.insights.winback import winback_brief, winback_conditions
from regulars.lib import modules, navigation, palette, panels
from regulars.timeline import kinds
from regulars.timeline.models import Entry

MODULE = "winback"
ICON = "undo-2"


def register() -> None:
    """Make win-back known; called in `apps.ready()`."""
    from regulars.insights.winback import winback_jobs  # noqa: F401  (its schedule)

    for warning in (Silence(), BrokenPromise(), FewerVisits(), SmallerBaskets()):
        register_warning(warning)
    winback_conditions.register()
    _places()
    kinds.register(
        kinds.EntryKind("winback", _("Win-back"), ICON, by_hand=False, template="insights/winback_entry.html")
    )
    parts.register_who(winback_brief.whether_they_stay, order=20, module=MODULE)
    parts.register_step(winback_brief.win_back_step, order=35, module=MODULE)
    for host in ("contact", "company"):
        panels.register(
            panels.Panel(
                f"{host}-aside", _("Staying or leaving"), f"{host}-winback", permission="view", order=42, module=MODULE
            )
        )
    for model, name in ((Contact, "contact"), (Company, "company")):
        follow(model, Move(Attempt, name), Move(Why, name), Move(RiskWord, name))
    on_presence(line_gone)
    on_erase(forget)
    also_export("win_back", everything_of)


def _places() -> None:
    modules.register(
        modules.Module(
            MODULE,
            _("Win-back"),
            _("Who is slipping away and why, what was tried, and what it brought back."),
            ICON,
            order=62,
        )
    )
    navigation.register(navigation.NavItem(_("Win back"), "winback", ICON, order=48, module=MODULE, key="w"))
    navigation.register(
        navigation.NavItem(
            _("Words for winning back"), "winback-words", ICON, order=38, module=MODULE, where="settings",
            permission="shape",
        )
    )  # fmt: skip
    palette.register(
        palette.Command("winback", _("Lost and slipping"), ICON, "winback", module=MODULE, order=32,
                        also=_("churn risk win back lost customers silent"))
    )  # fmt: skip


def line_gone(entry: Entry, present: bool) -> None:
    """An attempt whose line was taken off the timeline does not count; put back, it does."""
    rows = Attempt.objects.filter(entry=entry)
    if present:
        rows.update(withdrawn_at=None)
    elif entry.removed_at:
        rows.filter(withdrawn_at=None).update(withdrawn_at=entry.removed_at)


def forget(traces: Traces) -> None:
    """Erase what is known of a person's leaving."""
    for model in (AtRisk, RiskWord, Attempt, Why):
        model.objects.filter(contact_id=traces.contact_id).delete()


def everything_of(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What was tried, asked and said, for the file that a person can take with them."""
    tried = Attempt.objects.of(contact).order_by("tried_at").values("play", "text", "tried_at", "outcome", "back_on")
    said = Why.objects.of(contact).order_by("asked_at").values("asked_at", "answered_at", "words", "cause")
    words = RiskWord.objects.of(contact).order_by("said_at").values("said", "note", "until", "said_at")
    return [*tried, *said, *words]
