"""Fits BG/NBD, Pareto/NBD and Gamma-Gamma beside PyPI `lifetimes`, which gets a throw-away environment of its own.

    .venv/bin/python -m bench.fit_beside_lifetimes CDNOW.csv [--environment DIR]

The file has x, t_x, T and zbar (or frequency, recency, T, monetary_value). Both fit the same rows several times, the median
counts, imports do not. The log-likelihood of `lifetimes` is worked out anew by our function at its parameters, because
what it prints is per customer and on a rescaled unit of time.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench.data import ROOT

TIMES = 5
SAMPLE = (
    ROOT.parent / "shared" / "data" / "clv" / "cdnow_customers_summary_with_transactions.csv"
)  # the papers' data, which is not ours to keep here
PACKAGES = ("lifetimes", "numpy<2", "pandas<2.2", "scipy<1.12", "autograd<1.8", "dill")

# Runs in the environment of `lifetimes`: nothing of ours is there.
THEIRS = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import pandas
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
data = pandas.read_csv(sys.argv[1])
data.columns = [{"frequency": "x", "recency": "t_x", "monetary_value": "zbar"}.get(c, c) for c in data.columns]
paid = data[data.x > 0]
def run(make, *columns):
    seconds = []
    for _ in range(int(sys.argv[2])):
        began = time.perf_counter()
        fitted = make(penalizer_coef=0.0).fit(*columns)
        seconds.append(time.perf_counter() - began)
    return {"seconds": sorted(seconds)[len(seconds) // 2], "parameters": dict(fitted.params_)}
print(json.dumps({
    "bgnbd": run(BetaGeoFitter, data["x"], data["t_x"], data["T"]),
    "paretonbd": run(ParetoNBDFitter, data["x"], data["t_x"], data["T"]),
    "gammagamma": run(GammaGammaFitter, paid["x"], paid["zbar"]),
}))
"""


def theirs(table: Path, folder: Path) -> dict[str, Any]:
    """Make the environment in `folder` unless it is there, and fit in it."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    done = subprocess.run(
        [python, "-c", THEIRS, str(table), str(TIMES)], check=True, capture_output=True, text=True, cwd=folder
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def ours(table: Path) -> dict[str, Any]:
    """Fit the same with our models, and give what works out a log-likelihood."""
    import numpy as np

    from regulars.insights.models import bgnbd, gammagamma, paretonbd
    from regulars.insights.models.fitting import compress, load

    names = {"frequency": "x", "recency": "t_x", "monetary_value": "zbar"}
    data = np.genfromtxt(table, delimiter=",", names=True)
    columns = {names.get(name, name): data[name] for name in data.dtype.names or ()}
    x, t_x, age, mean = (columns[name] for name in ("x", "t_x", "T", "zbar"))
    rows, paid = compress(x, t_x, age), x > 0
    load()
    fits = {
        "bgnbd": (lambda: bgnbd.fit(x, t_x, age), bgnbd.log_likelihood(rows)),
        "paretonbd": (lambda: paretonbd.fit(x, t_x, age), paretonbd.log_likelihood(rows)),
        "gammagamma": (
            lambda: gammagamma.fit(x, mean),
            gammagamma.log_likelihood(x[paid], mean[paid], np.ones(int(paid.sum()))),
        ),
    }
    return {name: _timed(fit) | {"at": at} for name, (fit, at) in fits.items()}


def _timed(fit: Any) -> dict[str, Any]:
    seconds = []
    for _ in range(TIMES):
        began = perf_counter()
        found = fit()
        seconds.append(perf_counter() - began)
    return {"seconds": median(seconds), "parameters": found.parameters, "log_likelihood": found.log_likelihood}


def compare(table: Path, environment: Path | None = None) -> list[tuple[str, float, float, float, float]]:
    """Fit with both; returns the model, our seconds and theirs, our log-likelihood and theirs."""
    mine = ours(table)
    with tempfile.TemporaryDirectory() as folder:
        others = theirs(table, environment or Path(folder))
    return [
        (name, own["seconds"], others[name]["seconds"], own["log_likelihood"], own["at"](others[name]["parameters"])[0])
        for name, own in mine.items()
    ]


def is_good(rows: list[tuple[str, float, float, float, float]]) -> bool:
    """Whether each fit is five times as fast at the same or a better likelihood."""
    return all(theirs >= 5 * own and best >= other - 0.01 for _name, own, theirs, best, other in rows)


def measure(environment: Path | None = None) -> dict[str, Any] | None:
    """What docs/figures.md says of it; None where the papers' data is not at hand."""
    if not SAMPLE.exists():
        return None
    rows = compare(SAMPLE, environment)
    said = ", ".join(
        f"{name} {theirs / own:.0f} × ({own * 1000:.0f} ms, log-likelihood {best:.2f} to {other:.2f})"
        for name, own, theirs, best, other in rows
    )
    return {"words": "fits of CDNOW, times as fast as `lifetimes`", "said": said, "right": is_good(rows)}


def main() -> None:
    """Print the table; exit code 1 when we are not five times as fast at the same or a better likelihood."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("table", type=Path)
    parser.add_argument("--environment", type=Path, help="keep the environment of lifetimes here")
    options = parser.parse_args()
    rows = compare(options.table.resolve(), options.environment)
    sys.stdout.write(f"{'':<12} {'ours, s':>9} {'theirs, s':>9} {'faster':>7} {'our LL':>12} {'their LL':>12}\n")
    for name, own, other, best, their_best in rows:
        sys.stdout.write(
            f"{name:<12} {own:>9.4f} {other:>9.4f} {other / own:>6.1f}× {best:>12.3f} {their_best:>12.3f}\n"
        )
    sys.exit(0 if is_good(rows) else 1)


if __name__ == "__main__":
    main()
