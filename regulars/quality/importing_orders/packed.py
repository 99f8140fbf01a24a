"""Several lines in one cell, as some exports pack them."""

import re
from decimal import Decimal

from regulars.orders.drafts import LineDraft
from regulars.quality.files.problems import BadValue
from regulars.quality.importing_orders.amounts import read_amount

_TIMES_FIRST = re.compile(r"^(\d+(?:\.\d+)?)\s*[×x]\s+?(.+)$", re.I)
_TIMES_LAST = re.compile(r"^(.+?)\s+[×x]\s*(\d+(?:\.\d+)?)$", re.I)
_BETWEEN = re.compile(
    r"\s*[,;\n]\s*(?=\d+(?:\.\d+)?\s*[×x]\s)|(?<=[×x]\s\d)\s*,\s*|(?<=[×x]\s\d\d)\s*,\s*|\s*[\n;|]\s*", re.I
)


def lines_in(cell: str) -> list[tuple[Decimal, str]]:
    """Return (quantity, name) of what a cell lists: "2× Mug, 1× Fern print", "Mug x 2, Fern print x 1"."""
    found = []
    for part in _BETWEEN.split(cell):
        part = part.strip()
        if match := _TIMES_FIRST.match(part):
            found.append((Decimal(match[1]), match[2].strip()))
        elif match := _TIMES_LAST.match(part):
            found.append((Decimal(match[2]), match[1].strip()))
        elif part:
            found.append((Decimal(1), part))
    return [(quantity, name) for quantity, name in found if quantity > 0 and name]


def packed_line(cell: str) -> LineDraft | None:
    """Return the line of "name:Mug|sku:M1|quantity:2|total:36.00|sub_total:40.00", or None where a cell holds none."""
    pairs = (part.partition(":") for part in cell.split("|"))
    said = {name.strip().casefold(): value.strip() for name, colon, value in pairs if colon}
    if not said.get("name"):
        return None
    try:
        quantity = read_amount(said.get("quantity", "1")) or Decimal(1)
        total = read_amount(said.get("total", "0"))
        gross = read_amount(said.get("sub_total") or said.get("subtotal") or said.get("total", "0"))
    except BadValue:
        return None
    gross = max(gross, total)
    return LineDraft(
        name=said["name"],
        quantity=quantity,
        unit_price=gross / quantity,
        discount=gross - total,
        total=total,
        sku=said.get("sku", ""),
    )
