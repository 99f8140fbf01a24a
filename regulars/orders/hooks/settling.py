"""What several messages told about one order, put together, whatever order they came in.

The newest word on each thing (`News.facet`) is kept in a `HookOrder`. From these the order is composed anew, so that
it comes out the same whether a refund is told before its order, twice, or once in the order and once by itself. An
order that no message has shown whole yet is taken from what we have, say from an imported file.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection as database
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.lib.money import from_minor
from regulars.orders.drafts import ZERO, BadOrder, Buyer, LineDraft, OrderDraft
from regulars.orders.hooks.news import News
from regulars.orders.hooks.reading import stamp
from regulars.orders.models import Connection, HookEvent, HookOrder, Order
from regulars.orders.recording import record
from regulars.orders.redrafting import draft_of

STAMP_LENGTH = len("2026-01-31T12:00:00.000000Z")
DECIMALS = ("subtotal", "discount", "shipping", "tax", "tax_included", "total", "refunded", "settled_rate")
Facets = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Settled:
    """What became of the news: in words, and the order where there is one."""

    note: str
    key: str
    order: Order | None


def settle(connection: Connection, news: Sequence[News]) -> Settled:
    """Make of `news`, which are all about one order, what they tell; to be called in a transaction.

    Records the order (see `recording.record`). Raises BadOrder when it makes no sense.
    """
    key = news[0].key
    known = _known(connection, key)
    fresh = [told for told in news if _is_news(known.facets, told)]
    if not fresh:
        words = _("We knew that already.") if _says_the_same(known.facets, news) else _("Older than what we know.")
        return Settled(words, key, known.order)
    known.facets |= {told.facet: _packed(told) for told in fresh}
    known.revision += 1
    draft = compose(known.facets, _version(known), connection.source, known)
    note = " ".join(dict.fromkeys(told.missing for told in fresh if told.missing))
    if draft is None:
        known.save(update_fields=["facets", "revision"])
        return Settled(note or _("Kept until its order comes."), key, None)
    recorded = record(draft)
    known.order = recorded.order
    known.save(update_fields=["facets", "revision", "order"])
    HookEvent.objects.filter(connection=connection, order_key=key, order=None).update(order=recorded.order)
    return Settled(f"{_OUTCOMES[recorded.outcome]()} {note}".strip(), key, recorded.order)


_OUTCOMES = {
    "created": lambda: _("A new order."),
    "updated": lambda: _("The order was brought up to date."),
    "same": lambda: _("The order stays as it was."),
    "late": lambda: _("Older than what we know."),
}


def _known(connection: Connection, key: str) -> HookOrder:
    """What was told about an order so far, held until the transaction ends."""
    found: HookOrder = HookOrder.objects.get_or_create(connection=connection, key=key)[0]
    if database.features.has_select_for_update:
        return HookOrder.objects.select_for_update().get(pk=found.pk)  # type: ignore[no-any-return]
    return found


def _is_news(facets: Facets, told: News) -> bool:
    old = facets.get(told.facet)
    return old is None or (told.at >= old["at"] and _packed(told) != old)


def _says_the_same(facets: Facets, news: Sequence[News]) -> bool:
    return all(_packed(told) == facets[told.facet] for told in news)


def _version(known: HookOrder) -> str:
    """A version that only grows: the newest time that was told, and how often something changed."""
    times = [facet["at"][:STAMP_LENGTH] for facet in known.facets.values() if facet["at"]]
    newest = max(times, default=stamp(timezone.now()))
    return f"{newest}#{known.revision:06d}"


# What is kept of a word, as JSON can hold it.


def _packed(told: News) -> dict[str, Any]:
    packed: dict[str, Any] = {"at": told.at}
    if told.draft is not None:
        packed |= {"draft": pack(told.draft), "rank": told.rank, "adds": told.adds}
    if told.refunded is not None:
        packed["refunded"] = str(told.refunded)
    if told.status:
        packed["status"] = told.status
    return packed


def pack(draft: OrderDraft) -> dict[str, Any]:
    """Return `draft` as JSON can hold it: what is not said is left out."""
    whole = asdict(draft)
    whole["lines"] = [_plain(asdict(line)) for line in draft.lines]
    whole["buyer"] = _plain(asdict(draft.buyer))
    whole["placed_at"] = stamp(draft.placed_at)
    return _plain(whole)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in said.items()}


def unpack(packed: dict[str, Any]) -> OrderDraft:
    """Return what `pack` packed."""
    values = {name: value for name, value in packed.items() if name not in ("lines", "buyer", "placed_at")}
    values |= {name: Decimal(values[name]) for name in DECIMALS if name in values}
    lines = [_unpacked_line(line) for line in packed.get("lines", ())]
    placed_at = datetime.fromisoformat(packed["placed_at"])
    return OrderDraft(placed_at=placed_at, lines=lines, buyer=Buyer(**packed.get("buyer", {})), **values)


def _unpacked_line(packed: dict[str, Any]) -> LineDraft:
    words = ("name", "sku", "category")
    values: dict[str, Any] = {name: v if name in words else Decimal(v) for name, v in packed.items()}
    return LineDraft(**{"name": "", **values})


# The order that comes of it.


def compose(facets: Facets, version: str, source: str, known: HookOrder) -> OrderDraft | None:
    """Return the order that `facets` tell of together; None while no message has shown it."""
    parts = [facet for facet in facets.values() if "draft" in facet]
    whole = [facet for facet in parts if not facet["adds"]]
    if whole:
        draft: OrderDraft | None = _best(whole)
    elif parts:
        draft = _summed([unpack(facet["draft"]) for facet in parts], known)
    else:
        draft = _from_what_we_have(source, known.key)
    if draft is None:
        return None
    told = sum((Decimal(facet["refunded"]) for facet in facets.values() if "refunded" in facet), ZERO)
    statuses = {facet["status"] for facet in facets.values() if "status" in facet}
    status = _status(draft.status, statuses)
    return replace(
        draft,
        source=source,
        external_id=known.key,
        version=max(version, draft.version[:STAMP_LENGTH] + version[STAMP_LENGTH:]),
        status=status,
        refunded=max(told, draft.refunded),
    )


def _best(whole: list[dict[str, Any]]) -> OrderDraft:
    """The fullest account of an order; what it doesn't say of the buyer and what was given back is in the others."""
    drafts = [unpack(one["draft"]) for one in sorted(whole, key=lambda one: (one["rank"], one["at"]), reverse=True)]
    best = drafts[0]
    number = next((draft.number for draft in drafts if draft.number), "")
    refunded = max(draft.refunded for draft in drafts)
    return replace(best, number=number, buyer=_merged([draft.buyer for draft in drafts]), refunded=refunded)


