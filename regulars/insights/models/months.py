"""BG/BB as a model of repeat purchases: came or not in each month of 30 days, counted back from today.

What bgbb.py says of months is turned into days of purchase: `days` is how many of them a month holds in which somebody
came, everybody's mean. Here `x` is in how many months after the first one somebody came, `t_x` the last of these and
`T` how many there were; horizons are weeks, as in the other models. A month is one chance, whatever its season: who
comes often is better described by the models of rates, who comes by habit once a month perhaps by this one.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from regulars.insights.models import bgbb
from regulars.insights.models.fitting import Fit, Floats, Parameters, Rows, distinct

MONTH = 30  # days
WEEKS = MONTH / 7
ROUNDS = 60
LONGEST = 1e5  # months: beyond it a next visit has no date

Ints = npt.NDArray[np.int64]


def count(who: Ints, day: Ints, size: int, end: int) -> tuple[Floats, Floats, Floats, float]:
    """Return x, t_x, T and the mean days of purchase in a month with any, for the customers 0 to `size` - 1.

    `who` bought on `day`, one row for each day of purchase up to the day `end`; everybody has bought at least once.
    """
    ago = (end - day) // MONTH
    span = int(ago.max(initial=0)) + 1
    came = np.unique(who * span + ago)
    first, last = np.zeros(size, dtype=np.int64), np.full(size, span, dtype=np.int64)
    np.maximum.at(first, came // span, came % span)
    np.minimum.at(last, came // span, came % span)
    times = np.bincount(came // span, minlength=size)
    days = len(who) / max(len(came), 1)
    return (times - 1).astype("f8"), (first - last).astype("f8"), first.astype("f8"), float(days)


def fit_rows(rows: Rows, start: Parameters | None = None) -> Fit:
    """Fit to distinct rows. `days` is no parameter of the fit: it is added by whoever counted the months."""
    own = {name: start[name] for name in bgbb.NAMES} if start else None
    return bgbb.fit(rows.x, rows.t_x, rows.T, rows.weight, start=own)


def p_alive(parameters: Parameters, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """The chance of still being a customer next month."""
    first, codes = distinct(x, t_x, T)
    return np.asarray(bgbb.p_alive(parameters, x[first], t_x[first], T[first])[codes])


def expected_if_alive(parameters: Parameters, x: Floats, T: Floats, horizon: float) -> Floats:
    """Expected days of purchase within `horizon` weeks of who is still one: equation 13 without the chance of that."""
    values, codes = np.unique(T, return_inverse=True)
    comes = (parameters["alpha"] + x) / (parameters["alpha"] + parameters["beta"] + T)
    months = _added(_stays(parameters, values, horizon), horizon)
    return np.asarray(comes * months[codes] * parameters.get("days", 1.0))


def p_buys(parameters: Parameters, x: Floats, t_x: Floats, T: Floats, horizon: float) -> Floats:
    """The chance of coming within `horizon` weeks: the first visit may be in any month until one leaves."""
    from scipy.special import betaln

    first, codes = distinct(x, t_x, T)
    x, t_x, T = x[first], t_x[first], T[first]
    stays = _stays(parameters, T, horizon)
    a, b = (parameters["alpha"] + x)[:, None], (parameters["beta"] + T - x)[:, None]
    ahead = np.arange(stays.shape[1])[None, :]
    visits = stays * np.exp(betaln(a + 1, b + ahead) - betaln(a, b))
    found = p_alive(parameters, x, t_x, T) * _added(visits, horizon)
    return np.asarray(np.clip(found, 0, 1)[codes])


def next_purchase(parameters: Parameters, x: Floats, T: Floats, share: float) -> Floats:
    """The weeks by which a share of those who stay has come again: B(a, b + m) / B(a, b) = 1 - share, by bisection."""
    from scipy.special import betaln

    first, codes = distinct(x, T)
    a, b = parameters["alpha"] + x[first], parameters["beta"] + T[first] - x[first]
    low, high = np.zeros_like(a), np.full_like(a, LONGEST)
    for _round in range(ROUNDS):
        middle = (low + high) / 2
        over = betaln(a, b + middle) - betaln(a, b) > np.log1p(-share)
        low, high = np.where(over, middle, low), np.where(over, high, middle)
    return np.asarray(((low + high) / 2 * WEEKS)[codes])


def simulate(parameters: Parameters, x: Floats, T: Floats, horizon: float, random: np.random.Generator) -> Floats:
    """One future of each, alive now: days of purchase within `horizon` weeks."""
    comes = random.beta(parameters["alpha"] + x, parameters["beta"] + T - x)
    leaves = random.beta(parameters["gamma"], parameters["delta"] + T + 1)
    stays = random.geometric(np.clip(leaves, 1e-9, 1.0))
    months = np.minimum(stays, _whole(horizon, random, len(x)))
    visits = random.binomial(months, comes)
    return np.asarray(visits + random.poisson(visits * max(parameters.get("days", 1.0) - 1, 0)), dtype=np.float64)


def _whole(horizon: float, random: np.random.Generator, size: int) -> Ints:
    """The months of a horizon; of a part of one it is left to chance whether it counts."""
    months = horizon / WEEKS
    return np.asarray(np.floor(months) + (random.random(size) < months % 1), dtype=np.int64)


def _stays(parameters: Parameters, T: Floats, horizon: float) -> Floats:
    """The chance of who is a customer next month to be one in each month of the horizon; rows × months."""
    from scipy.special import betaln

    c, d = parameters["gamma"], parameters["delta"] + T[:, None]
    ahead = np.arange(1, int(np.ceil(horizon / WEEKS - 1e-9)) + 1)[None, :]
    return np.asarray(np.exp(betaln(c, d + ahead) - betaln(c, d + 1)))


def _added(months: Floats, horizon: float) -> Floats:
    """The sum over the months of a horizon, the last one in part."""
    part = horizon / WEEKS - (months.shape[1] - 1)
    return np.asarray(months[:, :-1].sum(axis=1) + months[:, -1] * min(part, 1.0))


def with_days(parameters: Mapping[str, float], days: float) -> dict[str, float]:
    """Parameters of a fit with the mean days of purchase in a month."""
    return {**parameters, "days": days}
