"""`python -m bench.orders.generate`: give the people of a data set ten orders each, as the product itself writes them.

Orders, lines and products, and of each order its entry and whose timelines it is on, words for search included. Not the
facts, months, tiers and predictions: counting those is what is measured.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

import numpy as np
from django.db import connection, models, transaction

from bench.load import say
from bench.orders.bulk import Column, bulk, fill, highest
from bench.orders.history import DAYS, LINES, ORDERS, PRODUCTS, History, history
from regulars.contacts.models import Contact, Involvement
from regulars.orders.entries import SAID
from regulars.orders.models import Line, Order, Product
from regulars.timeline.models import Entry

CHUNK = 250_000  # orders
TABLES: list[type[models.Model]] = [Order, Line, Entry, Involvement]
STATUSES = ["paid", "fulfilled", "refunded", "partly", "cancelled"]
STATUS_WEIGHTS = [0.60, 0.36, 0.02, 0.01, 0.01]
CHANNELS = ["till", "web", "phone", "market"]
SOURCES = ["till", "shopify", "hand", "etsy"]
CHANNEL_WEIGHTS = [0.58, 0.30, 0.07, 0.05]
NOBODYS = 0.01  # orders that nobody has claimed
GOODS = "Beans Filter Cup Soap Candle Towel Tea Chocolate Cake Bread Jam Oil Notebook Plant Scarf Mug Kettle Grinder Syrup Honey".split()
KINDS = "House Dark Light Winter Summer Guji Lisbon Harbour Pine Garden Small Large Morning Evening Wild".split()


class Shop:
    """The orders of one data set; `build()` writes them."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.rng = np.random.default_rng(43)
        rows = list(Contact.objects.order_by("pk").values_list("pk", "company_id"))
        self.people = np.array([row[0] for row in rows])
        self.company = np.array([row[1] or 0 for row in rows])
        self.start = (np.datetime64("today") - DAYS).astype("datetime64[D]")
        self.day_words = [str(day) for day in np.arange(self.start, self.start + DAYS)]
        self.second_words = [f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86400)]

    def build(self) -> None:
        """Write everything; the tables of orders must be empty."""
        self._products()
        size = len(self.people)
        told = history(size)
        say(f"{len(told):,} orders of {size:,} people made up", self.began)
        self.favourites = self.rng.integers(0, PRODUCTS, (size, 3), dtype=np.int16)
        self.channel = self.rng.choice(len(CHANNELS), size, p=CHANNEL_WEIGHTS).astype(np.int8)
        self.first_entry = highest(Entry) + 1
        with bulk(TABLES, self.first_entry, self.began):
            with transaction.atomic():
                self._write(told)
            say("rows written", self.began)

    def _products(self) -> None:
        names = [f"{KINDS[n % len(KINDS)]} {GOODS[n % len(GOODS)]} {n // 60 + 1}" for n in range(PRODUCTS)]
        prices = (self.rng.gamma(3, 400, PRODUCTS) + 150).astype(int)
        Product.objects.bulk_create([
            Product(id=n + 1, sku=f"P{n + 1:03}", name=name, folded=name.casefold(), category=GOODS[n % len(GOODS)],
                    price=int(price), cost=int(price * 0.4))
            for n, (name, price) in enumerate(zip(names, prices, strict=True))
        ])  # fmt: skip
        self.names, self.prices = names, prices

    def _write(self, told: History) -> None:
        line_id = 0
        for start in range(0, len(told), CHUNK):
            part = slice(start, min(start + CHUNK, len(told)))
            piece = _Piece(self, told, part, line_id)
            fill(Order, piece.orders(), ORDER_CONSTANTS)
            fill(Line, piece.lines(), {"discount": 0, "tax": 0})
            fill(Entry, piece.entries(), {"kind": "order", "outcome": "", "subject_kind": "order"})
            for columns, implied in piece.involvements():
                fill(Involvement, columns, {"kind": "order", "is_pinned": False, "is_implied": implied})
            line_id += piece.many
            if start // CHUNK % 8 == 0:
                say(f"{part.stop:,} orders", self.began)


ORDER_CONSTANTS = {
    "currency": "EUR", "discount": 0, "tax": 0, "rate": 1, "version": "", "buyer_phone": "", "buyer_id": "", "note": "",
}  # fmt: skip


