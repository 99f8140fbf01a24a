"""Who bought without being known: orders of nobody that say at least something of the buyer, put together by that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from regulars.contacts.models import Company, Contact, ContactPoint
from regulars.lib.keyset import by, read_page
from regulars.lib.text import fold
from regulars.orders.models import Order

WINDOW, WINDOWS = 1000, 5  # orders that one page reads at a time, and how often until it has enough to show
ENOUGH = 20  # buyers
MOST = 5_000  # orders that are claimed at once
COLUMNS = ("pk", "buyer_email", "buyer_phone", "buyer_id", "source", "buyer_name", "placed_at", "value")
Row = tuple[int, str, str, str, str, str, datetime, int | None]


@dataclass
class UnknownBuyer:
    """A buyer that we don't know: `key` tells them from others, `value` is minor units of our currency."""

    key: str
    name: str
    email: str
    phone: str
    number: str
    source: str
    last_at: datetime
    orders: int = 0
    value: int = 0
    ids: list[int] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Something to call them by."""
        return self.name or self.email or self.phone or self.number

    @property
    def can_be_added(self) -> bool:
        """Whether enough is known of them to make a person of."""
        return bool(self.name or self.email)


def buyers_page(after: str = "") -> tuple[list[UnknownBuyer], str]:
    """Return the buyers of the newest orders of nobody below the cursor `after`, and the next cursor.

    Most orders first. Reads a few thousand orders from their index at the most: whatever else there is costs nothing.
    """
    waiting = Order.objects.unclaimed()
    rows: list[Row] = []
    cursor = after[:2000]
    for _window in range(WINDOWS):
        page = read_page(waiting, by("placed_at", descending=True), cursor, WINDOW)
        found = Order.objects.filter(pk__in=page.ids).order_by("-placed_at", "-pk").values_list(*COLUMNS)
        rows += [row for row in found if any(row[1:4]) or row[5]]
        cursor = page.next or ""
        if not cursor or len({key_of(*row[1:6]) for row in rows}) >= ENOUGH:
            break
    return sorted(_grouped(rows), key=lambda buyer: -buyer.orders), cursor


def _grouped(rows: Iterable[Row]) -> list[UnknownBuyer]:
    found: dict[str, UnknownBuyer] = {}
    for pk, email, phone, number, source, name, placed_at, value in rows:
        key = key_of(email, phone, number, source, name)
        buyer = found.get(key) or found.setdefault(
            key, UnknownBuyer(key, name, email, phone, number, source, placed_at)
        )
        buyer.name, buyer.phone = buyer.name or name, buyer.phone or phone
        buyer.orders += 1
        buyer.value += value or 0
        buyer.ids.append(pk)
    return list(found.values())


def key_of(email: str, phone: str, number: str, source: str, name: str) -> str:
    """Return what tells a buyer from others: the email, else the phone, the id at the source, the name."""
    if email:
        return f"email:{email}"
    if phone:
        return f"phone:{phone}"
    return f"id:{source}:{number}" if number else f"name:{fold(name)}"


def orders_of(keys: Sequence[str]) -> list[Order]:
    """Return the orders of nobody that these buyers made, oldest first, `MOST` at the most."""
    condition = Q(pk__in=[])
    names: set[str] = set()
    for key in keys:
        kind, _colon, rest = key.partition(":")
        if kind == "email":
            condition |= Q(buyer_email=rest)
        elif kind == "phone":
            condition |= Q(buyer_phone=rest, buyer_email="")
        elif kind == "id":
            source, _colon, number = rest.partition(":")
            condition |= Q(buyer_id=number, source=source, buyer_email="", buyer_phone="")
        elif kind == "name":
            names.add(rest)
    waiting = Order.objects.unclaimed()
    if names:
        bare = waiting.filter(buyer_email="", buyer_phone="", buyer_id="").values_list("pk", "buyer_name")
        condition |= Q(pk__in=[pk for pk, name in bare if fold(name) in names])
    return list(waiting.filter(condition).order_by("placed_at", "pk")[:MOST])


def grouped_orders(orders: Sequence[Order]) -> list[UnknownBuyer]:
    """Return orders put together by buyer."""
    return _grouped(tuple(getattr(order, name) for name in COLUMNS) for order in orders)


def orders_maybe_of(holder: Contact | Company) -> list[Order]:
    """Return orders of nobody under an email or phone of `holder`: offered on their page. Two queries."""
    points = list(holder.points.filter(kind__in=("email", "phone")).values_list("kind", "key", "value"))
    emails = [key for kind, key, _value in points if kind == ContactPoint.Kind.EMAIL]
    phones = [text for kind, key, value in points if kind == ContactPoint.Kind.PHONE for text in (f"+{key}", value)]
    if not emails and not phones:
        return []
    found = Order.objects.unclaimed().filter(Q(buyer_email__in=emails) & ~Q(buyer_email="")) if emails else None
    by_phone = Order.objects.unclaimed().filter(Q(buyer_phone__in=phones) & ~Q(buyer_phone="")) if phones else None
    rows = [*(found[:MOST] if found is not None else []), *(by_phone[:MOST] if by_phone is not None else [])]
    return list({order.pk: order for order in rows}.values())
