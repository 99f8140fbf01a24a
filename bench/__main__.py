"""`bin/bench`: prepares the data sets, measures, prints tables and writes docs/figures.md.

bin/bench                                    everything: three sizes on both databases (the first time takes a while)
bin/bench --sizes 10k --database sqlite      less
bin/bench --only list,contact                some pages; also: import, browser
bin/bench --orders                           orders and insights, on the last of --sizes; --only: bench/orders/run.py
bin/bench --no-write                         leave docs/figures.md alone
"""

import argparse
import datetime
import json
import platform
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench import browser, importing, pages
from bench.data import ROOT, SIZES, Prepared, home, postgresql, prepare
from bench.figures import MEASURES, others, table
from bench.orders import report as order_report
from bench.orders import run as orders_run
from bench.server import Server, Visitor

ONCE = {"import", "browser"}
FIGURES = ROOT / "docs" / "figures.md"
PASSWORD = "a long enough password"  # (of the data sets: see generate.py)


def main(arguments: list[str]) -> int:
    """Run what was asked; returns the exit code."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and clusters end with it
    if options.orders:
        return orders(options)
    results: dict[str, Any] = {}
    databases = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    for database in databases:
        with postgresql() if database == "postgresql" else nullcontext() as cluster:
            for size in options.sizes:
                last = size == options.sizes[-1]
                found, once = one(prepare(database, size, cluster), options.only, with_browser=last)
                results[f"{database}-{size}"] = found
                results.setdefault(f"{database}-once", {}).update(once if last else {})
            if not options.only or "import" in options.only:
                print(f"Import, {database}:", flush=True)
                rate = importing.rate(database, cluster, options.import_rows or importing.ROWS)
                results[f"{database}-once"]["import_rate"] = rate
                print(f"    {rate:,.0f} rows/s", flush=True)
    (home() / "results.json").write_text(json.dumps(results, indent=1))
    report = written(results, options.sizes)
    print("\n" + report)
    if not options.no_write and not options.only:
        _, heading, rest = _there().partition(order_report.HEADING)  # what was measured elsewhere stays
        keep(report, order_report.lines(orders_run.kept()) or [heading + rest])
    return 0


def orders(options: argparse.Namespace) -> int:
    """Measure what is about orders and insights."""
    lines = order_report.lines(orders_run.run(options))
    print("\n" + "\n".join(lines))
    if not options.no_write:
        keep(_there().partition("\n" + order_report.HEADING)[0], lines)
    return 0


def _there() -> str:
    return FIGURES.read_text() if FIGURES.exists() else ""


def keep(report: str, of_orders: list[str]) -> None:
    """Write docs/figures.md: what was measured of people and promises, then of orders."""
    FIGURES.write_text(report.rstrip("\n") + "\n\n" + "\n".join(of_orders))


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure the figures of docs/figures.md.")
    parser.add_argument("--sizes", default="10k,100k,1m", help="of 1k, 10k, 100k, 1m (default: %(default)s)")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--only", default="", help=f"some of: {', '.join([m.name for m in MEASURES] + sorted(ONCE))}; with --orders:"
                        f" {', '.join(orders_run.PARTS)}")  # fmt: skip
    parser.add_argument("--import-rows", type=int, help="rows to import (default: 100,000; 500,000 of orders)")
    parser.add_argument("--orders", action="store_true", help="measure orders and insights instead")
    parser.add_argument("--no-write", action="store_true", help="leave docs/figures.md as it is")
    options = parser.parse_args(arguments)
    options.sizes = options.sizes.split(",")
    options.only = set(filter(None, options.only.split(",")))
    if unknown := set(options.sizes) - set(SIZES):
        parser.error(f"there is no size {', '.join(sorted(unknown))}")
    known = set(orders_run.PARTS) if options.orders else {measure.name for measure in MEASURES} | ONCE
    if unknown := options.only - known:
        parser.error(f"there is nothing called {', '.join(sorted(unknown))} to measure")
    return options


def one(prepared: Prepared, only: set[str], with_browser: bool) -> tuple[dict[str, Any], dict[str, float]]:
    """Measure one data set; returns its pages, floors and queries, and what is measured once."""
    print(f"{prepared.database}, {prepared.size}:", flush=True)
    known = json.loads(prepared.run("bench.inside", "facts", capture_output=True).stdout)
    warm(prepared)
    with Server(prepared):
        pass  # the first start may migrate or compile: the second is the one that counts
    with Server(prepared) as server:
        print(f"    quiet after {server.settle():.0f} s", flush=True)
        visitor = Visitor(server.port)
        visitor.sign_in("colleague2@bench.example", PASSWORD)
        measured, paths = pages.measure(visitor, known, only, server.busy)
        once = {"first_answer": round(server.first_answer, 2), "memory": round(server.memory(), 1)}
        if with_browser and (not only or "browser" in only):
            once |= browser.look(server.port, visitor)
    given = json.dumps({"facts": known, "paths": paths})
    inside = json.loads(prepared.run("bench.inside", "floors", input=given, stdout=subprocess.PIPE).stdout)
    return {"pages": measured, **inside}, once


def warm(prepared: Prepared) -> None:
    """Read the files of a data set once, so that no first read from disk counts as a request's."""
    files = list(prepared.folder.glob("regulars.sqlite3"))
    if prepared.url:
        files = list(Path(prepared.run("bench.inside", "folder", capture_output=True).stdout.strip()).iterdir())
    for file in files:
        with file.open("rb") as content:
            while content.read(1 << 24):
                pass


def written(results: dict[str, Any], sizes: list[str]) -> str:
    """Return the report as Markdown."""
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    lines = [
        "# Figures", "",
        f"Measured by `bin/bench` on {today}: {machine()}.", "",
        "Requests over HTTP on loopback by a signed-in member, production settings, p50 and p95 of 200 after a"
        " warm-up, twice minutes apart, the better of the two: the machine is shared, and its speed swings by half"
        " within minutes; every answer is finished HTML. “CPU” is the processor time of Regulars for one request. The"
        " floor is the same rows by hand-written SQL through the same driver, without Django, HTML or HTTP. How the data sets"
        " are made: `bench/generate.py`.", "",
    ]  # fmt: skip
    for database, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        if rows := table(results, database, sizes):
            lines += [f"## {name}", "", *rows, ""]
    if rows := others(results):
        lines += ["## Once", "", *rows, ""]
    return "\n".join(lines)


def machine() -> str:
    """Return what it was measured on."""
    import os

    name = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{os.cpu_count()} × {name}, {memory:.0f} GB, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