def _summed(payments: list[OrderDraft], known: HookOrder) -> OrderDraft | None:
    """An order that is known by its payments: those that went through are summed."""
    good = [payment for payment in payments if payment.status != Order.Status.CANCELLED]
    if not good and known.order is None:
        return None
    used = good or payments
    if len({payment.currency for payment in used}) > 1:
        raise BadOrder("currency", _("It was paid in several currencies."))
    first = min(used, key=lambda payment: payment.placed_at)
    statuses = {payment.status for payment in used}
    return replace(
        first,
        total=sum((payment.total or ZERO for payment in used), ZERO),
        refunded=sum((payment.refunded for payment in used), ZERO),
        status=statuses.pop() if len(statuses) == 1 else Order.Status.PLACED,
        buyer=_merged([payment.buyer for payment in used]),
    )


def _merged(buyers: Sequence[Buyer]) -> Buyer:
    """What is known of a buyer: of each thing the first that says it."""
    names = [field.name for field in fields(Buyer)]
    return Buyer(**{name: next((said for one in buyers if (said := getattr(one, name))), "") for name in names})


def _status(status: str, told: set[str]) -> str:
    if Order.Status.CANCELLED in told:
        return Order.Status.CANCELLED
    if Order.Status.FULFILLED in told and status == Order.Status.PAID:
        return Order.Status.FULFILLED
    return status


def _from_what_we_have(source: str, key: str) -> OrderDraft | None:
    order = Order.objects.told_as([source], [key]).first()
    if order is None:
        return None
    undone = order.status in (Order.Status.PARTLY, Order.Status.REFUNDED)
    subtotal = from_minor(order.subtotal, order.currency)
    return replace(draft_of(order), subtotal=subtotal, status=Order.Status.PAID if undone else order.status)
