"""The import of half a million order lines from CSV, by the command that people use, into a business that knows nine of
ten buyers by their email."""

import csv
import json
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.data import Prepared, empty, home
from bench.importing import write as write_people

LINES = 500_000
PER_ORDER = 2.5
PEOPLE = 20_000


def measure(database: str, cluster: Path | None, lines: int = LINES) -> dict[str, Any]:
    """Return rows a second and megabytes; raises RuntimeError when not all arrived. The floor: see `floor`."""
    folder = home() / f"{database}-import-orders"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"postgres://regulars@{str(cluster).replace('/', '%2F')}/bench_import_orders" if cluster else ""
    prepared = Prepared(database, "import", folder, url)
    make_business(prepared, cluster)
    write_people(folder / "people.csv", PEOPLE)
    prepared.run("regulars.config.cli", "import", "contacts", str(folder / "people.csv"), "--json", capture_output=True)
    orders = write(folder / "orders.csv", lines)
    answer = bring(prepared, folder / "orders.csv")
    if answer["rows"] != lines or answer["created"] != orders:
        raise RuntimeError(f"{answer['created']} of {orders} orders were imported.")
    floor = json.loads(prepared.run("bench.orders.floors", "lines", str(lines), capture_output=True).stdout)
    if not cluster:
        shutil.rmtree(folder, ignore_errors=True)
    seconds = float(answer["seconds"])
    return {"rate": round(lines / seconds), "seconds": seconds, "busy": answer["busy"], "mb": answer["mb"],
            "unclaimed": answer["unclaimed"], "floor": floor}  # fmt: skip


def make_business(prepared: Prepared, cluster: Path | None) -> None:
    """Set up an empty business."""
    empty(prepared, cluster)
    prepared.run("regulars.config.cli", "migrate", "--verbosity", "0")
    prepared.run(
        "regulars.config.cli", "setup", "--business", "Bench", "--name", "Nora Pine", "--email", "nora@bench.example",
        "--password", "a long enough password", "--trade", "cafe", "--currency", "EUR", "--timezone", "UTC",
        capture_output=True,
    )  # fmt: skip


def bring(prepared: Prepared, file: Path) -> dict[str, Any]:
    """Import the file by the command; what it answered, with the processor seconds and megabytes that it took."""
    from bench.orders.jobs import watched

    return watched(prepared, "regulars.config.cli", "import", "orders", str(file), "--json")


def write(file: Path, lines: int) -> int:
    """Write a CSV of so many lines as a till exports them, the oldest first; returns how many orders it holds."""
    rng = random.Random(9)
    goods = [(f"P{n:03}", f"Good thing {n}", f"{rng.randint(150, 4000) / 100:.2f}") for n in range(300)]
    at = datetime(2024, 1, 2, 8, tzinfo=UTC)
    step = timedelta(days=600) / max(1, lines)
    written = order = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Order", "Date", "Email", "Name", "SKU", "Product", "Quantity", "Price"])
        while written < lines:
            order += 1
            number = rng.randrange(int(PEOPLE / 0.9))
            said = [f"R{order:07}", f"{at:%Y-%m-%d %H:%M}", f"person{number}@import.example", f"Guest Number{number}"]
            for _ in range(min(lines - written, rng.randint(1, 4))):
                writer.writerow([*said, *_line(rng, goods)])
                written += 1
                at += step
    return order


def _line(rng: random.Random, goods: list[tuple[str, str, str]]) -> list[str]:
    sku, name, price = rng.choice(goods)
    return [sku, name, str(rng.choice((1, 1, 1, 2, 3))), price]
