"""What search finds of orders: those whose number begins like this."""

from django.db.models import QuerySet

from regulars.access.door import viewer
from regulars.access.models import Organisation, User
from regulars.lib.moments import short
from regulars.lib.money import money_text
from regulars.lib.prepared import Fixed, prepared
from regulars.lib.search import Hit, Query
from regulars.orders.models import Order

SHORTEST, LONGEST = 3, 80
READ = 40


def find_orders(user: User, query: Query, limit: int) -> list[Hit]:
    """Find orders by number, with or without "#". One query, along an index; none for words without a digit."""
    text = query.text.strip().removeprefix("#")
    organisation = Organisation.current()
    if not SHORTEST <= len(text) <= LONGEST or not query.digits or " " in text:
        return []
    if organisation is None or not organisation.has_module("orders"):
        return []
    found = {
        order.pk: order
        for start in dict.fromkeys((text, text.upper(), f"#{text}"))
        for order in _starting(start, user.pk, user.sees_all, Fixed(READ))
    }
    newest = sorted(found.values(), key=lambda order: order.placed_at, reverse=True)[:limit]
    return [_hit(order) for order in newest]


@prepared
def _starting(start: str, me: int, sees_all: bool, limit: int) -> QuerySet[Order]:
    orders = Order.objects.visible_to(viewer(me, sees_all)).exclude(number="").filter(number__prefix=start)
    return orders.select_related("contact", "company").order_by("number")[:limit]


def _hit(order: Order) -> Hit:
    who = order.holder.display_name if order.holder else order.buyer_name
    parts = (who, money_text(order.total, order.currency), short(order.placed_at))
    detail = " · ".join(part for part in parts if part)
    return Hit("order", order.pk, str(order), detail, order.get_absolute_url(), icon="shopping-bag")
