"""Rows to orders: one row each, or one for each line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from decimal import Decimal
from hashlib import blake2b
from operator import itemgetter

from django.utils.translation import gettext as _

from regulars.orders.drafts import ZERO, Buyer, LineDraft, OrderDraft
from regulars.orders.models import Order
from regulars.quality.files.build import Problem
from regulars.quality.files.mapping import Mapping
from regulars.quality.files.problems import BadValue, shorten
from regulars.quality.files.rows import Row
from regulars.quality.files.values import read_phones
from regulars.quality.importing_orders.adding_up import Sums, add_up
from regulars.quality.importing_orders.amounts import currency_in, read_amount
from regulars.quality.importing_orders.cells import Kept, said_in
from regulars.quality.importing_orders.known import CHANNEL_OF, LINE
from regulars.quality.importing_orders.moments import read_moment
from regulars.quality.importing_orders.order_lines import LINE_TARGETS, LineReader
from regulars.quality.importing_orders.words import IGNORED, channel_of, is_refund, says_yes, status_of

_BUYER = {
    "buyer.name": "name", "buyer.given": "given_name", "buyer.family": "family_name", "buyer.email": "email",
    "buyer.phone": "phone", "buyer.company": "company", "buyer.id": "external_id", "buyer.loyalty": "loyalty_number",
}  # fmt: skip
_LIMITS = {"email": 254, "phone": 40, "external_id": 120, "loyalty_number": 120}
Status = Order.Status


@dataclass(slots=True)
class OrderPiece:
    """One order of a file, or the refund of one: the rows it stands on, and what is wrong with it.

    `draft` is None where nothing can be made of it; `refund` is what rows without the order itself give back.
    """

    lines: list[Row]
    draft: OrderDraft | None = None
    refund: Decimal | None = None
    is_ignored: bool = False
    problems: list[tuple[Row, Problem]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows of the file it is made of."""
        return len(self.lines)


@dataclass(frozen=True)
class Setting:
    """What the file itself doesn't say: whose orders these are, their currency, where and when that is."""

    source: str
    currency: str
    home: str
    zone: tzinfo
    date_order: str
    region: str = ""
    channel: str = ""


class OrderBuilder:
    """Makes orders of the rows of one file."""

    def __init__(self, headers: list[str], mapping: Mapping, setting: Setting) -> None:
        self.headers, self.mapping, self.setting = headers, mapping, setting
        self.by_line = mapping.kind == LINE
        self.at: dict[str, list[int]] = {}
        for index, column in enumerate(mapping.columns):
            if column.target:
                self.at.setdefault(column.target, []).append(index)
        self.has_lines = any(target.startswith("line.") for target in self.at)
        self.signed = [t for t in ("line.quantity", "line.total", "line.gross", "total") if t in self.at]
        self.channel = setting.channel or CHANNEL_OF.get(mapping.origin, "")
        # Rows repeat themselves: what follows from the same cells is worked out once.
        self.line_cells, self.lines = self._cells_of(LINE_TARGETS), Kept[LineDraft]()
        self.back_cells, self.backs = self._cells_of(("event", *self.signed)), Kept[bool]()
        self.buyer_cells = self._cells_of(_BUYER)

    # Cells.

    def _cells_of(self, targets: Iterable[str]) -> Callable[[list[str]], tuple[str, ...]]:
        """Return what takes the cells of these targets out of a row's."""
        indexes = sorted(index for target in targets for index in self.at.get(target, ()))
        if not indexes:
            return lambda _cells: ()
        return itemgetter(*indexes, indexes[0])  # of one alone it would give no tuple

    def text(self, row: Row, target: str) -> str:
        """The first filled cell of `target` in a row."""
        for index in self.at.get(target, ()):
            if cell := said_in(row.cells[index]):
                return cell
        return ""

    def first(self, rows: Sequence[Row], target: str) -> str:
        """The first filled cell of `target` in the rows of an order."""
        if target not in self.at:
            return ""
        for row in rows:
            if cell := self.text(row, target):
                return cell
        return ""

    def header(self, target: str) -> str:
        """The header of the column that `target` stands in."""
        found = self.at.get(target)
        return self.headers[found[0]] if found else ""

    def amount(self, row: Row, target: str) -> Decimal | None:
        """The amount of `target` in a row; None where the cell is empty. Raises BadValue."""
        for index in self.at.get(target, ()):
            if cell := said_in(row.cells[index]):
                return read_amount(cell, self.mapping.columns[index].order or ".")
        return None

    def key(self, row: Row) -> str:
        """What tells the order of a row from others: its number, else its id; "" where the row says neither."""
        return self.text(row, "number") or self.text(row, "external_id")

    def continues(self, row: Row) -> bool:
        """Whether a row without a number can only be a further line of the order above."""
        return (
            self.by_line
            and not self.text(row, "placed_at")
            and bool(self.text(row, "line.name") or self.text(row, "line.sku"))
        )

    # Orders.

    def build(self, rows: list[Row], nth: int = 0) -> OrderPiece:
        """Return the order that `rows` tell of. `nth` tells rows apart that say the same and have no number."""
        piece = OrderPiece(rows)
        for row in rows:
            if row.problem:
                piece.problems.append((row, Problem("", row.problem)))
        if not piece.problems:
            _Making(self, piece, nth).make()
        return piece


