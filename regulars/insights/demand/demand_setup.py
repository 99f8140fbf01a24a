"""What demand and habits add to the floors below: pages, panels, lines of Worth and Brief, an operation, its nights."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.brief import parts
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Contact
from regulars.insights.demand import habit_conditions, habit_lines, running
from regulars.insights.tables import Habit
from regulars.lib import palette, panels
from regulars.orders import worth_lines
from regulars.orders.models import Product

MODULE, ICON = "insights", "package-search"


def register() -> None:
    """Make them known; called in `apps.ready()`."""
    running.register()
    habit_conditions.register()
    worth_lines.register(habit_lines.on_worth, module=MODULE)
    parts.register_who(habit_lines.typical_of_them, order=25, module=MODULE)
    parts.register_step(habit_lines.habit_steps, order=45, module=MODULE)
    title = _("The next four weeks")
    panels.register(
        panels.Panel("product", title, "product-demand", permission="insights", module=MODULE, lazy=False, render=_draw)
    )
    panels.register(panels.Panel("products", title, "products-demand", permission="insights", module=MODULE))
    palette.register(
        palette.Command("demand", _("What will be asked for"), ICON, "demand", permission="insights", module=MODULE,
                        order=35, also=_("demand forecast stock products buy order next weeks"))
    )  # fmt: skip
    on_erase(forget)
    also_export("habits", everything_of)


def _draw(request: HttpRequest, product: Product) -> str:
    from regulars.insights.views.demand import draw_product

    return draw_product(request, product)


def forget(traces: Traces) -> None:
    """Erase what is typical of a person."""
    Habit.objects.filter(contact_id=traces.contact_id).delete()


def everything_of(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What is typical of a person, for the file that they can take with them."""
    rows = Habit.objects.filter(contact=contact).order_by("kind", "pk")
    names = ("kind", "product__name", "because__name", "at", "length", "count", "total", "years", "gap", "last_on")
    return list(rows.values(*names, "due_on", "until", "found_on"))
