"""What orders add to the lower floors: called once, when the app is ready."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.actions.merging import Move, follow, on_merged
from regulars.contacts.brief import parts
from regulars.contacts.capture.signs import register_sign
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Company, Contact
from regulars.contacts.referrals.value import BranchValue, node_of_company, node_of_contact, register_value
from regulars.lib import modules, navigation, palette, panels, search
from regulars.lib.money import from_minor, money_text, to_minor
from regulars.lib.text import digits
from regulars.orders import after, first_orders, order_conditions, order_occasions
from regulars.orders.facts import recount
from regulars.orders.matching import SHORTEST_PHONE
from regulars.orders.models import BuyerKey, CustomerFacts, Order
from regulars.orders.order_brief import orders_part
from regulars.orders.order_search import find_orders
from regulars.orders.order_sign import ICON, MODULE, OrderSign
from regulars.orders.rates import home_currency
from regulars.timeline import kinds

BUYER = {"buyer_name": "", "buyer_email": "", "buyer_phone": "", "buyer_id": "", "note": ""}


def register() -> None:
    """Make orders known to navigation, timeline, Brief, search, segments and the pages of people and companies."""
    from regulars.orders import facts_check  # noqa: F401  (its schedule)

    modules.register(
        modules.Module(
            MODULE,
            _("Orders"),
            _("What people buy, from the till, the web shop, a file or by hand, and what they usually take."),
            ICON,
            order=60,
            off_for=("law", "consulting", "other"),
        )
    )
    _places()
    kinds.register(kinds.EntryKind("order", _("Order"), ICON, by_hand=False, template="orders/order_entry.html"))
    register_sign(OrderSign())
    parts.register_part(parts.BriefPart("orders", _("What they buy"), order=40, sentences=orders_part, module=MODULE))
    for host in ("contact", "company"):
        panels.register(
            panels.Panel(f"{host}-aside", _("Worth"), f"{host}-worth", permission="view", order=5, module=MODULE)
        )
    search.register(
        search.SearchSource("orders", find_orders, order=60), search.Kind("order", _("Orders"), ICON, order=60)
    )
    order_conditions.register()
    order_occasions.register()
    register_value(BranchValue("orders", _("Orders"), amounts=order_totals, words=say_total))
    follow(Contact, Move(Order, "contact"), Move(BuyerKey, "contact"))
    follow(Company, Move(Order, "company"), Move(BuyerKey, "company"))
    on_merged(count_merged)
    on_erase(forget)
    after.on_change(first_orders.follow_orders)
    also_export("orders", everything_bought)


def _places() -> None:
    navigation.register(
        navigation.NavItem(_("Orders"), "orders", ICON, order=36, module=MODULE, key="o", under=["/products/"])
    )
    for command in (
        palette.Command("order", _("Write down an order"), ICON, "order-add", permission="log", module=MODULE, order=14,
                        also=_("sale purchase sold till")),
        palette.Command("orders", _("Orders"), ICON, "orders", module=MODULE, order=30,
                        also=_("sales purchases receipts")),
        palette.Command("products", _("Products"), "package", "products", module=MODULE, order=31,
                        also=_("goods articles prices catalogue")),
    ):  # fmt: skip
        palette.register(command)


def count_merged(into: Holder, other: Holder) -> None:
    """Count the facts of both anew when two become one, or two again."""
    ids = [into.pk, other.pk]
    recount(*((ids, []) if isinstance(into, Contact) else ([], ids)))


def forget(traces: Traces) -> None:
    """Take a person's data off their orders and off orders of nobody with their email or phone: what was sold stays
    sold."""
    Order.objects.filter(contact_id=traces.contact_id).update(**BUYER)
    emails = [name.casefold() for name in traces.names if "@" in name]
    phones = [text for name in traces.names if len(digits(name)) >= SHORTEST_PHONE for text in (name, f"+{name}")]
    for theirs in ({"buyer_email__in": emails}, {"buyer_phone__in": phones}):
        Order.objects.unclaimed().filter(**theirs).update(**BUYER)
    BuyerKey.objects.filter(contact_id=traces.contact_id).delete()


def everything_bought(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What a person bought, for the file that they can take with them."""
    rows = Order.objects.of(contact).order_by("placed_at", "pk").prefetch_related("lines")
    return [
        {
            "number": order.number, "placed_at": order.placed_at, "channel": order.channel, "status": order.status,
            "total": f"{from_minor(order.total, order.currency):f}", "currency": order.currency,
            "refunded": f"{from_minor(order.refunded, order.currency):f}", "what": order.what,
            "lines": [
                {"name": line.name, "quantity": f"{line.quantity.normalize():f}",
                 "total": f"{from_minor(line.total, order.currency):f}"}
                for line in order.lines.all()
            ],
        }
        for order in rows
    ]  # fmt: skip


def order_totals(contact_ids: Sequence[int], company_ids: Sequence[int], user: User) -> Mapping[int, Decimal]:
    """What each brought in by their own orders; a company what it bought itself, without its people. Two queries."""
    home = home_currency()
    people = CustomerFacts.objects.filter(contact__among=contact_ids).values_list("contact_id", "value")
    found = {node_of_contact(pk): from_minor(value, home) for pk, value in people if value}
    if company_ids:
        own = Order.objects.counted().filter(company__among=company_ids, contact=None).order_by().values("company_id")
        for pk, value in own.annotate(sum=Sum("value")).values_list("company_id", "sum"):
            if value:
                found[node_of_company(pk)] = from_minor(value, home)
    return found


def say_total(amount: Decimal) -> str:
    """ "€6,241"."""
    home = home_currency()
    return money_text(to_minor(amount, home), home, whole=True)
