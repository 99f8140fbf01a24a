"""`bin/bench --orders`: everything about orders and insights, measured; the tables go into docs/figures.md.

Counts everybody anew on the data set of the last size (facts, tiers, predictions, figures, warnings), then asks for the
pages, brings half a million lines in, and lets shops knock. About 25 minutes for each database on a quiet machine.
"""

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

from bench import fit_beside_lifetimes, webhooks
from bench.data import Prepared, home
from bench.orders import importing, pages
from bench.orders.data import clusters, prepare
from bench.orders.jobs import JOBS, watched

PARTS = (*JOBS, "pages", "import", "webhooks", "fit")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure what was asked for; returns the results by database, and keeps them with the data sets."""
    results = kept()
    wanted = options.only or set(PARTS)
    for database in ["sqlite", "postgresql"] if options.database == "both" else [options.database]:
        mine = results.setdefault(database, {})
        with clusters(database) as cluster:
            if wanted & {*JOBS, "pages"}:
                mine |= _on_data(prepare(database, options.sizes[-1], cluster), wanted)
            if "import" in wanted:
                mine["import"] = importing.measure(database, cluster, options.import_rows or importing.LINES)
                print(f"    import {mine['import']}", flush=True)
        if "webhooks" in wanted:
            mine["webhooks"] = webhooks.measure(database, 3000, 6)
    if "fit" in wanted:
        results["fit"] = fit_beside_lifetimes.measure()
    _file().write_text(json.dumps(results, indent=1))
    return results


def kept() -> dict[str, Any]:
    """What was measured before: parts may be measured one by one."""
    return json.loads(_file().read_text()) if _file().exists() else {}


def _file() -> Path:
    return home() / "results-orders.json"


def _on_data(prepared: Prepared, wanted: set[str]) -> dict[str, Any]:
    """The jobs in the order in which each needs what the one before wrote, then the pages."""
    print(f"{prepared.database}, {prepared.size} people and their orders:", flush=True)
    pages.inside(prepared, "modules", "on")
    found: dict[str, Any] = {}
    if wanted & set(JOBS):
        done = prepared.run("bench.orders.floors", "jobs", stdout=subprocess.PIPE)
        found["read"] = json.loads(done.stdout)
        print(f"    floor {found['read']}", flush=True)
    for name in JOBS:
        if name in wanted:
            found[name] = watched(prepared, "bench.orders.jobs", name)
            print(f"    {name} {found[name]}", flush=True)
    if "pages" in wanted:
        found["pages"] = pages.measure(prepared)
    return found
