"""The orders that an address describes. A page walks one index, the newest first."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.capture.box import holder_named
from regulars.contacts.models import Company, Contact
from regulars.lib.addresses import query_with
from regulars.lib.keyset import Page, by, read_page
from regulars.lib.text import number_in
from regulars.orders.models import Line, Order, Product
from regulars.orders.recording import zone_of_business

SIZE = 40
SPANS: dict[str, str | LazyText] = {
    "": _("Any day"),
    "today": _("Today"),
    "week": _("The last 7 days"),
    "month": _("This month"),
    "last_month": _("Last month"),
    "year": _("This year"),
    "12m": _("The last 12 months"),
}
WHOSE: dict[str, str | LazyText] = {"": _("Everybody’s"), "nobody": _("Nobody’s, to be claimed")}
FIRST, LAST = 1970, 9000
RARE = (Order.Status.PLACED, Order.Status.PARTLY, Order.Status.REFUNDED, Order.Status.CANCELLED)


class OrderList:
    """Reading it never fails: what makes no sense is left out.

    | parameter | means |
    |---|---|
    | status, channel | as on the order |
    | whose | "nobody" for those to be claimed |
    | to | "contact-5" or "company-7" |
    | product | the id of a product on it |
    | when | a key of SPANS |
    | from, until | days, instead of `when` |
    """

    def __init__(self, data: QueryDict, user: User) -> None:
        self.data, self.user = data, user
        self.status = data.get("status", "") if data.get("status", "") in Order.Status.values else ""
        self.channel = data.get("channel", "") if data.get("channel", "") in Order.Channel.values else ""
        self.when = data.get("when", "") if data.get("when", "") in SPANS else ""
        self.whose = "nobody" if data.get("whose") == "nobody" else ""

    @cached_property
    def holder(self) -> Contact | Company | None:
        """Whose; None for anybody, and for somebody the colleague may not know of."""
        for kind in ("contact", "company"):
            if key := self.data.get(kind, ""):
                return holder_named(f"{kind}-{key}", self.user)
        return holder_named(self.data.get("to", ""), self.user)

    @cached_property
    def product(self) -> Product | None:
        """The product on them."""
        pk = number_in(self.data.get("product"))
        return None if pk is None else Product.objects.filter(pk=pk).first()

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and last day on which they were placed."""
        today = timezone.now().astimezone(zone_of_business()).date()
        first = today.replace(day=1)
        spans = {
            "today": (today, today),
            "week": (today - timedelta(days=6), today),
            "month": (first, today),
            "last_month": ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)),
            "year": (today.replace(month=1, day=1), today),
            "12m": (today - timedelta(days=365), today),
        }
        since, until = (_day(self.data.get(name, "")) for name in ("from", "until"))
        return (since, until) if since or until else spans.get(self.when, (None, None))

    @property
    def orders(self) -> QuerySet[Order]:
        """All orders of the list that the colleague may know of, in no order."""
        found: Any = self._narrowed(self._of_days())
        if self.product is not None:
            found = found.filter(Exists(Line.objects.filter(order=OuterRef("pk"), product=self.product)))
        orders: QuerySet[Order] = found
        return orders

    def _narrowed(self, days: dict[str, datetime]) -> Any:
        """The orders that the colleague may know of and that fit everything but the product."""
        found: Any = Order.objects.visible_to(self.user)
        if self.status:
            found = found.filter(status=self.status)
        if self.channel:
            found = found.filter(channel=self.channel)
        if self.whose:
            found = found.unclaimed()
        elif self.holder is not None:
            found = found.of(self.holder)
        return found.filter(**days)

    @property
    def _by_line(self) -> QuerySet[Line]:
        """Lines of the product, one for each order of the list."""
        fits = self._narrowed({}).filter(pk=OuterRef("order_id"))
        lines = Line.objects.filter(product=self.product, **self._of_days())
        earlier = Line.objects.filter(order=OuterRef("order"), product=self.product, pk__lt=OuterRef("pk"))
        return lines.filter(Exists(fits), ~Exists(earlier))

    @property
    def _goes_by_line(self) -> bool:
        """Whether the lines lead: of a holder, of nobody, of a rare status there are few orders to look through."""
        has_few = bool(self.whose or self.holder) or self.status in RARE
        return self.product is not None and not has_few

    def _of_days(self) -> dict[str, datetime]:
        """In terms of `placed_at`, which the indexes are ordered by."""
        since, until = self.days
        zone = zone_of_business()
        limits: dict[str, datetime] = {}
        if since:
            limits["placed_at__gte"] = datetime.combine(since, time(), zone)
        if until:
            limits["placed_at__lt"] = datetime.combine(until + timedelta(days=1), time(), zone)
        return limits

    def page(self, cursor: str | None = None, size: int = SIZE) -> Page:
        """Return the ids of one page, the newest first, and its neighbours.

        The orders of a product are walked along the index of its lines, however long ago it was bought last.
        """
        newest, after = by("placed_at", descending=True), (cursor or self.data.get("after", ""))[:2000]
        if not self._goes_by_line:
            return read_page(self.orders, newest, after, size)
        page = read_page(self._by_line, newest, after, size)
        orders = dict(Line.objects.filter(pk__in=page.ids).values_list("pk", "order_id"))
        return replace(page, ids=[orders[pk] for pk in page.ids])

    def rows(self, ids: list[int]) -> list[Order]:
        """Return the orders of a page in its order, each with `what`: two queries."""
        rows = Order.objects.filter(pk__in=ids).select_related("contact", "company")
        found = {order.pk: order for order in rows.prefetch_related("lines")}
        return [found[pk] for pk in ids if pk in found]

    def address(self, **changes: str) -> str:
        """Return the query of this list with other parameters; the position is dropped."""
        return query_with(self.data, "after", **changes)

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows it."""
        return bool(self.status or self.channel or self.whose or self.holder or self.product or any(self.days))

    def words(self) -> dict[str, Any]:
        """What is asked for, for the audit log."""
        names = ("status", "channel", "whose", "to", "contact", "company", "product", "when", "from", "until")
        return {name: value for name in names if (value := self.data.get(name))}


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found.year < LAST else None
