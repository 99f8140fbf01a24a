"""The lines of an order: what was bought, how much of it, and what it came to, as far as a file tells."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from regulars.orders.drafts import ZERO, LineDraft
from regulars.quality.files.rows import Row
from regulars.quality.importing_orders.packed import lines_in, packed_line

if TYPE_CHECKING:
    from regulars.quality.importing_orders.build import OrderBuilder

PRICED = ("line.price", "line.gross", "line.total")
LINE_TARGETS = (*PRICED, "line.name", "line.variant", "line.sku", "line.category", "line.quantity", "line.discount",
                "line.tax")  # fmt: skip
ReadAmount = Callable[[Row, str], Decimal | None]


class LineReader:
    """Reads the lines of one order. `amount` reads an amount of a row by its target and notes in `problems` what is
    wrong with it."""

    def __init__(self, builder: "OrderBuilder", amount: ReadAmount, problems: Sequence[object]) -> None:
        self.builder, self.amount, self.problems = builder, amount, problems

    def of(self, rows: Sequence[Row]) -> list[LineDraft]:
        """The lines of an order, from rows, from a cell that holds several, or from what the order says of itself."""
        builder = self.builder
        if not builder.has_lines:
            return self._lines_in_a_cell(rows)
        packed = [line for row in rows for index in builder.at.get("line.packed", ())
                  if (line := packed_line(row.cells[index]))]  # fmt: skip
        if packed:
            return packed
        return [line for row in rows if (line := self._known_line(row, single=len(rows) == 1)) is not None]

    def with_returns(self, lines: list[LineDraft], refunds: Sequence[Row]) -> list[LineDraft]:
        """The lines with what the rows of refunds say came back of them: of the same SKU, else of the same name."""
        back: dict[str, Decimal] = {}
        for row in refunds:
            named = self.builder.text(row, "line.sku") or self._name(row)
            quantity = self.amount(row, "line.quantity")
            if named and quantity:
                back[named] = back.get(named, ZERO) + abs(quantity)
        found = []
        for line in lines:
            key = line.sku if line.sku in back else line.name
            part = min(back.get(key, ZERO), line.quantity)
            back[key] = back.get(key, ZERO) - part
            found.append(replace(line, returned=part) if part else line)
        return found

    def _known_line(self, row: Row, *, single: bool) -> LineDraft | None:
        """The line of a row; the same one as before where its cells say the same, which have to name its price."""
        builder = self.builder
        cells = builder.line_cells(row.cells)
        if known := builder.lines.get(cells):
            return known
        wrong, line = len(self.problems), self._line(row, single=single)
        is_whole = len(self.problems) == wrong and any(builder.text(row, target) for target in PRICED)
        return builder.lines.keep(cells, line) if line and is_whole else line

    def _line(self, row: Row, *, single: bool) -> LineDraft | None:
        builder = self.builder
        text = builder.text
        name, sku = text(row, "line.name"), text(row, "line.sku")
        quantity = self.amount(row, "line.quantity")
        price, gross = self.amount(row, "line.price"), self.amount(row, "line.gross")
        total, less = self.amount(row, "line.total"), abs(self.amount(row, "line.discount") or ZERO)
        if not name and not sku and price is None and gross is None and total is None:
            return None
        if quantity == 0:
            return None
        quantity = Decimal(1) if quantity is None else quantity
        if gross is None and price is None:
            if total is None:  # the row tells only what, not how much it cost
                total = self._lonely_total(row) if single else None
            if total is None:
                return None
            gross = total + less
        if gross is not None:
            price, total = gross / quantity, gross - less
        elif price is not None and total is None:
            total = _cents(price * quantity) - less
        elif price is not None and total is not None and not less and price * quantity > total:
            less = _cents(price * quantity) - total
        return LineDraft(
            name=self._name(row) or sku or _("Something"),
            quantity=quantity,
            unit_price=price or ZERO,
            discount=less,
            tax=abs(self.amount(row, "line.tax") or ZERO),
            total=total,
            sku=sku,
            category=text(row, "line.category"),
        )

    def _name(self, row: Row) -> str:
        """What a row calls the product, with its variant."""
        name, variant = self.builder.text(row, "line.name"), self.builder.text(row, "line.variant")
        if not variant or variant.casefold() in ("regular", "default title"):
            return name
        return f"{name} – {variant}" if name else variant

    def _lonely_total(self, row: Row) -> Decimal | None:
        """What the only line of an order came to, where the file says it of the order."""
        subtotal = self.amount(row, "subtotal")
        if subtotal is not None:
            return subtotal
        total = self.amount(row, "total")
        around = (self.amount(row, "shipping") or ZERO) - abs(self.amount(row, "discount") or ZERO)
        return None if total is None else total - around

    def _lines_in_a_cell(self, rows: Sequence[Row]) -> list[LineDraft]:
        """One thing with the price of the order; of several nobody knows which cost what: they go into the note."""
        things = lines_in(self.builder.first(rows, "items"))
        if len(things) != 1:
            return []
        quantity, name = things[0]
        total = self._lonely_total(rows[0])
        if total is None or total < 0:
            return []
        return [LineDraft(name=name, quantity=quantity, unit_price=total / quantity, total=total)]


def _cents(amount: Decimal) -> Decimal:
    """An amount as money: tills round each line."""
    return amount.quantize(Decimal("0.01")) if amount.as_tuple().exponent not in (0, -1, -2) else amount
