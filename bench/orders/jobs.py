"""The jobs that count everybody, each in a process of its own that is watched: seconds, processor seconds, memory."""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.data import ROOT, Prepared


def watched(prepared: Prepared, *command: str) -> dict[str, Any]:
    """Run a Python module that prints JSON on a data set; its answer with "busy" (processor seconds of it and, where it
    tells "server", of PostgreSQL), "wall" and "mb" (its largest memory of its own: pages of files that the system could drop are none)."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    server = _postgres_ticks(prepared)
    process = subprocess.Popen(
        [sys.executable, "-m", *command], env=prepared.environment, cwd=ROOT, text=True, stdout=subprocess.PIPE
    )
    peak = _Peak(process.pid)
    out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    used += (_postgres_ticks(prepared) - server) / os.sysconf("SC_CLK_TCK")
    return {
        **json.loads(out or "{}"), "busy": round(used, 1), "wall": round(time.monotonic() - began, 1), "mb": peak.stop(),
    }  # fmt: skip


class _Peak:
    """Looks at the largest memory of a process while it runs."""

    def __init__(self, pid: int) -> None:
        self.status, self.mb, self.going = Path(f"/proc/{pid}/status"), 0, True
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        while self.going:
            try:
                text = self.status.read_text()
            except OSError:
                return
            for line in text.splitlines():
                if line.startswith("RssAnon:"):
                    self.mb = max(self.mb, int(line.split()[1]) // 1024)
            time.sleep(0.05)

    def stop(self) -> int:
        """End the looking; returns the largest number of megabytes."""
        self.going = False
        self.thread.join(1)
        return self.mb


def _postgres_ticks(prepared: Prepared) -> int:
    """The processor time that the processes of this PostgreSQL have used, those that ended included."""
    if not prepared.url:
        return 0
    socket = prepared.url.partition("@")[2].rpartition("/")[0].replace("%2F", "/")
    postmaster = int((Path(socket) / "data" / "postmaster.pid").read_text().split()[0])
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == postmaster:
            total += sum(map(int, fields[13:15]))  # of children that ended
        if int(folder.name) == postmaster or int(fields[1]) == postmaster:
            total += sum(map(int, fields[11:13]))
    return total


# Inside, on the data.


def _rebuild() -> dict[str, Any]:
    """Facts and months of everybody, from nothing."""
    from regulars.orders.facts_rebuild import rebuild_all
    from regulars.orders.models import CustomerFacts, CustomerMonth

    _emptied(CustomerMonth, CustomerFacts)
    return _timed(rebuild_all) | {
        "facts": CustomerFacts.objects.count(), "months": CustomerMonth.objects.count(),
    }  # fmt: skip


def _again() -> dict[str, Any]:
    """Facts and months of everybody, where all are there."""
    from regulars.orders.facts_rebuild import rebuild_all

    return _timed(rebuild_all)


def _check() -> dict[str, Any]:
    """The nightly comparison of everybody's facts with a full count."""
    from regulars.orders.facts_check import check_all

    found: list[Any] = []
    made = _timed(lambda: found.append(check_all()))
    return made | {"customers": found[0].customers, "differing": found[0].differing}


def _tiers() -> dict[str, Any]:
    """Everybody's tier for the first time, the next night, in a new month, and after other settings."""
    from datetime import timedelta

    from django.utils import timezone

    from regulars.insights import tiers
    from regulars.insights.tables.standing import Standing, TierChange, TierRun

    _emptied(Standing, TierRun, TierChange)
    today = timezone.localdate()
    month = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    runs: dict[str, Callable[[], Any]] = {
        "first": lambda: tiers.recount(today),
        "night": lambda: tiers.recount(today + timedelta(days=1)),
        "month": lambda: tiers.recount(month),
        "demand": lambda: tiers.recount(month, fresh=True),
    }
    return {name: _timed(run) for name, run in runs.items()}


def _predict() -> dict[str, Any]:
    """All models fitted, chosen by backtest, and everybody scored."""
    from regulars.insights.predicting.job import predict_all
    from regulars.insights.tables.prediction import Prediction
    from regulars.insights.tables.run import Run

    _emptied(Prediction, Run)
    found: dict[str, Any] = {}
    made = _timed(lambda: found.update(predict_all()))
    return made | {
        kind: {"model": run.model, "customers": run.customers, "scored": run.scored} for kind, run in found.items()
    }


def _figures() -> dict[str, Any]:
    """Everything that reports read, all months and comparisons."""
    from regulars.insights.cubes.running import count_all

    return _timed(count_all)


def _warnings() -> dict[str, Any]:
    """Who is slipping away and why, which the win-back list shows."""
    from regulars.insights.churn.keeping import look

    return _timed(lambda: [look(kind) for kind in ("contact", "company")])


def _emptied(*models: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cascade = connection.vendor == "postgresql"
            cursor.execute(f'TRUNCATE "{table}" CASCADE' if cascade else f'DELETE FROM "{table}"')


def _timed(run: Callable[[], Any]) -> dict[str, Any]:
    began, used = time.perf_counter(), time.process_time()
    run()
    return {"seconds": round(time.perf_counter() - began, 1), "own": round(time.process_time() - used, 1)}


JOBS: dict[str, Callable[[], dict[str, Any]]] = {
    "rebuild": _rebuild, "again": _again, "check": _check, "tiers": _tiers, "predict": _predict, "figures": _figures,
    "warnings": _warnings,
}  # fmt: skip

if __name__ == "__main__":
    import django

    django.setup()
    from regulars.access.home import at_home_of

    with at_home_of(None):
        print(json.dumps(JOBS[sys.argv[1]]()))
