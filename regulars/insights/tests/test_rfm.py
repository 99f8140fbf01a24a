"""RFM scores and segments: on small data of our own, and against the published figures of the R package rfm."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regulars.insights.value import rfm

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "nps_rfm"
NAMES = {
    "champion": "Champions", "potential": "Potential Loyalist", "loyal": "Loyal Customers", "promising": "Promising",
    "new": "New Customers", "cant_lose": "Can't Lose Them", "at_risk": "At Risk", "attention": "Need Attention",
    "sleeping": "About To Sleep", "lost": "Lost",
}  # fmt: skip


def test_scores_are_fifths_and_what_most_share_is_no_merit() -> None:
    tens = np.arange(10, 101, 10)
    assert rfm.scores(tens).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert rfm.scores(tens, low_is_good=True).tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert rfm.scores(np.full(8, 1)).tolist() == [1] * 8
    assert rfm.scores(np.array([1] * 9 + [2])).tolist() == [1] * 9 + [5]
    assert rfm.scores(np.full(3, 40), low_is_good=True).tolist() == [5] * 3
    assert rfm.scores(np.array([])).tolist() == []


def test_every_score_has_a_segment() -> None:
    grid = np.array([(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)])
    named = [rfm.CODES[place] for place in rfm.segments(grid[:, 0], grid[:, 1], grid[:, 2])]
    found = dict(zip(map(tuple, grid.tolist()), named, strict=True))
    assert found[5, 5, 5] == "champion"
    assert found[1, 1, 1] == "lost"
    assert found[1, 4, 5] == "cant_lose"
    assert found[5, 1, 1] == "new"


@pytest.fixture(scope="module")
def published() -> tuple[dict[str, Any], dict[str, list[int]]]:
    if not SHARED.exists():
        pytest.skip("the published RFM data is not on this machine: see the small data above")
    expected = json.loads((SHARED / "rfm_expected.json").read_text())
    end, found = date.fromisoformat(expected["analysis_date"]), dict[str, list[int]]()
    with (SHARED / "rfm_data_orders.csv").open() as file:
        for row in csv.DictReader(file):
            of = found.setdefault(row["customer_id"], [10_000, 0, 0])
            of[0] = min(of[0], (end - date.fromisoformat(row["order_date"])).days)
            of[1] += 1
            of[2] += int(float(row["revenue"]))
    return expected, found


def test_the_published_scores_and_segments_come_out(published: tuple[dict[str, Any], dict[str, list[int]]]) -> None:
    expected, found = published
    days, orders, revenue = np.array(list(found.values())).T
    assert (len(days), orders.sum(), revenue.sum()) == (995, 4906, 464158)
    r, f, m = rfm.scores(days, low_is_good=True), rfm.scores(orders), rfm.scores(revenue)
    scored = dict(zip(found, (r.astype(int) * 100 + f * 10 + m).tolist(), strict=True))
    for name, (*values, score) in expected["published_rows"].items():
        assert found[name] == values
        assert scored[name] == score
    counted = Counter(NAMES[rfm.CODES[place]] for place in rfm.segments(r, f, m))
    assert counted == expected["reproduced_segments_first_match"]
