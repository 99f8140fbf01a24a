"""What is known of one person's habits and of one product's demand: small prepared reads along indexes."""

from typing import Any

from django.db.models import QuerySet

from regulars.contacts.page import HolderPage
from regulars.insights.tables import DemandRun, Habit, ProductDemand, ProductSpan
from regulars.lib.prepared import prepared

MOST = 12  # habits of one person that are read


def habits_of(contact: int) -> list[Habit]:
    """The habits of a person, what is due first before the rest. One prepared read."""
    found: list[Habit] = _habits(contact)
    return found


def habits_on(page: HolderPage) -> list[Habit]:
    """The same, once for a page."""
    known: dict[str, Any] = page.__dict__.setdefault("habits_known", {})
    if "habits" not in known:
        known["habits"] = habits_of(page.holder.pk)
    found: list[Habit] = known["habits"]
    return found


@prepared
def _habits(contact: int) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any, Any] = Habit.objects.filter(contact=contact).select_related("product", "because")
    return rows.order_by("due_on", "pk")[:MOST]


def newest_run() -> DemandRun | None:
    """The newest count that ended."""
    found: DemandRun | None = DemandRun.objects.defer("state", "basket").newest()
    return found


def demand_of(product: int) -> ProductDemand | None:
    """What is expected of a product; None where nothing is."""
    return ProductDemand.objects.filter(product=product).select_related("run", "product").first()


def spans_of(run: DemandRun, product: int) -> dict[int, float]:
    """Units by four weeks before the run, 0 the newest."""
    rows = ProductSpan.objects.filter(run=run, product=product)
    return dict(rows.values_list("back", "units"))
