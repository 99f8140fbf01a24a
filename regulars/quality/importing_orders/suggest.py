"""Guessing what the columns of a file of orders or products mean."""

import re
from collections.abc import Iterable, Sequence

from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.files.suggest import by_name
from regulars.quality.files.targets import normal
from regulars.quality.files.values import guess_date_order
from regulars.quality.importing_orders.amounts import guess_mark
from regulars.quality.importing_orders.known import LINE, WHOLE
from regulars.quality.importing_orders.targets import AMOUNT_TARGETS, ORDER_SYNONYMS

_EMAIL = re.compile(r"^\S+@\S+\.\w+$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d|^\d\d?[./-]\d\d?[./-]\d{2,4}\b")
_OFTEN = frozenset({"buyer.phone", "line.packed"})  # what several columns may hold
# Of these the whole order or the line may be meant: the line, where the file has lines.
_OF_LINES = {"total": "line.total", "discount": "line.discount", "tax": "line.tax"}
DATE_ORDERS = ("dmy", "mdy", "ymd")


def suggest_columns(headers: list[str], samples: Sequence[Sequence[str]]) -> Mapping:
    """Return the most likely mapping of a file of orders."""
    columns = list(zip(*samples, strict=False)) if samples else [()] * len(headers)
    found = [_suggest(header, values) for header, values in zip(headers, columns, strict=True)]
    found = _once(_without_twins(found))
    kind = _kind(found, columns)
    if kind == LINE and _repeats(found, columns):
        found = [_line_of(column, values, found, columns) for column, values in zip(found, columns, strict=True)]
    return Mapping(found, kind)


def _suggest(header: str, values: Sequence[str]) -> Column:
    name = normal(re.sub(r"\(\d+\)$", "", header))
    filled = [value.strip() for value in values if value.strip()]
    if filled and all(_EMAIL.match(value) for value in filled):
        return Column("buyer.email")
    target = by_name(name, ORDER_SYNONYMS)
    if target == "placed_at" and "utc" in name.split():
        return Column(target, "utc")
    if not target and filled and all(_DAY.match(value) for value in filled):
        return Column("placed_at")
    return Column(target)


def _without_twins(found: list[Column]) -> list[Column]:
    """A "Name" beside a product's "Item" is the buyer's; beside nothing that says whose it is, it stays so too."""
    targets = [column.target for column in found]
    if "number" not in targets and "external_id" in targets:
        return [Column("number") if column.target == "external_id" else column for column in found]
    return found


def _once(found: list[Column]) -> list[Column]:
    taken: set[str] = set()
    kept = []
    for column in found:
        kept.append(Column() if column.target in taken and column.target not in _OFTEN else column)
        taken.add(column.target)
    return kept


def _kind(found: list[Column], columns: Sequence[Sequence[str]]) -> str:
    """One line a row where rows have both a product and a number; else a whole order a row."""
    targets = {column.target for column in found}
    has_product = bool(targets & {"line.name", "line.sku"})
    return LINE if _repeats(found, columns) or (has_product and "number" in targets) else WHOLE


def _repeats(found: list[Column], columns: Sequence[Sequence[str]]) -> bool:
    """Whether the same number stands on several rows."""
    for column, values in zip(found, columns, strict=True):
        if column.target == "number":
            filled = [value for value in values if value.strip()]
            return len(set(filled)) < len(filled)
    return False


def _line_of(column: Column, values: Sequence[str], found: list[Column], columns: Sequence[Sequence[str]]) -> Column:
    """Of amounts that differ within an order, the line's is meant."""
    to = _OF_LINES.get(column.target)
    if to is None or any(other.target == to for other in found):
        return column
    numbers = next(own for other, own in zip(found, columns, strict=True) if other.target == "number")
    said: dict[str, set[str]] = {}
    for number, value in zip(numbers, values, strict=True):
        if value.strip():
            said.setdefault(number, set()).add(value.strip())
    return Column(to) if any(len(amounts) > 1 for amounts in said.values()) else column


def settle(column: Column, values: Iterable[str], date_order: str) -> Column:
    """Return `column` with how its dates or amounts are written."""
    if column.label in DATE_ORDERS:
        return Column(column.target, "", column.group, column.label)
    if column.order:
        return column
    if column.target == "placed_at":
        return Column(column.target, column.label, column.group, guess_date_order(values, date_order))
    if column.target in AMOUNT_TARGETS:
        return Column(column.target, column.label, column.group, guess_mark(values))
    return column
