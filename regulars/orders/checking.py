"""Whether an order makes sense, said before the database has to: amounts in whole minor units, or `BadOrder`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.lib.money import from_minor, is_known, places, to_minor
from regulars.orders.drafts import BadOrder, LineDraft, OrderDraft
from regulars.orders.models import Order

CLOCK_SLACK = timedelta(minutes=5)  # a till whose clock runs a little ahead is forgiven
MOST = 10**15  # minor units: more is a slip of the keyboard
MOST_PIECES = Decimal(10**9)
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
MOST_LINES = 2000
AMOUNTS = ("discount", "shipping", "tax", "tax_included", "refunded")
Status = Order.Status
STATUSES = frozenset(Status.values)


@dataclass(frozen=True)
class CheckedLine:
    """A line whose amounts are minor units."""

    name: str
    sku: str
    category: str
    quantity: Decimal
    unit_price: int
    discount: int
    tax: int
    total: int
    returned: Decimal | None = None


@dataclass(frozen=True)
class Checked:
    """An order that can be kept: its draft, its amounts in minor units, its lines, its day, where it stands."""

    draft: OrderDraft
    placed_at: datetime
    placed_on: date
    status: str
    subtotal: int
    discount: int
    shipping: int
    tax: int
    tax_included: int
    total: int
    refunded: int
    lines: tuple[CheckedLine, ...]

    @property
    def currency(self) -> str:
        """The order's currency."""
        return self.draft.currency


def check(
    draft: OrderDraft, zone: tzinfo, now: datetime, seen: dict[tuple[int, str], CheckedLine] | None = None
) -> Checked:
    """Return `draft` with its amounts checked and added up. Raises BadOrder; asks no database.

    `seen` keeps the checked lines for those drafts that share them.

    Totals that differ by no more than the roundings of the lines are the source's; tax that the prices include already
    is understood as such.
    """
    if not is_known(draft.currency):
        raise BadOrder(
            "currency", _("“%(code)s” is no currency. Use three letters, as in EUR.") % {"code": draft.currency}
        )
    placed_at = _placed_at(draft, zone, now)
    if len(draft.lines) > MOST_LINES:
        raise BadOrder("lines", _("An order has %(most)d lines at most.") % {"most": MOST_LINES})
    lines = tuple([_line_once(line, draft.currency, seen) for line in draft.lines])
    amounts = {name: _amount(draft, name) for name in AMOUNTS}
    subtotal, total = _sums(draft, lines, amounts)
    status = _status(draft, total, amounts)
    return Checked(
        draft,
        placed_at,
        placed_at.astimezone(zone).date(),
        status,
        subtotal=subtotal,
        total=total,
        lines=lines,
        **amounts,
    )


def _placed_at(draft: OrderDraft, zone: tzinfo, now: datetime) -> datetime:
    placed_at = draft.placed_at if timezone.is_aware(draft.placed_at) else draft.placed_at.replace(tzinfo=zone)
    if placed_at > now + CLOCK_SLACK:
        raise BadOrder("placed_at", _("An order can't lie in the future."))
    if placed_at < EARLIEST:
        raise BadOrder("placed_at", _("That is too long ago for an order. Check the date."))
    return placed_at


def _amount(draft: OrderDraft, name: str) -> int:
    """The named amount of an order in minor units."""
    return _minor(getattr(draft, name), draft.currency, name)


def _minor(amount: Decimal, currency: str, name: str) -> int:
    if not amount:
        return 0
    try:
        minor = to_minor(amount, currency)
    except (InvalidOperation, ValueError, OverflowError):
        raise BadOrder(name, _("That is no amount.")) from None
    if minor < 0:
        raise BadOrder(name, _("An amount can't be negative. A refund is told as a refund."))
    if minor > MOST:
        raise BadOrder(name, _("That is more money than there is. Check the amount."))
    return minor


def _line_once(line: LineDraft, currency: str, seen: dict[tuple[int, str], CheckedLine] | None) -> CheckedLine:
    if seen is None:
        return _line(line, currency)
    key = (id(line), currency)
    checked = seen.get(key)
    if checked is None:
        checked = seen[key] = _line(line, currency)
    return checked


