"""Amounts as people and programs write them: "€1.234,50", "(12.00)", "1'234.50-", "R$ 10"."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from regulars.lib.money import is_known
from regulars.quality.files.problems import BadValue, shorten

_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_NUMBER = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*")
_MARKS = re.compile(r"[.,]")
_SPACES = re.compile(r"['’\s\u00a0\u202f]")
MOST_DIGITS = 15
SYMBOLS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₴": "UAH", "₫": "VND",
    "৳": "BDT", "₪": "ILS", "zł": "PLN", "Kč": "CZK", "R$": "BRL", "US$": "USD", "A$": "AUD", "C$": "CAD",
    "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "Fr.": "CHF", "RM": "MYR", "Ft": "HUF", "lei": "RON",
}  # fmt: skip


@lru_cache(16384)
def read_amount(text: str, mark: str = ".") -> Decimal:
    """Return the amount in a cell; 0 for an empty one. `mark` is the decimal mark where the cell leaves it open.

    Raises BadValue for something that is none.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text) and not (mark == "," and _is_thousands(text, ".")):
        return Decimal(text)
    if text in ("", "-", "–", "—"):
        return Decimal(0)
    found = _NUMBER.findall(text)
    rest = _NUMBER.sub("", text)
    if len(found) != 1 or len(rest) > 12 or "%" in rest:
        raise BadValue(_("“%(text)s” is not an amount.") % {"text": shorten(text)})
    digits = _SPACES.sub("", found[0]).rstrip(".,")
    amount = Decimal(_with_point(digits, mark, text))
    negative = "-" in rest or "−" in rest or (rest.strip().startswith("(") and rest.strip().endswith(")"))
    return -amount if negative else amount


def _with_point(digits: str, mark: str, text: str) -> str:
    """Return digits with "." as decimal mark and nothing between thousands."""
    marks = _MARKS.findall(digits)
    if len(set(marks)) == 2:
        mark = marks[-1]  # 1.234,50: the last one
    elif len(marks) > 1:
        mark = "." if marks[0] == "," else ","  # 1.234.567: thousands
    elif marks and not _is_thousands(digits, marks[0]):
        mark = marks[0]
    thousands = "," if mark == "." else "."
    plain = digits.replace(thousands, "").replace(mark, ".")
    if plain.count(".") > 1 or sum(c.isdigit() for c in plain) > MOST_DIGITS:
        raise BadValue(_("“%(text)s” is not an amount.") % {"text": shorten(text)})
    return plain


def _is_thousands(digits: str, mark: str) -> bool:
    """Whether the only mark can stand between thousands: 1.234, but not 0.234 or 12.50."""
    before, found, after = digits.lstrip("-").partition(mark)
    return bool(found) and len(after) == 3 and after.isdigit() and 1 <= len(before) <= 3 and before[:1] != "0"


def guess_mark(values: Iterable[str]) -> str:
    """Return the decimal mark of a column: "." or ",", from those of its values that leave no doubt."""
    commas = points = 0
    for value in values:
        for number in _NUMBER.findall(value):
            marks = _MARKS.findall(number.rstrip(".,"))
            if not marks or (len(set(marks)) == 1 and (len(marks) > 1 or _is_thousands(number.strip(), marks[0]))):
                continue
            commas += marks[-1] == ","
            points += marks[-1] == "."
    return "," if commas > points else "."


@lru_cache(1024)
def currency_in(text: str, home: str) -> str:
    """Return the currency that a cell names by code or symbol, or "". A bare "$" is `home` where that is a dollar."""
    rest = _NUMBER.sub(" ", text).replace("-", " ").replace("−", " ").strip(" ()\u00a0\u202f")
    if not rest:
        return ""
    if len(rest) == 3 and is_known(rest.upper()):
        return rest.upper()
    if rest == "$":
        return home if home in ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN") else "USD"
    return SYMBOLS.get(rest, "")
