"""What Harbor & Pine sells, and what lands in whose basket."""

from dataclasses import dataclass
from datetime import datetime
from random import Random


@dataclass(frozen=True)
class Good:
    """One product: price and cost in cents; `months` in which it is sold, all year when empty."""

    key: str
    name: str
    category: str
    price: int
    cost: int
    unit: str = "piece"
    months: tuple[int, ...] = ()


COFFEE, FOOD, BEANS, GIFTS, TRADE = "Coffee", "Food", "Beans", "Gifts and gear", "For businesses"
WINTER, SUMMER = (11, 12, 1, 2), (5, 6, 7, 8, 9)

GOODS = (
    Good("espresso", "Espresso", COFFEE, 130, 28),
    Good("galao", "Galão", COFFEE, 190, 48),
    Good("flat", "Flat white", COFFEE, 280, 66),
    Good("oat", "Oat flat white", COFFEE, 320, 92),
    Good("cappuccino", "Cappuccino", COFFEE, 290, 68),
    Good("filter", "Filter coffee", COFFEE, 300, 60),
    Good("tea", "Pot of tea", COFFEE, 280, 45),
    Good("coldbrew", "Cold brew", COFFEE, 380, 90, months=SUMMER),
    Good("chocolate", "Hot chocolate", COFFEE, 340, 95, months=WINTER),
    Good("toast", "Toast", FOOD, 220, 60),
    Good("nata", "Pastel de nata", FOOD, 150, 55),
    Good("banana", "Banana bread", FOOD, 330, 98),
    Good("carrot", "Carrot cake", FOOD, 390, 120),
    Good("brunch", "Brunch plate", FOOD, 1180, 430),
    Good("house250", "House blend 250 g", BEANS, 890, 395, "bag"),
    Good("guji250", "Guji 250 g", BEANS, 1250, 590, "bag"),
    Good("kayanza250", "Kayanza 250 g", BEANS, 1190, 555, "bag"),
    Good("decaf250", "Decaf 250 g", BEANS, 950, 430, "bag"),
    Good("winter250", "Winter blend 250 g", BEANS, 1090, 480, "bag", WINTER),
    Good("house1k", "House blend 1 kg", BEANS, 2900, 1420, "bag"),
    Good("guji1k", "Guji 1 kg", BEANS, 4400, 2230, "bag"),
    Good("papers", "Filter papers", GIFTS, 450, 160, "box"),
    Good("mug", "Mug", GIFTS, 1400, 520),
    Good("aeropress", "AeroPress", GIFTS, 3600, 2250),
    Good("giftbox", "Christmas gift box", GIFTS, 3400, 1560, "box", (11, 12)),
    Good("espresso1k", "Pine Espresso 1 kg", TRADE, 2350, 1210, "kg"),
    Good("tasting", "Tasting, per person", TRADE, 1800, 520, "person"),
    Good("service", "Machine service", TRADE, 9500, 3800, "hour"),
)
BY_KEY = {good.key: good for good in GOODS}
DRINKS = ("espresso", "galao", "flat", "flat", "oat", "cappuccino", "filter", "tea")
BITES = ("toast", "nata", "nata", "banana", "carrot")
BAGS = ("house250", "house250", "guji250", "kayanza250", "decaf250")

Basket = list[tuple[Good, int]]  # a good and how many


@dataclass(frozen=True)
class Taste:
    """What one customer usually takes. `sort` is guest, online or wholesale; `kilos` what a business needs at once."""

    sort: str
    drink: str = "flat"
    bite: str = ""
    bag: str = "house250"
    bags: int = 1
    kilos: int = 4
    brunches: bool = False
    gifts: bool = False
    cold: bool = False


def draw_taste(rng: Random, sort: str) -> Taste:
    """Return what somebody likes."""
    return Taste(
        sort,
        rng.choice(DRINKS),
        rng.choice(BITES) if rng.random() < 0.5 else "",
        rng.choice(BAGS),
        rng.choice((1, 1, 2, 2, 3)),
        rng.choice((2, 3, 4, 4, 5, 6, 8, 10, 14)),
        rng.random() < 0.16,
        rng.random() < (0.3 if sort == "online" else 0.12),
        rng.random() < 0.2,
    )


def basket(rng: Random, taste: Taste, at: datetime) -> Basket:
    """Return what lands in the basket that day: the usual, and now and then something else."""
    keys = {"guest": _guest, "online": _online, "wholesale": _wholesale}[taste.sort](rng, taste, at)
    if taste.gifts and at.month == 12 and at.day < 24 and rng.random() < 0.6:
        keys.append(("giftbox", 3 if taste.sort == "wholesale" else 1))
    return [(good, count) for key, count in keys if at.month in ((good := BY_KEY[key]).months or (at.month,))]


def _guest(rng: Random, taste: Taste, at: datetime) -> list[tuple[str, int]]:
    drink = "coldbrew" if taste.cold and at.month in SUMMER else taste.drink
    if at.month in WINTER and rng.random() < 0.08:
        drink = "chocolate"
    keys = [(drink, 2 if rng.random() < 0.15 else 1)]
    if taste.brunches and at.weekday() >= 5:
        keys = [(drink, 2), ("brunch", 2)]
    elif taste.bite and rng.random() < 0.6:
        keys.append((taste.bite, 1))
    elif rng.random() < 0.1:
        keys.append((rng.choice(BITES), 1))
    if rng.random() < 0.09:
        keys.append((taste.bag, 1))
    return keys


def _online(rng: Random, taste: Taste, at: datetime) -> list[tuple[str, int]]:
    bag = "winter250" if at.month in WINTER and rng.random() < 0.45 else taste.bag
    keys = [(bag, taste.bags)] if rng.random() < 0.9 else [("house1k", 1)]
    for key, chance in (("papers", 0.18), ("mug", 0.05), ("aeropress", 0.02)):
        if rng.random() < chance:
            keys.append((key, 1))
    return keys


def _wholesale(rng: Random, taste: Taste, at: datetime) -> list[tuple[str, int]]:
    keys = [("espresso1k", max(1, round(taste.kilos * rng.uniform(0.8, 1.25))))]
    if rng.random() < 0.12:
        keys.append(("guji1k", rng.randint(1, 3)))
    if rng.random() < 0.05:
        keys.append(("service", rng.randint(1, 2)))
    return keys
