"""Three years of the till and the web shop of Harbor & Pine: everybody's own rhythm, seasons, and a few stories.

Everyone buys at a rate of their own (drawn from a Gamma distribution) and may stay away for good after each purchase
(with a chance of their own, drawn from a Beta distribution): what BG/NBD says of customers, with seasons on top.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from regulars.contacts.models import Contact, Referral, Relationship
from regulars.desk.demo.goods import BY_KEY, GOODS, Basket, Good, Taste, basket, draw_taste
from regulars.lib import fast
from regulars.lib.fast import reserve_ids
from regulars.lib.text import fold
from regulars.orders import entries, facts
from regulars.orders.models import BuyerKey, ExchangeRate, Line, Order, Product
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

SEED = 1906
YEARS = 3 * 365  # days that the till remembers
TILL, SHOP = "till", "shop"
# sort: shape and scale (days) of the gaps, and the Beta of leaving for good
HABITS = {"guest": (1.1, 15.0, 1.0, 24.0), "online": (1.4, 34.0, 1.0, 14.0), "wholesale": (2.2, 19.0, 0.6, 30.0)}
# How much busier than usual each month is.
SEASONS = {
    "guest": (1.0, 1.0, 1.05, 1.05, 1.05, 1.0, 0.9, 0.6, 1.05, 1.1, 1.1, 1.15),
    "online": (0.8, 0.85, 0.9, 0.9, 0.8, 0.75, 0.7, 0.6, 0.95, 1.15, 1.5, 1.9),
    "wholesale": (0.95, 1.0, 1.0, 1.0, 1.05, 1.1, 1.1, 0.65, 1.0, 1.05, 1.1, 1.2),
}
BUSIEST = 1.9
ONCE = 0.13  # of all, who came a single time
NOBODY = 140  # sales at the till that nobody gave a name for
VAT = 13  # percent, in all prices
POUND = Decimal("1.17")


@dataclass
class Sale:
    """One order to write: a basket of somebody, or of nobody."""

    at: datetime
    basket: Basket
    contact: Contact | None = None
    web: bool = False
    fields: dict[str, Any] = field(default_factory=dict)


def add_orders(loader: "Loader") -> None:
    """Write products, orders with lines and timeline entries, and count what they come to."""
    rng = Random(SEED)  # noqa: S311  (of its own, so that nothing else is drawn differently)
    products = _products(loader)
    sales = [sale for contact in loader.contacts.values() for sale in _of(loader, contact, rng)]
    sales += _family(loader, rng) + [_nobodys(loader, rng, n) for n in range(NOBODY)]
    sales = sorted((sale for sale in sales if sale.basket and sale.at < loader.now), key=lambda sale: sale.at)
    _rates(loader, sales)
    orders = _write(loader, rng, sales, products)
    _shop_ids(orders)
    loader.note(orders)
    facts.recount(
        {contact.pk for contact in loader.contacts.values()}, {company.pk for company in loader.companies.values()}
    )


def _products(loader: "Loader") -> dict[str, Product]:
    rows = [
        Product(
            sku=good.key.upper(), name=good.name, folded=fold(good.name), category=good.category, unit=good.unit,
            price=good.price, cost=good.cost,
        )
        for good in GOODS
    ]  # fmt: skip
    return {row.sku.lower(): row for row in loader.keep(rows)}


# Who buys what, and when


def _of(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """The purchases of one person: as their story says, else as they are drawn."""
    if story := STORIES.get(contact.display_name):
        return story(loader, contact, rng)
    if contact.stage is None or contact.stage.key in ("lead", "prospect"):
        return []
    sort = "wholesale" if contact.company_id else "online" if contact.email and rng.random() < 0.25 else "guest"
    taste = draw_taste(rng, sort)
    days = _days(loader, contact, rng, sort)
    return [_sale(loader, contact, rng, taste, day) for day in days]


def _days(loader: "Loader", contact: Contact, rng: Random, sort: str) -> list[float]:
    """Days ago on which somebody bought, oldest first: exponential gaps, thinned by season, until they leave."""
    shape, scale, a, b = HABITS[sort]
    gap = max(2.0, scale / max(rng.gammavariate(shape, 1 / shape), 0.08))
    leaves = rng.betavariate(a, b)
    known = (loader.now - contact.created_at).days
    until = (loader.now - contact.last_contact_at).days if contact.stage and contact.stage.key == "lapsed" else 0
    day = float(min(known, YEARS + rng.expovariate(1 / gap)))
    days = [day] if day < YEARS else []
    while (day := day - rng.expovariate(BUSIEST / gap)) > until:
        season = SEASONS[sort][(loader.now - timedelta(days=day)).month - 1] / BUSIEST
        if day < YEARS and rng.random() < season:
            days.append(day)
            if rng.random() < leaves:
                break
    return days[:1] if rng.random() < ONCE else days


def _sale(loader: "Loader", contact: Contact, rng: Random, taste: Taste, day: float, hour: int = 0) -> Sale:
    at = _at(loader, rng, day, hour or (rng.randint(7, 22) if taste.sort == "online" else 0))
    if taste.brunches and taste.sort == "guest" and at.weekday() < 5:
        at -= timedelta(days=at.weekday() + 1 + (at.day % 2))
    return Sale(
        at, basket(rng, taste, at), contact, web=taste.sort != "guest" and (taste.sort == "online" or at.day % 3 > 0)
    )


def _at(loader: "Loader", rng: Random, day: float, hour: int = 0) -> datetime:
    hour = hour or rng.choices((7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17), (4, 9, 9, 7, 5, 5, 4, 4, 4, 3, 2))[0]
    at = (loader.now - timedelta(days=day)).astimezone(loader.zone)
    return at.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)


def _nobodys(loader: "Loader", rng: Random, number: int) -> Sale:
    """A sale of nobody we know; a few left a name or an email, and wait to be claimed."""
    at = _at(loader, rng, rng.uniform(0.1, 300))
    if number % 12:
        return Sale(at, basket(rng, draw_taste(rng, "guest"), at))
    name = ("Ada Fontes", "Bento Salgado", "Cora Mills", "Dinis Rocha Pinto")[number // 12 % 4]
    who = {
        "buyer_name": name,
        "buyer_email": f"{fold(name).replace(' ', '.')}@mail.example",
        "buyer_id": f"C-{900 + number}",
    }
    if name == "Cora Mills":
        who["currency"] = "GBP"
    return Sale(at, basket(rng, draw_taste(rng, "online"), at), web=True, fields=who)


# Stories


def _every(*keys: tuple[str, int]) -> Basket:
    return [(BY_KEY[key], count) for key, count in keys]


def _maya(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """Lumen Studios’ events: one of the best customers, growing every year."""
    days = [day for n in range(60) if (day := YEARS - n * 18 - rng.uniform(0, 6)) > 24]
    kilos = {day: 4 + round((YEARS - day) / 160) for day in days}
    sales = [Sale(_at(loader, rng, day, 11), _every(("guji1k", kilos[day])), contact, web=True) for day in days]
    sales += [Sale(_at(loader, rng, day), _every(("oat", 1)), contact) for day in range(3, YEARS, 13)]
    sales += [Sale(_at(loader, rng, day, 15), _every(("tasting", 40)), contact) for day in (340, 705)]
    return [*sales, Sale(_at(loader, rng, 24, 11), _every(("guji1k", 12)), contact)]


def _helena(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """Flat white and the crossword every nine days, silent for twenty-six."""
    days = [26 + 9 * n for n in range(80)]
    return [Sale(_at(loader, rng, day, 17), _every(("flat", 1)), contact) for day in days]


def _rafael(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """A hotel, forty kilos a month: our second best customer, until two late deliveries and a word not kept."""
    days = [68 + 30 * n for n in range(31)]
    return [
        Sale(_at(loader, rng, day, 10), _every(("espresso1k", 40), ("service", 1)), contact, web=True) for day in days
    ]


def _luisa(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """A café next door: every week, twice as much since 38 days ago."""
    days = [2 + 7 * n for n in range(150)]
    return [
        Sale(_at(loader, rng, day, 16), _every(("espresso1k", 8 if day < 38 else 4)), contact, web=True) for day in days
    ]


def _ze(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """The usual: a galão and toast; and a bag for home every eight weeks, the last one seven weeks ago."""
    usual = _every(("galao", 1), ("toast", 1))
    sales = [Sale(_at(loader, rng, day, 7), usual, contact) for day in range(1, YEARS, 2) if rng.random() < 0.85]
    own = Random(SEED)  # noqa: S311  (of its own, so that nothing else is drawn differently)
    days = [49 + 56 * n + own.randint(-2, 2) * (n > 0) for n in range(YEARS // 56)]
    return sales + [Sale(_at(loader, own, day, 7), _every(("house250", 1)), contact) for day in days]


def _tomas(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """Double espresso, standing; and coffee for the visitors of his exhibition, in the same month of every year: the
    one that begins in three weeks."""
    days = [day for day in range(1, YEARS, 3) if rng.random() < 0.8]
    sales = [Sale(_at(loader, rng, day, 8), _every(("espresso", 2)), contact) for day in days]
    own, month = Random(SEED), (loader.now + timedelta(days=21)).month  # noqa: S311  (of its own)
    shows = [
        day for day in range(30, YEARS, 8) if (loader.now - timedelta(days=day)).astimezone(loader.zone).month == month
    ]
    return sales + [Sale(_at(loader, own, day, 16), _every(("guji250", 1)), contact) for day in shows]


def _jonas(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """Four kilos for the workshop now and then."""
    return [
        Sale(_at(loader, rng, 90 + 47 * n, 14), _every(("espresso1k", 4)), contact, fields={"channel": "phone"})
        for n in range(8)
    ]


def _marta(loader: "Loader", contact: Contact, rng: Random) -> list[Sale]:
    """The office subscription since 44 days ago."""
    bags = _every(("kayanza250", 4), ("papers", 1))
    return [Sale(_at(loader, rng, day, 11), bags, contact, web=True) for day in (44, 30, 16, 2)]


STORIES = {
    "Maya Okafor": _maya,
    "Helena Prado": _helena,
    "Rafael Antunes": _rafael,
    "Luísa Marques": _luisa,
    "Zé": _ze,
    "Tomás Reis": _tomas,
    "Jonas Lindqvist": _jonas,
    "Marta Pires": _marta,
}


def _family(loader: "Loader", rng: Random) -> list[Sale]:
    """A family that grew: somebody brought their sister, she brought her husband, and now they come to brunch."""
    ids = {contact.pk: contact for contact in loader.contacts.values() if contact.display_name not in STORIES}
    links = [row for row in Referral.objects.order_by("pk") if row.contact_id in ids and row.by_contact_id in ids]
    chain = next(((a, b) for a in links for b in links if b.by_contact_id == a.contact_id), None)
    if chain is None:
        return []
    first, second, third = (ids[pk] for pk in (chain[0].by_contact_id, chain[0].contact_id, chain[1].contact_id) if pk)
    Relationship.objects.create(contact=second, other=first, kind="sister")
    Relationship.objects.create(contact=third, other=second, kind="husband")
    taste = replace(draw_taste(rng, "guest"), brunches=True, gifts=True)
    sales = []
    for contact in (first, second, third):
        known = min((loader.now - contact.created_at).days, YEARS)
        sales += [_sale(loader, contact, rng, taste, day) for day in range(5, known, 10) if rng.random() < 0.8]
    return sales


# Writing it down


def _rates(loader: "Loader", sales: list[Sale]) -> None:
    first = loader.now.date() - timedelta(days=YEARS)
    loader.keep([ExchangeRate(currency="GBP", day=first + timedelta(days=90 * n), rate=POUND) for n in range(13)])


def _write(loader: "Loader", rng: Random, sales: list[Sale], products: dict[str, Product]) -> list[Order]:
    orders, lines, texts = [], [], {}
    for number, (pk, sale) in enumerate(zip(reserve_ids(Order, len(sales)), sales, strict=True)):
        of_sale = [_line(pk, loader, sale, good, count, products) for good, count in sale.basket]
        cost = sum(good.cost * count for good, count in sale.basket)
        orders.append(_order(pk, number, sale, of_sale, cost, rng, loader))
        lines += of_sale
        texts[pk] = entries.text_for([(Decimal(count), good.name) for good, count in sale.basket])
    fast.insert(Order, [fast.row_of(order) for order in orders])
    fast.insert(Line, lines)
    loader.note([Entry(pk=pk) for pk in entries.write(orders, texts)])
    return orders


def _line(
    pk: int, loader: "Loader", sale: Sale, good: Good, count: int, products: dict[str, Product]
) -> dict[str, Any]:
    """A line at the price of its day: four percent less for each year back."""
    years = (loader.now - sale.at).days // 365
    price = round(good.price * (1 - 0.04 * years) / 5) * 5
    return {
        "order_id": pk, "product_id": products[good.key].pk, "name": good.name, "quantity": Decimal(count),
        "unit_price": price, "total": price * count,
    }  # fmt: skip


def _order(
    pk: int, number: int, sale: Sale, lines: list[dict[str, Any]], cost: int, rng: Random, loader: "Loader"
) -> Order:
    total = sum(line["total"] for line in lines)
    shipping = 490 if sale.web and total < 6000 else 0
    status, refunded = _outcome(rng, total + shipping, sale)
    order = Order(
        pk=pk, contact=sale.contact, company_id=sale.contact.company_id if sale.contact else None,
        placed_at=sale.at, placed_on=sale.at.astimezone(loader.zone).date(), status=status, status_at=sale.at,
        channel="web" if sale.web else "till", source=SHOP if sale.web else TILL, currency="EUR",
        external_id=str(10_000 + number), number=f"{'W' if sale.web else 'T'}-{10_000 + number}",
        subtotal=total, shipping=shipping, total=total + shipping, refunded=refunded, rate=1, created_at=sale.at,
        **{name: value for name, value in sale.fields.items() if name not in ("currency", "channel")},
    )  # fmt: skip
    order.currency, order.channel = sale.fields.get("currency", "EUR"), sale.fields.get("channel", order.channel)
    order.rate = POUND if order.currency == "GBP" else Decimal(1)
    order.tax_included = round(order.total * VAT / (100 + VAT))
    kept = 0 if status in ("cancelled", "refunded") else order.total - refunded
    order.value = round(kept * order.rate)
    order.margin = round(order.value * 100 / (100 + VAT)) - cost if kept else 0
    if sale.contact:
        order.buyer_name, order.buyer_email = sale.contact.display_name, sale.contact.email.casefold()
        order.buyer_id = f"C-{sale.contact.pk}" if sale.web else ""
    return order


def _outcome(rng: Random, total: int, sale: Sale) -> tuple[str, int]:
    """Most are paid; a few of the web shop's were sent back, cancelled, or something was broken."""
    chance = rng.random()
    if not sale.web:
        return ("refunded", total) if chance < 0.002 else ("paid", 0)
    if chance < 0.012:
        return "cancelled", 0
    if chance < 0.022:
        return "refunded", total
    return ("partly", total // 3) if chance < 0.036 and total > 1000 else ("fulfilled", 0)


def _shop_ids(orders: list[Order]) -> None:
    """What the web shop calls each of its customers."""
    known = {order.contact_id: order.buyer_id for order in orders if order.contact_id and order.buyer_id}
    BuyerKey.objects.bulk_create([BuyerKey(source=SHOP, key=key, contact_id=pk) for pk, key in known.items()])
