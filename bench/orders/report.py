"""The tables of what was measured, as Markdown."""

from typing import Any

HEADING = "## Orders and insights"
DATABASES = ("sqlite", "postgresql")
JOBS = (
    # job, part of it, words, seconds asked, floor
    ("rebuild", "", "facts and months of everybody, from nothing", 120, "grouped"),
    ("again", "", "the same where all are there", 120, "grouped"),
    ("check", "", "nightly comparison of everybody’s facts", 0, "grouped"),
    ("tiers", "first", "tiers, first count", 30, ""),
    ("tiers", "night", "tiers, the night after", 30, ""),
    ("tiers", "month", "tiers, in a new month", 30, ""),
    ("tiers", "demand", "tiers, after other settings", 30, ""),
    ("predict", "", "all models fitted, chosen by backtest, everybody scored", 120, ""),
    ("figures", "", "all figures of reports", 0, "read"),
    ("warnings", "", "who is slipping away, everybody", 0, ""),
)
PAGES = {
    "worth": "Worth of a contact (the panel)",
    "orders": "orders, first page",
    "orders-filtered": "orders by status, channel, day",
    "orders-product": "orders with a product",
    "value": "value and tiers",
    "winback": "win-back list",
    "insights": "insights, overview",
    "insights-channel": "insights of one channel",
    "backtest": "backtest",
}
MOST, MORE = 150, 5  # ms


def lines(results: dict[str, Any]) -> list[str]:
    """Return the whole section."""
    if not results:
        return []
    found = [HEADING, "", PREFACE, ""]
    found += [*_jobs(results), "", *_pages(results), "", *_once(results), ""]
    return found


PREFACE = (
    "A million people, ten million orders, 25 million lines, written as the product writes them, entries on timelines and"
    " words for search included (`bench/orders/`); `bin/bench --orders`. Seconds are those of the wall; in brackets the"
    " processor’s, of the job and of PostgreSQL. The floor of a job is one statement that reads every order, or"
    " groups them by person. MB is the largest memory of the job’s own."
)


def _jobs(results: dict[str, Any]) -> list[str]:
    rows = ["| job, s | SQLite | floor | PostgreSQL | floor | MB | asked |", "|---|---|---|---|---|---|---|"]
    for job, part, words, asked, floor in JOBS:
        cells, seconds, most = [], [], 0
        for database in DATABASES:
            whole = results.get(database, {}).get(job)
            told = whole.get(part) if whole and part else whole
            if not told:
                cells += ["–", "–"]
                continue
            seconds.append(told["seconds"])
            most = max(most, whole["mb"])
            own = told["own"] if part else whole["busy"]
            cells += [f"{told['seconds']:.0f} ({own:.0f})", _floor(results[database], floor)]
        good = "" if not asked or not seconds else " ✓" if max(seconds) <= asked else " ✗"
        if seconds:
            rows.append(f"| {words} | {' | '.join(cells)} | {most} | {asked or '–'}{good} |")
    return rows


def _floor(results: dict[str, Any], name: str) -> str:
    return f"{results['read'][name]:.0f}" if name and "read" in results else "–"


def _pages(results: dict[str, Any]) -> list[str]:
    rows = [
        "| page, ms | SQLite p50 / p95 | CPU | floor | PostgreSQL p50 / p95 | CPU | floor | asked |",
        "|---|---|---|---|---|---|---|---|",
    ]
    names = dict.fromkeys(name for one in DATABASES for name in _of(results, one, "pages") if name != "contact")
    for name in names:
        told = [_of(results, database, "pages").get(name) for database in DATABASES]
        cells = []
        for database, times in zip(DATABASES, told, strict=True):
            floor = _of(results, database, "floors").get(FLOORS.get(name, name.split("-")[0]))
            cells += [f"{times[0]:.1f} / {times[1]:.1f}", f"{times[2]:.1f}"] if times else ["–", "–"]
            cells.append(f"{floor[0]:.2f}" if floor else "–")
        good = "✓" if all(times[1] <= MOST for times in told if times) else "✗"
        words = PAGES.get(name, name.replace("-", ": ", 1))
        rows.append(f"| {words} | {' | '.join(cells)} | {MOST} {good} |")
    return rows


FLOORS = {"orders-filtered": "orders-filtered", "orders-product": "orders-product", "backtest": ""}


def _of(results: dict[str, Any], database: str, what: str) -> dict[str, Any]:
    found: dict[str, Any] = results.get(database, {}).get("pages", {}).get(what, {})
    return found


def _once(results: dict[str, Any]) -> list[str]:
    rows = ["| | SQLite | PostgreSQL | asked |", "|---|---|---|---|"]
    contact = {one: _of(results, one, "pages").get("contact") for one in DATABASES}
    if any(contact.values()):
        cells = [
            f"{c['on'][0]:.1f} − {c['off'][0]:.1f} = {c['on'][0] - c['off'][0]:+.1f} ms"
            f" (CPU {c['on'][2] - c['off'][2]:+.1f})" if c else "–"
            for c in contact.values()
        ]  # fmt: skip
        good = all(c["on"][0] - c["off"][0] <= MORE for c in contact.values() if c)
        rows.append(f"| contact page with orders, without, p50 | {' | '.join(cells)} | {MORE} ms {_mark(good)} |")
    for name, words, asked in (
        ("import", "import of order lines from CSV, rows/s (floor: bare inserts)", 5000),
        ("webhooks", "events of shops accepted in a second, p95, with the worker killed twice", 300),
    ):
        told = [results.get(database, {}).get(name) for database in DATABASES]
        if any(told):
            good = all(one["rate"] >= asked and one.get("right", True) for one in told if one)
            cells = [_rate(one) for one in told]
            rows.append(f"| {words} | {' | '.join(cells)} | {asked} {_mark(good)} |")
    if fit := results.get("fit"):
        rows.append(f"| {fit['words']} | {fit['said']} | | 5 × {_mark(fit['right'])} |")
    return rows


def _rate(told: dict[str, Any] | None) -> str:
    if not told:
        return "–"
    floor = f", floor {told['floor']:,}" if "floor" in told else ""
    p95 = f", {told['p95']:.0f} ms" if "p95" in told else ""
    busy = f", {told['busy']:.0f} s of processor" if "busy" in told else ""
    return f"{told['rate']:,}{floor}{p95}{busy}"


def _mark(good: bool) -> str:
    return "✓" if good else "✗"
