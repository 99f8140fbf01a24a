"""An order in one line: "24.50 2 bags House blend, Flat white" is what was paid and what for.

An amount stands at the beginning or the end, with its sign or code, or with its cents; without one the prices of the
products are added up. What was bought is separated by commas, "+" or "and", each with how many of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from regulars.lib.money import from_minor, is_known, places
from regulars.lib.text import fold
from regulars.orders.drafts import BadOrder, LineDraft
from regulars.orders.models import Product
from regulars.orders.rates import home_currency

SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "R$": "BRL", "zł": "PLN", "₺": "TRY", "₩": "KRW"}
_NUMBER = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,3})?|\d+(?:[.,]\d{1,3})?"
_SIGN = r"R\$|zł|[€$£¥₹₺₩]|[A-Z]{3}"
AMOUNT = re.compile(
    rf"(?P<before>{_SIGN})\s?(?P<number>{_NUMBER})(?!\d)|(?P<number2>{_NUMBER})\s?(?P<after>{_SIGN})(?!\w)"
)
_BARE = re.compile(r"^(?P<number>\d+[.,]\d{2})(?!\d)(?=\s|$)|^(?P<whole>\d+)(?=\s+\d|\s*$)")
_BARE_END = re.compile(r"(?<=\s)(?P<number>\d+[.,]\d{2})$")
_PARTS = re.compile(r"[,;+\n](?!\d)|\s&\s|\s(?:and|und|e|y|et)\s", re.IGNORECASE)
_MANY = re.compile(r"^(?P<many>\d+(?:[.,]\d+)?)\s*(?:[x×*]\s*)?(?P<name>\D.*)$")
_PACKS = re.compile(
    r"^(?:(?:bags?|pieces?|pcs?|cups?|boxes|box|packs?|bottles?|kg|x|×|tüten?|stück|tassen?|packungen|packung)\s+)(?:of\s+)?",
    re.IGNORECASE,
)
MOST_PARTS = 40
MOST_FOUND = 20


@dataclass(frozen=True)
class Said:
    """What a line says: the amount or None, its currency, and what was bought, each with how many."""

    total: Decimal | None
    currency: str
    parts: tuple[tuple[Decimal, str], ...] = ()


def read_line(text: str) -> Said:
    """Return what `text` says. Raises BadOrder for a currency that is none."""
    text = " ".join(text.split())
    home = home_currency()
    found = AMOUNT.search(text)
    if found and (found.start() == 0 or found.end() == len(text)):
        currency = _currency(found["before"] or found["after"], home)
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        return Said(number(found["number"] or found["number2"]), currency, _parts(rest))
    bare = _BARE.search(text) or _BARE_END.search(text)
    if bare:
        said = next(value for value in bare.groupdict().values() if value)
        return Said(number(said), home, _parts(f"{text[: bare.start()]} {text[bare.end() :]}"))
    return Said(None, home, _parts(text))


def number(text: str) -> Decimal:
    """Read "1.234,50", "1,234.50" or "24,5": the last point or comma is the decimal one unless it cuts thousands."""
    text = re.sub(r"['’ ]", "", text)
    last = max(text.rfind("."), text.rfind(","))
    if last >= 0:
        whole, cents = re.sub(r"[.,]", "", text[:last]), text[last + 1 :]
        cuts_thousands = len(cents) == 3 and whole[:1] != "0" and len(set(re.findall(r"[.,]", text))) == 1
        text = f"{whole}{cents}" if cuts_thousands else f"{whole}.{cents}"
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadOrder("total", _("That is no amount.")) from None


def _currency(sign: str, home: str) -> str:
    if sign in SIGNS:
        known = SIGNS[sign]
        return home if sign == "$" and home.endswith("D") else known  # a dollar is that of the business
    if not is_known(sign):
        raise BadOrder("currency", _("“%(code)s” is no currency. Use three letters, as in EUR.") % {"code": sign})
    return sign


def _parts(text: str) -> tuple[tuple[Decimal, str], ...]:
    found = []
    for part in _PARTS.split(text)[:MOST_PARTS]:
        name = part.strip(" .-–—:")
        if not name:
            continue
        many = _MANY.match(name)
        quantity = number(many["many"]) if many else Decimal(1)
        found.append((quantity, _PACKS.sub("", many["name"].strip()) if many else name))
    return tuple(found)


def lines_of(said: Said) -> tuple[list[LineDraft], Decimal]:
    """Return the lines of an order, and the discount that makes them come to what was paid.

    Products are found by their names; one whose price is not known takes what is left of the amount. Raises BadOrder
    when nothing says what it came to.
    """
    home = home_currency()
    found = [(quantity, name, product_named(name)) for quantity, name in said.parts]
    at_home = said.currency == home
    lines = [_line(quantity, name, product, home if at_home else "") for quantity, name, product in found]
    if said.total is None:
        if not lines or any(not line.unit_price for line in lines):
            raise BadOrder("total", _("Say what it came to: “24.50 2 House blend”."))
        return lines, Decimal(0)
    return _to_total(lines, said.total)


def _line(quantity: Decimal, name: str, product: Product | None, currency: str) -> LineDraft:
    price = from_minor(product.price, currency) if product and product.price is not None and currency else Decimal(0)
    sku, name = (product.sku, product.name) if product else ("", name[:1].upper() + name[1:])
    return LineDraft(name, quantity, price, sku=sku)


def _to_total(lines: list[LineDraft], total: Decimal) -> tuple[list[LineDraft], Decimal]:
    """Let the lines come to `total`: what is left goes to one without a price, else the first; too much is discount."""
    rest = total - sum((line.quantity * line.unit_price for line in lines), Decimal(0))
    if not lines or not rest:
        return lines, Decimal(0)
    if rest < 0:
        return lines, -rest
    place = next((n for n, line in enumerate(lines) if not line.unit_price), 0)
    line = lines[place]
    comes_to = line.quantity * line.unit_price + rest
    lines[place] = LineDraft(line.name, line.quantity, _share(comes_to, line.quantity), total=comes_to, sku=line.sku)
    return lines, Decimal(0)


def _share(amount: Decimal, quantity: Decimal) -> Decimal:
    return (amount / quantity).quantize(Decimal(1).scaleb(-max(places(home_currency()), 2)))


def product_named(text: str) -> Product | None:
    """Return the offered product that `text` names: by SKU, by name, else the only shortest one with all its words."""
    folded = fold(text)
    if not folded:
        return None
    offered = Product.objects.filter(is_active=True)
    exact = offered.filter(sku__iexact=text.strip()).first() if len(folded) > 1 else None
    exact = exact or offered.filter(folded=folded).order_by("-pk").first()
    if exact:
        return exact
    for words in _word_choices(folded):
        rows = offered
        for word in words:
            rows = rows.filter(folded__contains=word)
        if found := list(rows.order_by("folded", "pk")[:MOST_FOUND]):
            return min(found, key=lambda product: (len(product.folded), product.pk))
    return None


def _word_choices(folded: str) -> Iterable[list[str]]:
    """The words as typed, then without the plural."""
    words = folded.split()
    if max(map(len, words)) > 2:  # "a" is in every name
        yield words
        if any(word.endswith("s") and len(word) > 3 for word in words):
            yield [word[:-1] if word.endswith("s") and len(word) > 3 else word for word in words]