class _Making:
    """One order in the making."""

    def __init__(self, builder: OrderBuilder, piece: OrderPiece, nth: int) -> None:
        self.builder, self.piece, self.nth = builder, piece, nth
        self.rows = piece.lines
        self.setting = builder.setting
        self.refunds: list[Row] = []

    def make(self) -> None:
        """Fill the piece."""
        status = self._status()
        if status == IGNORED:
            self.piece.is_ignored = True
            return
        refunds = self.refunds = [row for row in self.rows if self._gives_back(row)]
        sales = [row for row in self.rows if row not in refunds] if refunds else self.rows
        given = sum((self._given_back(row) for row in refunds), ZERO)
        if not self.piece.problems and not sales:
            self.piece.refund = given
            sales = refunds[:1]
        if self._one_order(sales) and not self.piece.problems:
            self._draft(sales, given if self.piece.refund is None else ZERO, status)
        if self.piece.problems:
            self.piece.draft = None

    def problem(self, row: Row, target: str, message: str) -> None:
        """Say what is wrong with a row."""
        self.piece.problems.append((row, Problem(self.builder.header(target), message)))

    def amount(self, row: Row, target: str) -> Decimal | None:
        """An amount of one row, or None with a problem."""
        if target not in self.builder.at:
            return None
        try:
            return self.builder.amount(row, target)
        except BadValue as bad:
            problem = (row, Problem(self.builder.header(target), str(bad)))
            if problem not in self.piece.problems:
                self.piece.problems.append(problem)
            return None

    def of_order(self, rows: Sequence[Row], target: str) -> Decimal | None:
        """An amount of the order: the first that a row says."""
        if target not in self.builder.at:
            return None
        return next((amount for row in rows if (amount := self.amount(row, target)) is not None), None)

    def _status(self) -> str:
        builder = self.builder
        said = builder.first(self.rows, "status")
        status = status_of(said) if said else ""
        if said and not status:
            self.problem(self.rows[0], "status", _("“%(word)s” is no status we know.") % {"word": shorten(said)})
        cancelled = builder.first(self.rows, "cancelled")
        if status != IGNORED and cancelled and says_yes(cancelled):
            return Status.CANCELLED
        sent = builder.first(self.rows, "fulfilment")
        if status in ("", Status.PAID) and sent and says_yes(sent):
            told = status_of(sent)
            return Status.FULFILLED if not told or told == Status.FULFILLED else status or Status.PAID
        return status or Status.PAID

    def _gives_back(self, row: Row) -> bool:
        """Whether a row tells of money that was given back."""
        cells, backs = self.builder.back_cells(row.cells), self.builder.backs
        if (known := backs.get(cells)) is not None:
            return known
        wrong, found = len(self.piece.problems), self._is_refund(row)
        return found if len(self.piece.problems) > wrong else backs.keep(cells, found)

    def _is_refund(self, row: Row) -> bool:
        if "event" in self.builder.at and is_refund(self.builder.text(row, "event")):
            return True
        amounts = [self.amount(row, target) for target in self.builder.signed]
        return any(amount is not None and amount < 0 for amount in amounts)

    def _given_back(self, row: Row) -> Decimal:
        """How much a row gives back."""
        for target in ("total", "line.total"):
            if amount := self.amount(row, target):
                return abs(amount)
        gross = self.amount(row, "line.gross")
        if gross is None:
            quantity = self.amount(row, "line.quantity")
            gross = (Decimal(1) if quantity is None else quantity) * (self.amount(row, "line.price") or ZERO)
        less, tax = self.amount(row, "line.discount") or ZERO, self.amount(row, "line.tax") or ZERO
        return abs(gross) - abs(less) + abs(tax)

    def _one_order(self, rows: Sequence[Row]) -> bool:
        """Refuse rows that share a number and can't be one order."""
        if len(rows) < 2:
            return True
        builder = self.builder
        said = {"number": shorten(builder.key(rows[0]))}
        same = len({builder.buyer_cells(row.cells) for row in rows}) == 1
        for target in () if same else ("buyer.email", "buyer.id", "buyer.phone", "buyer.name"):
            people = {text.casefold() for row in rows if (text := builder.text(row, target))}
            if len(people) > 1:
                names = _("%(one)s and %(other)s") % dict(zip(("one", "other"), sorted(people), strict=False))
                message = _("Order %(number)s stands here for different customers: %(names)s.")
                self.problem(rows[0], target, message % {**said, "names": names})
                return False
            if people:
                break
        if not builder.by_line:
            message = _("Order %(number)s stands in this file more than once. If each row is a line, say so.")
            self.problem(rows[-1], "number", message % said)
            return False
        return True

    def _draft(self, rows: Sequence[Row], given: Decimal, status: str) -> None:
        builder, setting = self.builder, self.setting
        first = builder.first
        placed = first(rows, "placed_at")
        if not placed:
            self.problem(rows[0], "placed_at", _("This order has no date."))
            return
        index = builder.at["placed_at"][0]
        column = builder.mapping.columns[index]
        try:
            zone = UTC if column.label == "utc" else setting.zone
            moment = read_moment(placed, column.order or setting.date_order, zone, first(rows, "time"))
        except BadValue as bad:
            self.problem(rows[0], "placed_at", str(bad))
            return
        currency = self._currency(rows)
        reader = LineReader(builder, self.amount, self.piece.problems)
        lines = reader.of(rows)
        sums = self._sums(rows, lines, given)
        if self.piece.problems or sums is None:
            return
        if status == Status.REFUNDED and not sums.refunded:
            sums.refunded = sums.total or ZERO
        if status == Status.PARTLY and not sums.refunded:
            status = Status.PAID  # how much is not said
        number = first(rows, "number")
        self.piece.draft = OrderDraft(
            placed_at=moment,
            currency=currency,
            source=setting.source,
            external_id=self._external_id(rows, number),
            number=number,
            channel=channel_of(first(rows, "channel")) or builder.channel or Order.Channel.OTHER,
            status=status,
            lines=tuple(reader.with_returns(lines, self.refunds) if given else lines),
            subtotal=sums.subtotal,
            discount=sums.discount,
            shipping=sums.shipping,
            tax=sums.tax,
            tax_included=sums.tax_included,
            total=sums.total,
            refunded=sums.refunded,
            settled_rate=self._settled_rate(rows, sums.total),
            note=self._note(rows, lines),
            buyer=self._buyer(rows),
        )

    def _external_id(self, rows: Sequence[Row], number: str) -> str:
        """What names the order where it comes from: its id, its number, else its own words."""
        named = (self.builder.first(rows, "external_id") or number).lstrip("#").strip()
        if named:
            return named[:120]
        words = "\x1f".join(cell for row in rows for cell in row.cells)
        return f"row-{blake2b(words.encode('utf-8', 'replace'), digest_size=12).hexdigest()}-{self.nth}"

    def _currency(self, rows: Sequence[Row]) -> str:
        said = self.builder.first(rows, "currency").upper()
        if said:
            return said if len(said) == 3 else currency_in(said, self.setting.home) or said[:3]
        for target in ("total", "subtotal", "line.price", "line.gross"):
            if (cell := self.builder.first(rows, target)) and (found := currency_in(cell, self.setting.home)):
                return found
        return self.setting.currency

    def _sums(self, rows: Sequence[Row], lines: list[LineDraft], given: Decimal) -> Sums | None:
        of = self.of_order
        total = of(rows, "total")
        if self.builder.by_line and len(rows) > 1 and "line.total" not in self.builder.at:
            said = {amount for row in rows if (amount := self.amount(row, "total")) is not None}
            if len(said) > 1:  # the total of each line
                total = None
        line_tax = sum((line.tax for line in lines), ZERO)
        tax = of(rows, "tax")
        sums = Sums(
            base=sum((line.total or ZERO for line in lines), ZERO) if lines else None,
            subtotal=of(rows, "subtotal"),
            discount=abs(of(rows, "discount") or ZERO),
            shipping=abs(of(rows, "shipping") or ZERO),
            tax=abs(tax) if tax is not None else line_tax,
            total=total,
            refunded=abs(of(rows, "refunded") or ZERO) or given,
        )
        if self.piece.refund is not None:
            return Sums(base=None, subtotal=None, discount=ZERO, shipping=ZERO, tax=ZERO, total=self.piece.refund)
        if total is None and sums.subtotal is None and not lines:
            self.problem(rows[0], "total", _("This order has no amount."))
            return None
        return add_up(sums, absorb=self.builder.mapping.recognised)

    def _settled_rate(self, rows: Sequence[Row], total: Decimal | None) -> Decimal | None:
        settled = self.of_order(rows, "settled")
        if not settled or not total or self.builder.first(rows, "settled_currency").upper() != self.setting.home:
            return None
        return (settled / total).quantize(Decimal("1E-10"))

    def _note(self, rows: Sequence[Row], lines: list[LineDraft]) -> str:
        note = self.builder.first(rows, "note")
        things = "" if lines else self.builder.first(rows, "items")
        return " · ".join(filter(None, (note, things)))[:500]

    def _buyer(self, rows: Sequence[Row]) -> Buyer:
        found = {name: self.builder.first(rows, target) for target, name in _BUYER.items() if target in self.builder.at}
        if "@" not in found.get("email", ""):
            found.pop("email", None)
        if found.get("phone"):
            found["phone"] = self._phone(found["phone"])
        return Buyer(**{name: text[: _LIMITS.get(name, 300)] for name, text in found.items()})

    def _phone(self, text: str) -> str:
        """A phone in E.164 where it can be read; an order is no worse for one that can't."""
        try:
            return next((number for number, _extension in read_phones(text, self.setting.region)), "")
        except BadValue:
            return text


def buyer_texts(piece: OrderPiece) -> Iterator[str]:
    """Every text of an order by which a person could be known."""
    for row in piece.lines:
        yield from row.cells
