"""Occasions to say thank you that orders bring: the first one, the tenth, one that is big."""

from collections.abc import Sequence

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.lib.money import money_text
from regulars.orders.models import CustomerFacts, Order
from regulars.orders.rates import home_currency
from regulars.promises.models import Thanks
from regulars.promises.thanks.occasions import FRESH, Found, OccasionRule, register_rule

TENTH = 10
LOOK_BACK = 2_000  # newest orders that the first run looks at
SAMPLE = 2_000  # newest orders among which a big one is big
TOP = 100  # the hundredth part of them
TIMES = 3  # and so many times what the person usually spends
KNOWN = 3  # orders from which on that is known


def first_orders(position: str, limit: int) -> tuple[list[Found], str]:
    """People and companies whose first order it is."""
    orders, position = _next(position, limit)
    places = _places(orders)
    found = [
        _found(order, f"first:{_who(order)}", _("bought from us for the first time"))
        for order in orders
        if places.get(order.pk) == 1
    ]
    return found, position


def tenth_orders(position: str, limit: int) -> tuple[list[Found], str]:
    """Those whose tenth order it is."""
    orders, position = _next(position, limit)
    many = set(
        CustomerFacts.objects.filter(orders__gte=TENTH, contact__in=_ids(orders)).values_list("contact", flat=True)
    )
    places = _places([order for order in orders if order.contact_id in many])
    found = [
        _found(order, f"tenth:{_who(order)}", _("bought from us for the tenth time"))
        for order in orders
        if places.get(order.pk) == TENTH
    ]
    return found, position


def big_orders(position: str, limit: int) -> tuple[list[Found], str]:
    """Those who bought for far more than usual, among the biggest orders of all."""
    orders, position = _next(position, limit)
    if not orders:
        return [], position
    newest = Order.objects.counted().exclude(value=None).order_by("-placed_at", "-pk")
    values = sorted(value or 0 for value in newest.values_list("value", flat=True)[:SAMPLE])
    least = values[-max(1, len(values) // TOP)] if values else 0
    facts = {row.contact_id: row for row in CustomerFacts.objects.filter(contact__in=_ids(orders))}
    found = []
    for order in orders:
        row = facts.get(order.contact_id)
        if row and (order.value or 0) >= least and row.orders > KNOWN:
            usual = (row.value - (order.value or 0)) / (row.orders - 1)
            if (order.value or 0) >= TIMES * usual:
                total = money_text(order.value or 0, home_currency(), whole=True)
                found.append(_found(order, f"big:{order.pk}", _("bought for %(total)s at once") % {"total": total}))
    return found, position


def _next(position: str, limit: int) -> tuple[list[Order], str]:
    """The next orders in the order they came to us; old ones are no occasion any more."""
    start = int(position) if position.isdigit() else _beginning()
    rows = list(Order.objects.filter(pk__gt=start).order_by("pk")[:limit])
    fresh = timezone.now() - FRESH
    orders = [order for order in rows if order.counts and order.contact_id and order.placed_at >= fresh]
    return orders, str(rows[-1].pk if rows else start)


def _beginning() -> int:
    newest = Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return max(newest - LOOK_BACK, 0)


def _ids(orders: Sequence[Order]) -> set[int]:
    return {order.contact_id for order in orders if order.contact_id}


def _places(orders: Sequence[Order]) -> dict[int, int]:
    """The how-manieth of its customer each is. One query along the index of each customer's orders."""
    earlier = Q(placed_at__lt=OuterRef("placed_at")) | Q(placed_at=OuterRef("placed_at"), pk__lte=OuterRef("pk"))
    same = Order.objects.counted().filter(earlier, contact=OuterRef("contact")).order_by().values("contact")
    count = Subquery(same.annotate(many=Count("pk")).values("many"), output_field=IntegerField())
    rows = Order.objects.filter(pk__in=[order.pk for order in orders]).annotate(place=count)
    return dict(rows.values_list("pk", "place"))


def _who(order: Order) -> str:
    return f"{order.contact_id}"


def _found(order: Order, key: str, why: str) -> Found:
    return Found(key, why, order.placed_at, contact_id=order.contact_id)


def register() -> None:
    """Make them known."""
    for rule in (FIRST_RULE, TENTH_RULE, BIG_RULE):
        register_rule(rule)


FIRST_RULE = OccasionRule(
    "first_order",
    gettext_lazy("First order"),
    gettext_lazy("Somebody bought for the first time."),
    Thanks.Reason.OTHER,
    find=first_orders,
    order=40,
)
TENTH_RULE = OccasionRule(
    "tenth_order",
    gettext_lazy("Tenth order"),
    gettext_lazy("Somebody bought for the tenth time."),
    Thanks.Reason.LOYALTY,
    find=tenth_orders,
    order=42,
)
BIG_RULE = OccasionRule(
    "big_order",
    gettext_lazy("A big order"),
    gettext_lazy("Somebody bought for far more than they usually do."),
    Thanks.Reason.BIG_ORDER,
    find=big_orders,
    order=44,
)
