"""What customers will bring: expected purchases of a horizon, discounted, times what a purchase comes to.

P. S. Fader, B. G. S. Hardie and K. L. Lee, "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", Journal of
Marketing Research 42 (2005), 415-430: value = amount × discounted expected transactions (their equation 3). Theirs has
no end; ours ends at a horizon, because nobody should trust it longer.
"""

import numpy as np

from regulars.insights.models.families import Family
from regulars.insights.models.fitting import Floats, Parameters

WEEKS_A_YEAR = 365.25 / 7
NODES, SHARES = np.polynomial.legendre.leggauss(3)


def discounted_if_alive(
    family: Family, parameters: Parameters, x: Floats, T: Floats, horizon: float, discount: float
) -> Floats:
    """Expected purchases within `horizon` weeks of who is alive, each worth e^(-δt) of one now.

    With E(t) the expected purchases up to t, ∫ e^(-δt) dE = e^(-δh) E(h) + δ ∫ e^(-δt) E(t) dt; E is smooth and the
    last part small, so three nodes of Gauss and Legendre do. `discount` is by year, δ = ln(1 + discount).
    """
    delta = np.log1p(discount) / WEEKS_A_YEAR
    found = np.exp(-delta * horizon) * family.expected_if_alive(parameters, x, T, horizon)
    if delta > 0:
        for node, share in zip((NODES + 1) / 2 * horizon, SHARES / 2 * horizon, strict=True):
            found += delta * share * np.exp(-delta * node) * family.expected_if_alive(parameters, x, T, float(node))
    return np.asarray(found)


def clv(
    family: Family, parameters: Parameters, x: Floats, t_x: Floats, T: Floats, spend: Floats, *,
    horizon: float = 3 * WEEKS_A_YEAR, discount: float = 0.1,
) -> Floats:  # fmt: skip
    """The expected value of each customer over `horizon` weeks from now, in the unit of `spend`, what one purchase of
    theirs is expected to come to."""
    alive = family.p_alive(parameters, x, t_x, T)
    return alive * discounted_if_alive(family, parameters, x, T, horizon, discount) * spend
