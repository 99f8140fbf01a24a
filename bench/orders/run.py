"""`bin/bench --orders`: everything about orders and insights, measured; the tables go into docs/figures.md.

Counts everybody anew on the data set of the last size (facts, tiers, predictions, figures, warnings), then asks for the
pages, brings half a million lines in, and lets shops knock. About 25 minutes for each database on a quiet machine.
"""

import argparse
import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench import fit_beside_lifetimes, webhooks
from bench.data import Prepared, home
from bench.orders import importing, pages
from bench.orders.data import clusters, prepare
from bench.orders.jobs import JOBS, watched

PARTS = ("read", *JOBS, "pages", "import", "webhooks", "fit")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure what was asked for; returns the results by database. Each is kept with the data sets once it is there."""
    results = kept()
    wanted = options.only or set(PARTS)

    def keep(database: str, **found: Any) -> None:
        results.setdefault(database, {}).update(found)
        _file().write_text(json.dumps(results, indent=1))
        print(f"    {found}", flush=True)

    for database in ["sqlite", "postgresql"] if options.database == "both" else [options.database]:
        with clusters(database) as cluster:
            if wanted & {"read", *JOBS, "pages"}:
                _on_data(prepare(database, options.sizes[-1], cluster), wanted, partial(keep, database))
            if "import" in wanted:
                rows = options.import_rows or importing.LINES
                keep(database, **{"import": importing.measure(database, cluster, rows)})
        if "webhooks" in wanted:
            keep(database, webhooks=webhooks.measure(database, 3000, 6))
    if "fit" in wanted:
        keep("fit", **(fit_beside_lifetimes.measure() or {}))
    return results


def kept() -> dict[str, Any]:
    """What was measured before: parts may be measured one by one."""
    return json.loads(_file().read_text()) if _file().exists() else {}


def _file() -> Path:
    return home() / "results-orders.json"


def _on_data(prepared: Prepared, wanted: set[str], keep: Callable[..., None]) -> None:
    """The jobs in the order in which each needs what the one before wrote, then the pages."""
    print(f"{prepared.database}, {prepared.size} people and their orders:", flush=True)
    pages.inside(prepared, "modules", "on")
    if "read" in wanted:
        keep(read=json.loads(prepared.run("bench.orders.floors", "jobs", stdout=subprocess.PIPE).stdout))
    for name in JOBS:
        if name in wanted:
            keep(**{name: watched(prepared, "bench.orders.jobs", name)})
    if "pages" in wanted:
        keep(pages=pages.measure(prepared))
