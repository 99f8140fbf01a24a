"""Keeping orders, whoever brings them: exactly once, whatever comes twice, late or in the wrong order.

An order of a source is known by its external id there; what the source tells of it later changes it, unless it is older
than what we know (`version`). In the same transaction: its products and lines, its customer, its line on the timelines,
the facts of the customer, and what `after.on_change` asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils import timezone

from regulars.access.home import zone_of
from regulars.access.models import Operation, Organisation, User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.actions.moments import touch
from regulars.contacts.models import Contact
from regulars.lib import fast
from regulars.lib.fast import reserve_ids
from regulars.orders import after, entries, matching
from regulars.orders.catalogue import products_for
from regulars.orders.checking import Checked, CheckedLine, check
from regulars.orders.drafts import BadOrder, OrderDraft
from regulars.orders.facts import recount, recount_of
from regulars.orders.models import Line, Order, Product
from regulars.orders.rates import Rates
from regulars.orders.valuing import margin, value_of
from regulars.timeline.models import Entry

Outcome = Literal["created", "updated", "same", "late"]
FEW = 5  # customers of one call who move to the top of "recently touched"
TRIES = 3
CHANNELS = frozenset(Order.Channel.values)
AMOUNTS = ("subtotal", "discount", "shipping", "tax", "tax_included", "total", "refunded")
BUYER = ("buyer_name", "buyer_email", "buyer_phone", "buyer_id")


@dataclass(frozen=True)
class Recorded:
    """An order, and what became of the news: "late" is older than what we know, "same" says nothing new."""

    order: Order
    outcome: Outcome


def record(
    draft: OrderDraft,
    *,
    by: User | None = None,
    operation: Operation | None = None,
    holder: Holder | None = None,
    entry: Entry | None = None,
) -> Recorded:
    """Keep one order, atomically. `holder` says whose it is; None: found by `matching.find_holder`, or nobody's.

    `entry` is a moment of the kind "order" that is logged already; the order then gets no other.

    Writes the entry on the timeline, products that are new, facts, and what others hang on it. Raises BadOrder when it
    makes no sense; nothing is kept then.
    """
    found = record_many([draft], by=by, operation=operation, holder=holder, entry=entry)[0]
    if isinstance(found, BadOrder):
        raise found
    return found


@transaction.atomic
def record_many(
    drafts: Sequence[OrderDraft],
    *,
    by: User | None = None,
    operation: Operation | None = None,
    holder: Holder | None = None,
    entry: Entry | None = None,
    count_later: bool = False,
) -> list[Recorded | BadOrder]:
    """Keep many orders with few queries, atomically; returns what became of each, or what is wrong with it.

    The same order twice among `drafts` is told in their order. Side effects as `record`; but with `count_later` the
    caller counts the facts of those whose orders are new.
    """
    organisation = Organisation.current()
    zone, now = zone_of(None, organisation), timezone.now()
    results: list[Recorded | BadOrder | None] = [None] * len(drafts)
    rounds: list[list[tuple[int, Checked]]] = []
    told: dict[tuple[str, str], int] = {}
    seen: dict[tuple[int, str], CheckedLine] = {}
    for index, draft in enumerate(drafts):
        try:
            checked = check(draft, zone, now, seen)
        except BadOrder as bad:
            results[index] = bad
            continue
        key = (draft.source, draft.external_id)
        turn = told.get(key, 0) if draft.external_id else 0
        told[key] = turn + 1
        rounds.extend([] for _ in range(turn + 1 - len(rounds)))
        rounds[turn].append((index, checked))
    batch = _Batch(by, operation, holder, entry, count_later)
    for one_round in rounds:
        for (index, _checked), found in zip(one_round, batch.keep([c for _, c in one_round]), strict=True):
            results[index] = found
    batch.settle()
    return [result for result in results if result is not None]


class _Batch:
    """One call: what its orders have in common, and whose facts have to be counted at the end."""

    def __init__(
        self,
        by: User | None,
        operation: Operation | None = None,
        holder: Holder | None = None,
        entry: Entry | None = None,
        count_later: bool = False,
    ) -> None:
        self.by, self.operation, self.holder, self.entry = by, operation, holder, entry
        self.count_later = count_later
        self.rates = Rates()
        self.now = timezone.now()
        self.changed: dict[int, Order] = {}
        self.contact_ids: set[int] = set()
        self.company_ids: set[int] = set()

    def keep(self, orders: Sequence[Checked]) -> list[Recorded]:
        """Create what is new and change what is known; tries again when somebody else created one meanwhile."""
        for attempt in range(TRIES):
            try:
                with transaction.atomic():
                    return self._keep(orders)
            except IntegrityError:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")  # pragma: no cover

    def _keep(self, orders: Sequence[Checked]) -> list[Recorded]:
        known = _known(orders)
        new = [one for one in orders if _key(one) not in known]
        created = dict(zip(map(id, new), self._create(new), strict=True))
        old = [one for one in orders if _key(one) in known]
        products = dict(zip(map(id, old), self._products(old), strict=True))
        return [
            Recorded(created[id(one)], "created")
            if id(one) in created
            else self._update(known[_key(one)], one, products[id(one)])
            for one in orders
        ]

    def settle(self) -> None:
        """Count the facts of everybody concerned, and tell who asked."""
        recount(self.contact_ids, self.company_ids)
        orders = list(self.changed.values())
        holders = {(type(h), h.pk): h for order in orders[: FEW + 1] for h in entries.holders_of([order])}
        if len(orders) <= FEW:
            touch(list(holders.values()), self.now)
        after.tell(orders)
        for order in orders:
            order._state.adding = False  # until here it says what came just now

    def _concerns(self, order: Order) -> None:
        self.changed[order.pk] = order
        if order.contact_id:
            self.contact_ids.add(order.contact_id)
        if order.company_id:
            self.company_ids.add(order.company_id)

    def _holders(self, orders: Sequence[Checked]) -> list[Holder | None]:
        if self.holder is not None:
            return [self.holder] * len(orders)
        wanted = [(one.draft.buyer, one.draft.source) for one in orders]
        found = matching.find_holders(wanted, lean=len(orders) > FEW)
        pairs = zip(orders, found, strict=True)
        matching.remember([(one.draft.buyer, one.draft.source, holder) for one, holder in pairs if holder])
        return found

    def _products(self, orders: Sequence[Checked]) -> list[list[Product]]:
        """The products of the lines of each order."""
        lines = [line for one in orders for line in one.lines]
        homes = all(one.currency == self.rates.home for one in orders)
        products = iter(products_for(lines, homes, self.operation)) if lines else iter(())
        return [[next(products) for _line in one.lines] for one in orders]

    def _create(self, orders: Sequence[Checked]) -> list[Order]:
        if not orders:
            return []
        holders, products = self._holders(orders), self._products(orders)
        made, texts = [], {}
        ids = reserve_ids(Order, len(orders))
        for pk, one, holder, of_lines in zip(ids, orders, holders, products, strict=True):
            order = _made(pk, self._columns(one, of_lines) | _buyer(one), holder)
            order.source, order.external_id = one.draft.source, one.draft.external_id
            order.status_at, order.created_at = one.placed_at, self.now
            order.created_by_id = self.by.pk if self.by else None
            order.brought_by_id = self.operation.pk if self.operation else None
            texts[pk] = _text(one)
            made.append(order)
            self.changed[pk] = order
            if not self.count_later:
                self._concerns(order)
        fast.insert(Order, [fast.row_of(order) for order in made])
        rows = [_lines(order, one, of) for order, one, of in zip(made, orders, products, strict=True)]
        fast.insert(Line, [row for of_order in rows for row in of_order])
        if self.entry is None:
            entries.write(made, texts)
        else:
            entries.adopt(self.entry, made[0], texts[made[0].pk])
        return made

    def _columns(self, one: Checked, products: Sequence[Product]) -> dict[str, Any]:
        """What the source says of an order, besides who it is and whose."""
        draft = one.draft
        rate = draft.settled_rate or self.rates.on(one.currency, one.placed_on)
        amounts = {name: getattr(one, name) for name in AMOUNTS}
        costs = [(line.quantity, product.cost) for line, product in zip(one.lines, products, strict=True)]
        return amounts | {
            "number": draft.number.strip()[:80],
            "placed_at": one.placed_at,
            "placed_on": one.placed_on,
            "channel": draft.channel if draft.channel in CHANNELS else Order.Channel.OTHER,
            "status": one.status,
            "currency": one.currency,
            "is_rate_settled": True if draft.settled_rate else None,
            "rate": rate,
            "value": value_of(one, rate, self.rates.home),
            "margin": margin(one, rate, self.rates.home, costs),
            "version": draft.version[:40],
            "note": draft.note.strip()[:500],
        }

    def rewrite(self, order: Order, one: Checked) -> Recorded:
        """Change this order to what a colleague says."""
        return self._update(order, one, self._products([one])[0])

    def _update(self, order: Order, one: Checked, products: Sequence[Product]) -> Recorded:
        """Change a known order to what the source says now."""
        if one.draft.version < order.version and one.draft.version:
            return Recorded(order, "late")
        changes = self._columns(one, products) | ({} if _is_erased(order) else _buyer(one))
        if not one.lines:  # the source left the lines out: what we know of them still counts
            del changes["margin"]
        changes |= self._found(order, one)
        changes = {name: value for name, value in changes.items() if getattr(order, name) != value}
        lines_differ = bool(one.lines) and _lines_differ(order, one)
        if not changes and not lines_differ:
            return Recorded(order, "same")
        if "status" in changes:
            changes["status_at"] = self.now
        return self._change(order, one, products, changes, lines_differ)

    def _change(
        self, order: Order, one: Checked, products: Sequence[Product], changes: dict[str, Any], lines_differ: bool
    ) -> Recorded:
        guarded = Order.objects.filter(pk=order.pk, version=order.version)
        if changes and not guarded.update(**changes):  # somebody told more of it meanwhile
            return self._update(Order.objects.select_related("contact", "company").get(pk=order.pk), one, products)
        self._concerns(order)  # whose it was
        for name, value in changes.items():
            setattr(order, name, value)
        if lines_differ:
            order.lines.all().delete()
            fast.insert(Line, _lines(order, one, products))
        elif "placed_at" in changes:
            order.lines.update(placed_at=order.placed_at)
        if set(changes) == {"version"} and not lines_differ:
            return Recorded(order, "same")
        self._concerns(order)
        entries.keep_in_step(order, _text(one) if lines_differ else None)
        return Recorded(order, "updated")

    def _found(self, order: Order, one: Checked) -> dict[str, Any]:
        """Whose it is, where that was not known until now."""
        if order.contact_id or order.company_id:
            return {}
        holder = self._holders([one])[0]
        return _whose(holder) if holder else {}


def _key(one: Checked) -> tuple[str, str] | int:
    return (one.draft.source, one.draft.external_id) if one.draft.external_id else id(one)


def _known(orders: Sequence[Checked]) -> dict[Any, Order]:
    """The orders that are known already, by source and external id. One query."""
    keys = {_key(one) for one in orders if one.draft.external_id}
    if not keys:
        return {}
    sources = {one.draft.source for one in orders}
    ids = {one.draft.external_id for one in orders if one.draft.external_id}
    rows = Order.objects.told_as(sources, ids).select_related("contact", "company")
    return {key: row for row in rows if (key := (row.source, row.external_id)) in keys}


def _buyer(one: Checked) -> dict[str, str]:
    buyer = one.draft.buyer
    name = buyer.name.strip() or f"{buyer.given_name} {buyer.family_name}".strip() or buyer.company.strip()
    return {
        "buyer_name": name[:300],
        "buyer_email": buyer.email.strip().casefold()[:300],
        "buyer_phone": buyer.phone.strip()[:40],
        "buyer_id": buyer.external_id.strip()[:120] or buyer.loyalty_number.strip()[:120],
    }


def _made(pk: int, said: dict[str, Any], holder: Holder | None) -> Order:
    order = fast.record_of(Order, {"id": pk} | said)
    if isinstance(holder, Contact):
        order.contact_id, order.company_id = holder.pk, holder.company_id
        order._state.fields_cache["contact"] = holder
    elif holder is not None:
        order.company_id = holder.pk
        order._state.fields_cache["company"] = holder
    return order


def _whose(holder: Holder | None) -> dict[str, Any]:
    """The columns that say whose it is: a person brings their main company along."""
    if holder is None:
        return {}
    if isinstance(holder, Contact):
        return {"contact": holder, "company_id": holder.company_id}
    return {"contact": None, "company": holder}


def _is_erased(order: Order) -> bool:
    return bool(order.contact_id and order.contact and order.contact.erased_at)


def _text(one: Checked) -> str:
    return entries.text_for([(line.quantity, line.name) for line in one.lines[: entries.SAID + 1]])


def _lines(order: Order, one: Checked, products: Sequence[Product]) -> list[fast.Row]:
    return [
        {
            "order_id": order.pk, "product_id": product.pk, "name": line.name, "quantity": line.quantity,
            "unit_price": line.unit_price, "discount": line.discount, "tax": line.tax, "total": line.total,
            "returned": line.returned, "placed_at": order.placed_at,
        }
        for line, product in zip(one.lines, products, strict=True)
    ]  # fmt: skip


def _lines_differ(order: Order, one: Checked) -> bool:
    """Whether the lines are others by now; what came back is no difference where the source doesn't say."""
    says_returns = any(line.returned is not None for line in one.lines)
    names = ("name", "quantity", "unit_price", "discount", "tax", "total", *(("returned",) if says_returns else ()))
    told = [tuple(getattr(line, name) for name in names) for line in one.lines]
    return told != list(order.lines.order_by("pk").values_list(*names))


@transaction.atomic
def rewrite(order: Order, draft: OrderDraft, *, by: User) -> Recorded:
    """Change a kept order to what a colleague says it was. Side effects as `record`; raises BadOrder."""
    checked = check(draft, zone_of_business(), timezone.now())
    batch = _Batch(by)
    found = batch.rewrite(order, checked)
    batch.settle()
    return found


def zone_of_business() -> tzinfo:
    """The zone in which the days of orders are counted."""
    return zone_of(None, Organisation.current())


@transaction.atomic
def remove(orders: Sequence[Order]) -> None:
    """Delete orders with their lines and entries and count their customers anew: how an import is undone.

    What follows them (points) is told first, as if they had been cancelled.
    """
    ids = [order.pk for order in orders]
    for order in orders:
        order.status = Order.Status.CANCELLED
    after.tell(orders)
    entries.drop(ids)
    Order.objects.filter(pk__in=ids).delete()
    recount_of(orders)
