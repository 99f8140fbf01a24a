"""RFM: how lately (r), how often (f) and for how much (m) somebody bought, each from 1 to 5, and the usual segments.

The scores are fifths of the customers themselves: the edges are the 20, 40, 60 and 80 % quantiles (linear
interpolation, R's type 7), rounded to whole days, orders or units of money; a score is one more than the edges that
are passed. So a value that most customers share does not pass the edge it forms: where everybody bought once, everybody
has the score 1.

The segments and their order are those that the R package rfm publishes (the first that fits counts). Pure functions.
"""

from typing import TYPE_CHECKING, Any

from regulars.insights.tables.standing import RfmSegment

if TYPE_CHECKING:
    from numpy.typing import NDArray

S = RfmSegment
# segment: lowest and highest r, f, m
BOUNDS: tuple[tuple[RfmSegment, int, int, int, int, int, int], ...] = (
    (S.CHAMPION, 5, 5, 5, 5, 5, 5),
    (S.POTENTIAL, 3, 5, 3, 5, 2, 5),
    (S.LOYAL, 2, 4, 2, 4, 2, 4),
    (S.PROMISING, 3, 4, 1, 3, 3, 5),
    (S.NEW, 4, 5, 1, 3, 1, 5),
    (S.CANT_LOSE, 1, 2, 3, 4, 4, 5),
    (S.AT_RISK, 1, 2, 2, 5, 4, 5),
    (S.ATTENTION, 1, 3, 3, 5, 3, 5),
    (S.SLEEPING, 2, 3, 1, 3, 1, 4),
    (S.LOST, 1, 1, 1, 5, 1, 5),
)
CODES: tuple[str, ...] = (*(row[0].value for row in BOUNDS), S.OTHER.value)


def scores(values: "NDArray[Any]", *, low_is_good: bool = False) -> "NDArray[Any]":
    """Return the score 1 to 5 of each value among all; `low_is_good` for days since the last purchase."""
    import numpy as np

    if not len(values):
        return np.zeros(0, dtype=np.int8)
    edges = np.rint(np.quantile(values, [0.2, 0.4, 0.6, 0.8]))
    passed = np.searchsorted(edges, values, side="left")  # how many edges are below the value
    return (5 - passed if low_is_good else 1 + passed).astype(np.int8)


def segments(r: "NDArray[Any]", f: "NDArray[Any]", m: "NDArray[Any]") -> "NDArray[Any]":
    """Return for each customer the place of their segment in CODES."""
    import numpy as np

    found = np.full(len(r), len(BOUNDS), dtype=np.int8)
    for place, (_name, *bounds) in reversed(list(enumerate(BOUNDS))):
        low_r, high_r, low_f, high_f, low_m, high_m = bounds
        fits = (r >= low_r) & (r <= high_r) & (f >= low_f) & (f <= high_f) & (m >= low_m) & (m <= high_m)
        found[fits] = place
    return found
