"""The import of a hundred thousand people from CSV, by the command that people use."""

import csv
import json
import random
import shutil
from pathlib import Path

from bench.data import Prepared, empty, home
from bench.words import COMPANY_FIRST, COMPANY_LAST, GIVEN, surnames

ROWS = 100_000


def rate(database: str, cluster: Path | None, rows: int = ROWS) -> float:
    """Return rows a second, into an empty business; raises RuntimeError when not all arrived."""
    folder = home() / f"{database}-import"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"postgres://regulars@{str(cluster).replace('/', '%2F')}/bench_import" if cluster else ""
    prepared = Prepared(database, "import", folder, url)
    empty(prepared, cluster)
    prepared.run("regulars.config.cli", "migrate", "--verbosity", "0")
    prepared.run(
        "regulars.config.cli", "setup", "--business", "Bench", "--name", "Nora Pine", "--email", "nora@bench.example",
        "--password", "a long enough password", "--trade", "cafe", "--currency", "EUR", "--timezone", "UTC",
        capture_output=True,
    )  # fmt: skip
    file = folder / "people.csv"
    write(file, rows)
    done = prepared.run("regulars.config.cli", "import", "contacts", str(file), "--json", capture_output=True)
    answer = json.loads(done.stdout)
    if answer["created"] != rows:
        raise RuntimeError(f"{answer['created']} of {rows} rows were imported.")
    shutil.rmtree(folder, ignore_errors=True)
    return round(rows / float(answer["seconds"]), 0)


def write(file: Path, rows: int) -> None:
    """Write a CSV as an export would look: names, title, company, email, phone, city."""
    rng = random.Random(5)
    family = surnames(rng)
    firms = [f"{rng.choice(COMPANY_FIRST)} {rng.choice(COMPANY_LAST)} {n}" for n in range(max(1, rows // 20))]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["First Name", "Last Name", "Job Title", "Company", "Email", "Phone", "City"])
        for n in range(rows):
            given, last = rng.choice(GIVEN), rng.choice(family)
            phone = f"+49 {rng.choice(['30', '171', '89'])} {n + 10_000_000}"
            writer.writerow([given, last, "Buyer", rng.choice(firms), f"person{n}@import.example", phone, "Berlin"])
