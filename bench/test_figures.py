"""How figures are counted and written down."""

import random

from bench.figures import others, percentiles, table
from bench.words import sentences, surnames, uneven


def test_percentiles_are_ranks_in_milliseconds() -> None:
    assert percentiles(n / 1000 for n in range(1, 201)) == [100.0, 190.0]
    assert percentiles([0.5]) == [500.0, 500.0]


def result(p95: float) -> dict[str, object]:
    return {"pages": {"short": [p95 / 2, p95, 3.0]}, "floors": {"short": [1.0, 2.0]}, "queries": {"short": 9}}


def test_the_table_says_what_misses_its_mark() -> None:
    good = table({"sqlite-10k": result(10), "sqlite-1m": result(12)}, "sqlite", ["10k", "1m"])
    assert "| 6.0 / 12.0 |" in good[-1]
    assert "1.20 ×" in good[-1]
    assert good[-1].endswith("20 ✓ |")
    slow = table({"sqlite-10k": result(10), "sqlite-1m": result(21)}, "sqlite", ["10k", "1m"])
    assert "✗" in slow[-1]
    growing = table({"sqlite-10k": result(10), "sqlite-1m": result(16)}, "sqlite", ["10k", "1m"])
    assert "✗" in growing[-1]
    alone = table({"sqlite-10k": {"pages": {}}, "sqlite-1m": result(12)}, "sqlite", ["10k", "1m"])
    assert "| – | 6.0 / 12.0 |" in alone[-1]
    assert "| – | 20 ✓ |" in alone[-1]
    assert table({}, "postgresql", ["10k"]) == []


def test_what_is_measured_once_stands_in_one_table() -> None:
    lines = others({"sqlite-once": {"import_rate": 2500.0, "memory": 310.0}})
    assert "2,500.0 rows/s | – | 2,000 rows/s ✓" in lines[2]
    assert "✗" in lines[3]
    assert others({}) == []


def test_names_are_many_uneven_and_the_same_for_the_same_seed() -> None:
    one, other = surnames(random.Random(1)), surnames(random.Random(1))
    assert one == other
    assert len(one) > 3000
    chosen = random.Random(2).choices(one, cum_weights=uneven(len(one)), k=2000)
    assert chosen.count(one[0]) > 10 * max(chosen.count(one[-1]), 1) or chosen.count(one[0]) > 20
    assert len(set(sentences(random.Random(3), 50))) == 50
