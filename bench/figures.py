"""Percentiles, and the tables that say how it went."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


def percentiles(seconds: Iterable[float]) -> list[float]:
    """Return the median and the 95th percentile in milliseconds (nearest rank)."""
    ordered = sorted(seconds)
    return [round(ordered[math.ceil(len(ordered) * part) - 1] * 1000, 2) for part in (0.5, 0.95)]


@dataclass(frozen=True)
class Measure:
    """A page or act: its name in results, its words in tables, and the p95 in ms asked for at a million."""

    name: str
    label: str
    target: float


MEASURES = [
    Measure("list", "contact list, first page", 25),
    Measure("deep", "contact list, page 10,000", 25),
    Measure("filtered", "contact list by tag, owner, stage; last contact first", 25),
    Measure("contact", "contact page with Brief and timeline", 40),
    Measure("timeline", "next timeline page", 20),
    Measure("short", "search: short prefix (“ma”)", 20),
    Measure("two", "search: two parts (“oka may”) of many names", 20),
    Measure("two-few", "search: two parts of few names", 20),
    Measure("two-kinds", "search: two parts of people, companies, moments", 20),
    Measure("digits", "search: four digits of a phone", 20),
    Measure("words", "search: words in entries", 20),
    Measure("log", "log a moment", 25),
    Measure("today", "Today", 50),
    Measure("ledger", "promise ledger, first page", 40),
    Measure("calendar", "calendar, month of a colleague", 40),
    Measure("keep", "keep a promise", 25),
    Measure("tree", "referral tree of 10,000 people, first picture", 150),
    Measure("segment", "segment of four conditions, first page", 150),
    Measure("segment-count", "segment of four conditions, count", 150),
    Measure("feed", "calendar feed", 100),
]
FLAT = 1.5  # a million against ten thousand, at most


def table(results: dict[str, Any], database: str, sizes: Sequence[str]) -> list[str]:
    """Return the lines of a Markdown table for one database: a row for each page or act."""
    sizes = [size for size in sizes if f"{database}-{size}" in results]
    if not sizes:
        return []
    last = results[f"{database}-{sizes[-1]}"]
    heads = [f"{size} p50 / p95" for size in sizes]
    lines = [
        f"| page or act, ms | {' | '.join(heads)} | CPU | floor p50 / p95 | × floor | queries"
        f" | {sizes[-1]} : {sizes[0]} | asked |",
        "|---|" + "---|" * (len(sizes) + 6),
    ]
    for measure in MEASURES:
        if measure.name not in last["pages"]:
            continue
        times = [results[f"{database}-{size}"]["pages"].get(measure.name) for size in sizes]
        p50, p95, busy = times[-1]
        floor = last["floors"].get(measure.name, [0, 0])
        growth = p95 / times[0][1] if times[0] and len(sizes) > 1 else 0
        good = p95 <= measure.target and growth <= FLAT
        cells = [f"{one[0]:.1f} / {one[1]:.1f}" if one else "–" for one in times]
        cells.append(f"{busy:.1f}")
        cells += [f"{floor[0]:.2f} / {floor[1]:.2f}", f"{p50 / floor[0]:.0f}" if floor[0] else "–"]
        cells += [str(last["queries"].get(measure.name, "–")), f"{growth:.2f} ×" if growth else "–"]
        lines.append(f"| {measure.label} | {' | '.join(cells)} | {measure.target:g} {'✓' if good else '✗'} |")
    return lines


def others(results: dict[str, Any]) -> list[str]:
    """Return the lines of a Markdown table for what is measured once: import, start, memory, bytes, drawing."""
    lines = ["| | SQLite | PostgreSQL | asked |", "|---|---|---|---|"]
    for name, label, unit, target, at_most in (
        ("import_rate", "import of 100,000 rows from CSV", "rows/s", 2000, False),
        ("first_answer", "start to first answer", "s", 3, True),
        ("memory", "memory of the whole tree after warm-up", "MB", 300, True),
        ("first_visit", "first visit, compressed, without fonts", "kB", 150, True),
        ("later_page", "later page, compressed", "kB", 20, True),
        ("drawn", "until rows are drawn in Chromium, cold (median)", "ms", 400, True),
    ):
        values = [results.get(f"{database}-once", {}).get(name) for database in ("sqlite", "postgresql")]
        known = [value for value in values if value is not None]
        if not known:
            continue
        good = all(value <= target if at_most else value >= target for value in known)
        cells = [f"{value:,.1f} {unit}" if value is not None else "–" for value in values]
        lines.append(f"| {label} | {' | '.join(cells)} | {target:,} {unit} {'✓' if good else '✗'} |")
    return lines if len(lines) > 2 else []