def _line(line: LineDraft, currency: str) -> CheckedLine:
    name = " ".join(line.name.split()) or line.sku or _("Something")
    quantity = _quantity(line, name)
    price, discount, tax = (_minor(a, currency, "lines") for a in (line.unit_price, line.discount, line.tax))
    computed = to_minor(quantity * from_minor(price, currency), currency) - discount
    if line.total is None:
        total = computed
    else:
        total = _minor(line.total, currency, "lines")
        if abs(total - computed) > max(1, int(quantity)):
            said = {"name": name, "said": line.total, "sum": from_minor(computed, currency)}
            raise BadOrder("lines", _("The line “%(name)s” comes to %(sum)s, not to %(said)s.") % said)
    if total < 0:
        raise BadOrder("lines", _("The discount on “%(name)s” is more than it costs.") % {"name": name})
    if total > MOST:
        raise BadOrder("lines", _("That is more money than there is. Check the amount."))
    return CheckedLine(
        name[:200], line.sku.strip()[:80], line.category.strip()[:100], quantity, price, discount, tax, total,
        _returned(line, quantity),
    )  # fmt: skip


def _returned(line: LineDraft, quantity: Decimal) -> Decimal | None:
    """How much came back: between nothing and all of it."""
    if line.returned is None:
        return None
    try:
        return min(max(line.returned.quantize(Decimal("0.001")), Decimal(0)), quantity)
    except InvalidOperation:
        return None


def _quantity(line: LineDraft, name: str) -> Decimal:
    try:
        quantity = line.quantity.quantize(Decimal("0.001"))
    except InvalidOperation:
        quantity = Decimal(0)
    if not 0 < quantity < MOST_PIECES:
        raise BadOrder("lines", _("The quantity of “%(name)s” has to be more than nothing.") % {"name": name})
    return quantity


def _sums(draft: OrderDraft, lines: tuple[CheckedLine, ...], amounts: dict[str, int]) -> tuple[int, int]:
    """Return subtotal and total that add up to the cent; moves tax to `tax_included` where prices include it."""
    said = None if draft.total is None else _minor(draft.total, draft.currency, "total")
    subtotal = _subtotal(draft, lines)
    around = amounts["shipping"] - amounts["discount"]
    if subtotal is None:
        subtotal = (said or 0) - around - amounts["tax"]
        if subtotal < 0:
            raise BadOrder("total", _("Tax and shipping are more than the total."))
    slack = max(1, len(lines))
    if said is not None and amounts["tax"] and abs(subtotal + around - said) <= slack:
        amounts["tax_included"], amounts["tax"] = amounts["tax_included"] or amounts["tax"], 0
    total = subtotal + around + amounts["tax"]
    if said is not None and said != total:
        if abs(said - total) > slack:
            sums = {"sum": from_minor(total, draft.currency), "said": draft.total}
            raise BadOrder("total", _("The parts of this order come to %(sum)s, not to %(said)s.") % sums)
        subtotal, total = subtotal + said - total, said
    if total < 0:
        raise BadOrder("discount", _("The discount is more than the order."))
    if total > MOST:
        raise BadOrder("total", _("That is more money than there is. Check the amount."))
    return subtotal, total


def _subtotal(draft: OrderDraft, lines: tuple[CheckedLine, ...]) -> int | None:
    said = None if draft.subtotal is None else _minor(draft.subtotal, draft.currency, "subtotal")
    if not lines:
        return said
    summed = sum(line.total for line in lines)
    if said is not None and abs(said - summed) > len(lines):
        sums = {"sum": from_minor(summed, draft.currency), "said": draft.subtotal}
        raise BadOrder("subtotal", _("The lines of this order come to %(sum)s, not to %(said)s.") % sums)
    return summed if said is None else said


def _status(draft: OrderDraft, total: int, amounts: dict[str, int]) -> str:
    """Where it stands, told by what was refunded; completes the refund of one that was refunded in whole."""
    if draft.status not in STATUSES:
        raise BadOrder("status", _("“%(status)s” is no status of an order.") % {"status": draft.status})
    if amounts["refunded"] > total:
        most = {"most": from_minor(total, draft.currency), "places": places(draft.currency)}
        raise BadOrder("refunded", _("No more than %(most)s can be refunded: that is what the order came to.") % most)
    if draft.status == Status.CANCELLED:
        return draft.status
    if draft.status == Status.REFUNDED and not amounts["refunded"]:
        amounts["refunded"] = total
    if draft.status == Status.PARTLY and not amounts["refunded"]:
        raise BadOrder("refunded", _("Say how much was refunded."))
    return status_for(draft.status, total, amounts["refunded"])


def status_for(status: str, total: int, refunded: int) -> str:
    """The status that says what was refunded: an order paid for and refunded in part is "partly"."""
    if refunded and refunded == total:
        return Status.REFUNDED
    if refunded:
        return Status.PARTLY
    refund_words: tuple[Any, ...] = (Status.PARTLY, Status.REFUNDED)
    return status if status not in refund_words else (Status.REFUNDED if not total else Status.PAID)