class _Piece:
    """Some orders, one after the other, as columns."""

    def __init__(self, shop: Shop, told: History, part: slice, line_id: int) -> None:
        self.shop, rng = shop, shop.rng
        self.ids = np.arange(part.start + 1, part.stop + 1)
        self.who, self.count, amount = told.customer[part], told.lines[part].astype(int), told.amount[part]
        self.size, self.many, self.line_id = len(self.ids), int(self.count.sum()), line_id
        self.on = [shop.day_words[day] for day in told.day[part].tolist()]
        seconds = [shop.second_words[second] for second in told.second[part].tolist()]
        self.at = [f"{day} {second}" for day, second in zip(self.on, seconds, strict=True)]
        self.person, self.firm = shop.people[self.who], shop.company[self.who]
        nobodys = rng.random(self.size) < NOBODYS
        self.person[nobodys], self.firm[nobodys] = 0, 0
        self._goods(rng, amount)
        self._sums(rng)

    def _goods(self, rng: Any, amount: Any) -> None:
        """What is on the lines: mostly one of three favourites; prices such that the order comes to its amount."""
        self.of = np.repeat(np.arange(self.size), self.count)
        liked = self.shop.favourites[self.who[self.of], rng.integers(0, 3, self.many)]
        popular = (PRODUCTS * rng.random(self.many) ** 2).astype(np.int16)
        self.product = np.where(rng.random(self.many) < 0.7, liked, popular)
        self.quantity = np.where(rng.random(self.many) < 0.8, 1, rng.integers(2, 5, self.many))
        share = amount[self.of] / self.count[self.of] * rng.uniform(0.6, 1.4, self.many)
        self.unit = np.maximum((share / self.quantity).astype(np.int64), 20)
        self.line_total = self.unit * self.quantity

    def _sums(self, rng: Any) -> None:
        self.subtotal = np.bincount(self.of, weights=self.line_total, minlength=self.size).astype(np.int64)
        usual = self.shop.channel[self.who]
        self.channel = np.where(rng.random(self.size) < 0.85, usual, rng.choice(4, self.size, p=CHANNEL_WEIGHTS))
        self.shipping = np.where((self.channel == 1) & (self.subtotal < 5000), 390, 0)
        self.total = self.subtotal + self.shipping
        self.status = rng.choice(5, self.size, p=STATUS_WEIGHTS)
        self.refunded = np.select([self.status == 2, self.status == 3], [self.total, (self.total + 1) // 2], 0)
        self.value = np.where(self.status == 4, 0, self.total - self.refunded)
        self.included = (self.total * 19 + 59) // 119
        known = np.where(self.value > 0, self.value * 55 // 100, 0)
        self.margin = np.where(self.person % 10 == 0, -1, known)  # of a tenth the cost is not known

    def orders(self) -> list[Column]:
        """The columns of orders."""
        channel, person = self.channel.tolist(), self.person.tolist()
        numbers = [f"{n:07}" for n in self.ids.tolist()]
        email = [f"c{pk}@mail.example" if c == 1 else "" for pk, c in zip(self.who.tolist(), channel, strict=True)]
        named = ["" if pk else f"Guest {n}" for pk, n in zip(person, self.ids.tolist(), strict=True)]
        source = [SOURCES[c] for c in channel]
        outside = ["" if c == 2 else n for c, n in zip(channel, numbers, strict=True)]
        margin = [None if m < 0 else m for m in self.margin.tolist()]
        return [
            ("id", self.ids.tolist()), ("number", numbers), ("contact_id", _or_none(self.person)),
            ("company_id", _or_none(self.firm)), ("placed_at", self.at), ("placed_on", self.on),
            ("channel", [CHANNELS[c] for c in channel]), ("status", [STATUSES[s] for s in self.status.tolist()]),
            ("status_at", self.at), ("created_at", self.at), ("subtotal", self.subtotal.tolist()),
            ("shipping", self.shipping.tolist()), ("tax_included", self.included.tolist()),
            ("total", self.total.tolist()), ("refunded", self.refunded.tolist()), ("value", self.value.tolist()),
            ("margin", margin), ("source", source), ("external_id", outside), ("buyer_email", email),
            ("buyer_name", named),
        ]  # fmt: skip

    def lines(self) -> list[Column]:
        """The columns of their lines."""
        names = self.shop.names
        return [
            ("id", list(range(self.line_id + 1, self.line_id + self.many + 1))),
            ("order_id", self.ids[self.of].tolist()), ("product_id", (self.product + 1).tolist()),
            ("name", [names[n] for n in self.product.tolist()]), ("quantity", self.quantity.tolist()),
            ("unit_price", self.unit.tolist()), ("total", self.line_total.tolist()),
            ("placed_at", np.array(self.at, dtype=object)[self.of].tolist()),
        ]  # fmt: skip

    def entries(self) -> list[Column]:
        """The columns of the entries of orders that belong to somebody."""
        mine = np.flatnonzero(self.person)
        texts = list(self._texts())
        snapshots = list(self._snapshots())
        picked = mine.tolist()
        at = [self.at[n] for n in picked]
        return [
            ("id", (self.ids[mine] + self.shop.first_entry).tolist()), ("occurred_at", at), ("created_at", at),
            ("text", [texts[n] for n in picked]), ("snapshot", [snapshots[n] for n in picked]),
            ("subject_id", self.ids[mine].tolist()),
        ]  # fmt: skip

    def _texts(self) -> Iterator[str]:
        """As `entries.text_for` makes them."""
        said = [
            self.shop.names[product] if quantity == 1 else f"{quantity} × {self.shop.names[product]}"
            for product, quantity in zip(self.product.tolist(), self.quantity.tolist(), strict=True)
        ]
        place = 0
        for count in self.count.tolist():
            lines = said[place : place + count]
            place += count
            yield ", ".join(lines if count <= SAID else [*lines[:SAID], "…"])

    def _snapshots(self) -> Iterator[str]:
        rows = zip(
            self.ids.tolist(), self.total.tolist(), self.refunded.tolist(), self.status.tolist(),
            self.channel.tolist(), strict=True,
        )  # fmt: skip
        for pk, total, refunded, status, channel in rows:
            yield (
                f'{{"order": {pk}, "number": "{pk:07}", "total": {total}, "refunded": {refunded}, "currency": "EUR",'
                f' "status": "{STATUSES[status]}", "channel": "{CHANNELS[channel]}"}}'
            )

    def involvements(self) -> Iterator[tuple[list[Column], bool]]:
        """The columns that put them on the timelines of people, then of their companies."""
        for name, holder, implied in (("contact_id", self.person, False), ("company_id", self.firm, True)):
            mine = np.flatnonzero(holder)
            at = [self.at[n] for n in mine.tolist()]
            yield [
                ("entry_id", (self.ids[mine] + self.shop.first_entry).tolist()), (name, holder[mine].tolist()),
                ("occurred_at", at),
            ], implied  # fmt: skip


def _or_none(ids: Any) -> Sequence[int | None]:
    return [pk or None for pk in ids.tolist()]


if __name__ == "__main__":
    print(f"{ORDERS} orders and {LINES} lines for each of {Contact.objects.count():,} people", flush=True)
    Shop().build()
    connection.close()
