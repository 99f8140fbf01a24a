"""What people bought, as arrays: a rhythm of one's own, until one leaves unseen (BG/NBD), and an amount of one's own
(Gamma-Gamma). The same for the same seed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

ORDERS, LINES = 10, 25  # for each customer, on average
DAYS = 3 * 365
PRODUCTS = 300
MEAN = 2400  # minor units of a usual order
WEEKDAYS = np.array([0.9, 0.8, 0.9, 1.0, 1.2, 1.3, 0.9])
YEAR = 1.0 + 0.25 * np.cos(2 * np.pi * (np.arange(366) - 345) / 365.25)  # more in December than in June
Array = Any


@dataclass(frozen=True)
class History:
    """Orders in the order of time: the customer (from 0), the day (from 0), the second of the day, an amount, and how
    many lines each has (`lines`, which add up to LINES × customers)."""

    customer: Array
    day: Array
    second: Array
    amount: Array
    lines: Array

    def __len__(self) -> int:
        return len(self.customer)


def history(customers: int, seed: int = 41) -> History:
    """Return ORDERS × `customers` orders of the last DAYS days."""
    rng = np.random.default_rng(seed)
    customer, at = _visits(rng, customers)
    customer, at = _seasonal(rng, customer, at, customers * ORDERS)
    second = rng.integers(8 * 3600, 19 * 3600, len(at), dtype=np.int32)
    order = np.lexsort((second, at.astype(np.int32)))
    customer, day, second = customer[order], at[order].astype(np.int32), second[order]
    own = MEAN * 2.74 / 6.25 / rng.gamma(3.74, 1.0, customers) * 1.0
    amount = (own[customer] * rng.gamma(6.25, 1.0, len(customer))).astype(np.int64)
    return History(customer, day, second, np.clip(amount, 150, 500_000), _lines(rng, len(customer), customers * LINES))


def _visits(rng: Any, customers: int) -> tuple[Array, Array]:
    """Rounds of purchases: everybody who is still with us buys once more, later, and then may leave."""
    rate = rng.gamma(0.9, 1 / 18.0, customers) + 1 / 500  # purchases a day
    leaves = rng.beta(0.8, 9.0, customers)
    who = np.arange(customers, dtype=np.int32)
    when = rng.uniform(0, DAYS * 0.97, customers)
    found_who, found_when = [who], [when]
    while len(who):
        stays = rng.random(len(who)) >= leaves[who]
        who, when = who[stays], when[stays]
        when = when + rng.exponential(1.0, len(who)) / rate[who]
        inside = when < DAYS
        who, when = who[inside], when[inside]
        found_who.append(who)
        found_when.append(when)
    return np.concatenate(found_who), np.concatenate(found_when)


def _seasonal(rng: Any, customer: Array, at: Array, wanted: int) -> tuple[Array, Array]:
    """Leave out what is too much, sooner in quiet weeks and on quiet days; a first purchase stays."""
    if len(at) < wanted:
        raise ValueError(f"{len(at):,} purchases are fewer than {wanted:,}.")
    day = at.astype(np.int32)
    weight = WEEKDAYS[day % 7] * YEAR[day % 366]
    chance = rng.random(len(at)) ** (1 / weight)
    chance[: len(np.unique(customer))] = 2  # the first round is everybody's first purchase
    keep = np.sort(np.argpartition(-chance, wanted - 1)[:wanted])
    return customer[keep], at[keep]


def _lines(rng: Any, orders: int, wanted: int) -> Array:
    """How many lines each order has: one to six, `wanted` in all."""
    lines = 1 + rng.binomial(5, (wanted / orders - 1) / 5, orders).astype(np.int8)
    while missing := wanted - int(lines.sum()):
        can = np.flatnonzero(lines < 6 if missing > 0 else lines > 1)
        lines[rng.choice(can, min(abs(missing), len(can)), replace=False)] += 1 if missing > 0 else -1
    return lines
