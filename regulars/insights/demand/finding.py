"""One count: the rules tried on the business's own past, customers added up, and what follows for each product."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from regulars.insights.demand import reading
from regulars.insights.demand.reading import Part
from regulars.insights.habits.weekdays import WEEK, YEAR
from regulars.insights.predicting.past import Customers, customers
from regulars.insights.tables import DemandRun, ProductSpan, Run
from regulars.insights.value.reading import stream, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regulars.insights.models.demand import Sales, Shares

LEAST = 10  # lines in a year below which nothing is said of a product
SPAN_COLUMNS = ("units", "lines", "squares", "money", "others")


def prove(today: date) -> DemandRun:
    """Return an unsaved run: with the rule that the backtest chose, or what is missing, and what people take next."""
    from regulars.insights.models import demand_backtest

    run = DemandRun(as_of=today)
    reach, cut = reading.reach_of(), reading.cut_of(today)
    if reach is None:
        run.need, run.message = demand_backtest.REACH // 7, "weeks of orders"
        return run
    products = reading.product_ids()
    read = reading.sample(customers("contact", today).ids, products, cut)
    run.basket = {"follows": follows_of(read.sales, products, cut), "weekdays": _weekdays(read.sales, cut)}
    if short := demand_backtest.shortage(reach, cut, len(read.sales.day)):
        run.have, run.need, run.message = short
        return run
    known = Run.objects.latest_of("contact")
    tested = demand_backtest.run(read.sales, cut, reach, known.model if known else "")
    run.method, run.model, run.beats = tested.best, tested.model, tested.beats
    run.has_year = reach <= cut - 364
    b = dict(zip(map(str, products.tolist()), tested.b, strict=True))
    helped = [pk for pk, is_better in zip(products.tolist(), tested.seasoned, strict=True) if is_better]
    parameters = known.parameters if known else {}
    run.backtest = {**tested.as_dict(), "b": b, "seasoned": helped, "parameters": parameters}
    return run


def follows_of(sales: "Sales", products: "NDArray[Any]", cut: int) -> list[dict[str, Any]]:
    """What people who take one product take next, of the 200 that most people bought; products by id."""
    import numpy as np

    from regulars.insights.models import basket

    mine = sales.who >= 0
    people = np.bincount(np.unique(sales.who[mine] * sales.products + sales.product[mine]) % max(sales.products, 1),
                         minlength=sales.products)  # fmt: skip
    best = np.sort(np.argsort(-people, kind="stable")[: basket.PRODUCTS])
    chosen = mine & np.isin(sales.product, best)
    place = np.searchsorted(best, sales.product[chosen])
    first = basket.first_days(sales.who[chosen], place, sales.day[chosen], sales.customers, len(best))
    ids = products[best]
    return [
        {**asdict(one), "first": int(ids[one.first]), "then": int(ids[one.then])} for one in basket.follows(first, cut)
    ]


def _weekdays(sales: "Sales", cut: int) -> list[int]:
    """How many days of purchase fell on each weekday in the last year, Monday first."""
    import numpy as np

    recent = sales.visited[sales.visited > cut - YEAR]
    return [int(count) for count in np.bincount((recent - 1) % WEEK, minlength=WEEK)] if len(recent) else [0] * WEEK


# The rhythm, batch by batch


def is_rhythm(run: DemandRun) -> bool:
    """Whether the customers' rhythm is what is used."""
    return run.method.startswith("rhythm")


def add_shares(run: DemandRun, part: Customers, read: Part, products: "NDArray[Any]") -> dict[str, Any]:
    """Return the sums of `run` with those of one batch added; unchanged where a plain rule is used."""
    import numpy as np

    from regulars.insights.models import demand

    if not is_rhythm(run):
        return dict(run.state)
    cut = reading.cut_of(run.as_of)
    expected = demand.expecting(run.model, run.backtest["parameters"])(part.x, part.t_x, part.T)
    visitors = read.sales.visitor[read.sales.visited > cut - demand.YEAR]
    days = np.bincount(visitors, minlength=len(part.ids)).astype("f8")
    whole = shares_in(run, products) + demand.shares(read.sales, expected, days, cut)
    kept = whole.units > 0
    return {
        "products": products[kept].tolist(), "weighted": whole.weighted[kept].tolist(),
        "units": whole.units[kept].tolist(), "days": whole.days, "base": whole.base,
    }  # fmt: skip


