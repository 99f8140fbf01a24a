"""How sure we are: intervals by bootstrap for parameters, and from simulated futures for customers.

*Parameters*: the fit is repeated on resampled customers (B. Efron, "Bootstrap Methods: Another Look at the Jackknife",
Annals of Statistics 7 (1979), 1-26), each weight drawn anew from a Poisson distribution. From many customers only a
part is drawn, and what the parameters stray, in logarithms, is shrunk by its root (the m-out-of-n bootstrap).

*Customers*: futures are simulated, each under one of the bootstrapped sets of parameters; 80 of 100 lie in the
interval. So it holds both what we don't know of the parameters and what nobody can know of one person.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from regulars.insights.models.families import Family
from regulars.insights.models.fitting import Fit, Floats, Rows

LEVEL = 0.8
DRAWS = 20
EACH = 12  # futures of each kind of customer under each set of parameters
MOST = 6_000
METHOD = "80 % of simulated futures, under parameters drawn by bootstrap"


def bootstrap(family: Family, rows: Rows, fit: Fit, *, draws: int = DRAWS, seed: int = 0) -> list[dict[str, float]]:
    """Return `draws` sets of parameters as they could as well have come out; the fit's own where none converges."""
    random = np.random.default_rng(seed)
    part = min(1.0, MOST / rows.customers)
    found = []
    for _ in range(draws):
        weight = random.poisson(rows.weight * part).astype(np.float64)
        kept = weight > 0
        if not (rows.x[kept] > 0).any():
            continue
        again = family.fit_rows(Rows(rows.x[kept], rows.t_x[kept], rows.T[kept], weight[kept]), fit.parameters)
        if again.converged:
            found.append({
                name: value * float(again.parameters[name] / value) ** float(np.sqrt(part))
                for name, value in fit.parameters.items()
            })  # fmt: skip
    return found or [dict(fit.parameters)]


def of_parameters(draws: list[dict[str, float]], level: float = LEVEL) -> dict[str, tuple[float, float]]:
    """Return the interval of each parameter over bootstrapped sets."""
    outside = (1 - level) / 2
    return {
        name: (float(np.quantile(values, outside)), float(np.quantile(values, 1 - outside)))
        for name in draws[0]
        for values in [[draw[name] for draw in draws]]
    }


@dataclass
class Futures:
    """Simulated purchases until `horizon` of customers that are alive, by kind; kinds that were seen are kept.

    A kind is x (exact to 15, then in steps of 5 %) with T (in steps of 5 %): futures of one kind hardly differ.
    """

    family: Family
    draws: list[dict[str, float]]
    horizon: float
    seed: int = 0
    _kept: dict[int, npt.NDArray[np.float32]] = field(default_factory=dict)

    def interval(self, x: Floats, T: Floats, alive: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
        """Return the lower and upper ends of the interval of purchases, for customers alive with chance `alive`.

        One who has left buys nothing: P(Y <= k) = (1 - alive) + alive × P(Y <= k | alive).
        """
        kinds, codes = np.unique(_steps(x, 15) * 100_000 + _steps(T, 0), return_inverse=True)
        firsts = np.unique(codes, return_index=True)[1]
        self._simulate(kinds, x[firsts], T[firsts])
        table = np.array([self._kept[int(kind)] for kind in kinds])
        outside = (1 - level) / 2
        return self._at(table, codes, alive, outside), self._at(table, codes, alive, 1 - outside)

    def _at(self, table: npt.NDArray[np.float32], codes: npt.NDArray[np.intp], alive: Floats, share: float) -> Floats:
        within = 1 - (1 - share) / np.maximum(alive, 1e-12)  # the share of futures of those alive
        place = np.ceil(within * table.shape[1]).astype(np.int64) - 1
        found = table[codes, np.clip(place, 0, table.shape[1] - 1)]
        return np.where(within <= 0, 0.0, found).astype(np.float64)

    def _simulate(self, kinds: npt.NDArray[np.int64], x: Floats, T: Floats) -> None:
        new = np.array([int(kind) not in self._kept for kind in kinds])
        if not new.any():
            return
        random = np.random.default_rng([self.seed, int(self.horizon * 7), *map(int, kinds[new][:1])])
        x, T = np.repeat(x[new], EACH), np.repeat(T[new], EACH)
        futures = [self.family.simulate(draw, x, T, self.horizon, random).reshape(-1, EACH) for draw in self.draws]
        table = np.sort(np.hstack(futures), axis=1).astype(np.float32)
        self._kept.update(zip(map(int, kinds[new]), table, strict=True))


def _steps(values: Floats, exact: int) -> npt.NDArray[np.int64]:
    """Whole numbers up to `exact` as they are, what is above in steps of 5 %."""
    logs = np.round(np.log(np.maximum(values, exact) + 1) / 0.05)
    steps = logs - np.round(np.log(exact + 1) / 0.05) + exact
    return np.where(values <= exact, values, steps).astype(np.int64)


def with_amount(low: Floats, high: Floats, expected: Floats, spend: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Return the interval of money from that of purchases (`low`, `high` about `expected`) and of the amount of each.

    `spread` is the standard deviation of the logarithm of one's mean amount. Purchases and amounts being independent,
    their distances from the middle are added as squares, in logarithms; nothing bought brings nothing.
    """
    amount = 1.2816 * spread  # the normal distribution's 10 % point
    down = np.hypot(np.log(np.maximum(expected, 1e-9) / np.maximum(low, 1e-9)), amount)
    up = np.hypot(np.log(np.maximum(high, 1e-9) / np.maximum(expected, 1e-9)), amount)
    middle = expected * spend
    return np.where(low <= 0, 0.0, middle * np.exp(-down)), np.where(high <= 0, middle, middle * np.exp(up))
