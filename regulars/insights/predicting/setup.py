"""What predictions add to the floors below: a panel, a sentence of the Brief, conditions, a warning, a command."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.brief import parts
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Contact
from regulars.insights.churn.warnings import register_warning
from regulars.insights.predicting import conditions, job
from regulars.insights.predicting.brief import whether_they_buy
from regulars.insights.predicting.warning import LessAlive
from regulars.insights.tables.prediction import Prediction
from regulars.lib import palette, panels

MODULE = "insights"
ICON = "telescope"


def register() -> None:
    """Make predictions known; called in `apps.ready()`."""
    job.register()
    conditions.register()
    register_warning(LessAlive())
    parts.register_who(whether_they_buy, order=15, module=MODULE)
    for host in ("contact", "company"):
        panels.register(
            panels.Panel(
                f"{host}-aside", _("What will come"), f"{host}-next", permission="view", order=41, module=MODULE
            )
        )
    palette.register(
        palette.Command("backtest", _("What we said, and what happened"), ICON, "backtest", module=MODULE, order=34,
                        also=_("backtest forecast prediction model calibration clv"))
    )  # fmt: skip
    on_erase(forget)
    also_export("prediction", everything_of)


def forget(traces: Traces) -> None:
    """Erase what is expected of a person."""
    Prediction.objects.filter(contact_id=traces.contact_id).delete()


def everything_of(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What is expected of a person, for the file that they can take with them."""
    names = ("p_alive", "expected", "low", "high", "p_buys", "next_from", "next_to", "clv", "clv_low", "clv_high")
    rows = Prediction.objects.of(contact).values("run__model", "run__as_of", *names)
    return list(rows)