def shares_in(run: DemandRun, products: "NDArray[Any]") -> "Shares":
    """Return the sums that a run holds so far, in the places of `products`."""
    import numpy as np

    from regulars.insights.models.demand import Shares

    known = np.array(run.state.get("products", []), dtype=np.int64)
    there = np.isin(known, products)
    weighted, units = np.zeros(len(products)), np.zeros(len(products))
    if len(known):
        place = np.searchsorted(products, known[there])
        weighted[place] = np.array(run.state["weighted"])[there]
        units[place] = np.array(run.state["units"])[there]
    return Shares(weighted, units, run.state.get("days", 0.0), run.state.get("base", 0.0))


# What follows


class Spans:
    """The sums of four weeks of a run as arrays: `of(name)[back]` by the places of `products`."""

    def __init__(self, run: DemandRun, products: "NDArray[Any]") -> None:
        import numpy as np

        rows = table(
            stream(ProductSpan.objects.filter(run=run).order_by().values_list("product_id", "back", *SPAN_COLUMNS)),
            ("product", "i8"), ("back", "i8"), *((name, "f8") for name in SPAN_COLUMNS),
        )  # fmt: skip
        rows = rows[np.isin(rows["product"], products)]
        self.place, self.rows, self.size = np.searchsorted(products, rows["product"]), rows, len(products)

    def of(self, name: str) -> "NDArray[Any]":
        """One sum: a row for each four weeks, the newest first."""
        import numpy as np

        found = np.zeros((reading.SPANS, self.size))
        np.add.at(found, (self.rows["back"], self.place), self.rows[name])
        return found


def demands(run: DemandRun) -> list[dict[str, Any]]:
    """Return the rows of ProductDemand: every product of which enough was sold within a year."""
    import numpy as np

    from regulars.insights.models import demand

    products = reading.product_ids()
    spans = Spans(run, products)
    units, lines, money, squares = (spans.of(name) for name in ("units", "lines", "money", "squares"))
    year = demand.YEAR // demand.SPAN
    of_year, count = units[:year].sum(0), lines[:year].sum(0)
    expected = np.maximum(_expected(run, products, spans), 0)
    size = np.where(of_year > 0, squares[:year].sum(0) / np.where(of_year > 0, of_year, 1), 1.0)
    spread = np.array([run.backtest["b"].get(str(pk), 0.0) for pk in products.tolist()])
    low, high = demand.interval(expected, size, spread)
    price = np.where(of_year > 0, money[:year].sum(0) / np.where(of_year > 0, of_year, 1), 0.0)
    last_year = units[year - 1] if run.has_year else None
    return [
        {
            "run_id": run.pk, "product_id": int(products[at]), "expected": float(expected[at]),
            "low": float(min(low[at], high[at])), "high": float(high[at]),
            "last_year": None if last_year is None else float(last_year[at]), "last_span": float(units[0][at]),
            "purchases": int(count[at]), "price": float(price[at]), "worth": round(float(expected[at] * price[at])),
        }
        for at in _enough(count)
    ]  # fmt: skip


def _enough(count: "NDArray[Any]") -> Iterable[int]:
    import numpy as np

    return (int(at) for at in np.flatnonzero(count >= LEAST))


def _expected(run: DemandRun, products: "NDArray[Any]", spans: Spans) -> "NDArray[Any]":
    """What the chosen rule says of each product."""
    import numpy as np

    from regulars.insights.models import demand

    units, lines = spans.of("units"), spans.of("lines")
    found: NDArray[Any]
    year = demand.YEAR // demand.SPAN
    if run.method == demand.LAST_SPAN:
        found = units[0]
        return found
    if run.method == demand.LAST_YEAR:
        found = units[year - 1]
        return found
    mine = shares_in(run, products).expected
    found = mine + (new := spans.of("others")[: demand.OTHERS].mean(0))
    if run.method == demand.RHYTHM:
        return found
    is_long = reading.cut_of(run.as_of) - (year + demand.OTHERS) * demand.SPAN >= (reading.reach_of() or 0)
    before = lines[year : year + demand.OTHERS].sum(0) if is_long else None
    times = demand.Times(lines[year - 1], lines[:year].sum(0), before)
    return np.where(np.isin(products, run.backtest["seasoned"]), mine * times.season + new * times.rise, found)
