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

TIMES = 5
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


def main() -> None:
    """Print the table; exit code 1 when we are not five times as fast at the same or a better likelihood."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("table", type=Path)
    parser.add_argument("--environment", type=Path, help="keep the environment of lifetimes here")
    options = parser.parse_args()
    table = options.table.resolve()
    mine = ours(table)
    with tempfile.TemporaryDirectory() as folder:
        others = theirs(table, options.environment or Path(folder))
    sys.stdout.write(f"{'':<12} {'ours, s':>9} {'theirs, s':>9} {'faster':>7} {'our LL':>12} {'their LL':>12}\n")
    is_good = True
    for name, own in mine.items():
        other = others[name]
        their_best = own["at"](other["parameters"])[0]
        faster = other["seconds"] / own["seconds"]
        is_good &= faster >= 5 and own["log_likelihood"] >= their_best - 0.01
        sys.stdout.write(
            f"{name:<12} {own['seconds']:>9.4f} {other['seconds']:>9.4f} {faster:>6.1f}× "
            f"{own['log_likelihood']:>12.3f} {their_best:>12.3f}\n"
        )
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
