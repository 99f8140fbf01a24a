"""Money: whole minor units (cents) in the database, decimals in forms and files, words on the screen.

Sums of whole numbers are exact on both databases, whatever their number (ADR 0010). How many minor units a currency
has, and how people write an amount, is Unicode's CLDR, read through Babel.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision, is_currency
from django.utils.translation import get_language

FALLBACK = "en"
CURRENCY_LENGTH = 3


@lru_cache(maxsize=1024)
def is_known(currency: str) -> bool:
    """Whether `currency` is an ISO 4217 code, written in capitals."""
    return len(currency) == CURRENCY_LENGTH and currency.isupper() and is_currency(currency)


@lru_cache(maxsize=256)
def places(currency: str) -> int:
    """Return how many decimals amounts of `currency` have: 2 for EUR, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


def to_minor(amount: Decimal, currency: str) -> int:
    """Return `amount` in whole minor units of `currency`, half a unit rounded away from zero."""
    return int(amount.scaleb(places(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return the amount of `minor` units of `currency` with the currency's decimals."""
    return Decimal(minor).scaleb(-places(currency))


def money_text(minor: int, currency: str, *, whole: bool = False) -> str:
    """Return an amount as people of the current language write it: "€6,240.50", with `whole` "€6,241"."""
    amount = from_minor(minor, currency)
    if whole:
        amount = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return _written(amount, currency, (get_language() or FALLBACK).replace("-", "_"), whole)


def _written(amount: Decimal, currency: str, language: str, whole: bool) -> str:
    pattern = "¤#,##0" if whole and language.startswith(FALLBACK) else None
    try:
        text = format_currency(amount, currency, pattern, locale=language, currency_digits=not whole)
    except (UnknownLocaleError, ValueError):
        text = format_currency(amount, currency, pattern, locale=FALLBACK, currency_digits=not whole)
    return str(text)
