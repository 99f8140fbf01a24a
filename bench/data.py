"""The data sets: made once for each size and database, kept in a folder, and again when schema or recipe change."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
SERVER = [
    "shared_buffers=1GB",
    "effective_cache_size=4GB",
    "work_mem=16MB",
    "max_wal_size=4GB",
    "random_page_cost=1.1",  # the data is in memory or on a solid disk, as it is for most
    "max_connections=40",
]


@dataclass(frozen=True)
class Prepared:
    """A database with a data set: the environment that leads to it."""

    database: str
    size: str
    folder: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a process that works on it, with production settings."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith("REGULARS_") and k != "DATABASE_URL"}
        more = {"DATABASE_URL": self.url} if self.url else {}
        return {
            **ours, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "regulars.config.settings",
            "REGULARS_DATA": str(self.folder), **more,
        }  # fmt: skip

    def run(self, *command: str, **more: object) -> "subprocess.CompletedProcess[str]":
        """Run a Python module on it; raises CalledProcessError."""
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            [sys.executable, "-m", *command], env=self.environment, cwd=ROOT, check=True, text=True, **more
        )


def home() -> Path:
    """Where data sets are kept."""
    return Path(os.environ.get("REGULARS_BENCH_DATA") or ROOT / "data" / "bench").absolute()


def recipe(prepared: Prepared) -> str:
    """Return a digest of what a data set depends on: the schema, how names become search rows, the generator."""
    files = [ROOT / "regulars/contacts/models/names.py"]
    files += [Path(__file__).with_name(name) for name in ("generate.py", "generate_promises.py", "words.py")]
    found = hashlib.sha256()
    for file in files:
        found.update(file.read_bytes())
    return f"{prepared.run('bench.schema', capture_output=True).stdout.strip()} {found.hexdigest()[:16]}"


def prepare(database: str, size: str, cluster: Path | None) -> Prepared:
    """Return the data set, made now when it is missing or out of date."""
    folder = home() / f"{database}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    url = f"postgres://regulars@{str(cluster).replace('/', '%2F')}/bench_{size}" if cluster else ""
    prepared = Prepared(database, size, folder, url)
    stamp = folder / "recipe"
    wanted = recipe(prepared)
    if stamp.exists() and stamp.read_text() == wanted:
        renew(prepared)
    else:
        print(f"Making {SIZES[size]:,} contacts for {database}:", flush=True)
        stamp.unlink(missing_ok=True)
        empty(prepared, cluster)
        prepared.run("bench.fill", str(SIZES[size]))
        stamp.write_text(wanted)
    return prepared


def renew(prepared: Prepared) -> None:
    """Make the tables that the data set leaves empty anew when they have changed since."""
    stamp = prepared.folder / "recipe-later"
    wanted = prepared.run("bench.schema", "later", capture_output=True).stdout.strip()
    if not stamp.exists() or stamp.read_text() != wanted:
        prepared.run("bench.schema", "renew")
        stamp.write_text(wanted)


def empty(prepared: Prepared, cluster: Path | None) -> None:
    """Throw away what the database holds."""
    for file in prepared.folder.glob("regulars.sqlite3*"):
        file.unlink()
    if cluster:
        name = prepared.url.rpartition("/")[2]
        for sql in (f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"):
            command = ["psql", "-q", "-h", str(cluster), "-U", "regulars", "-d", "postgres", "-c", sql]
            subprocess.run(command, check=True)


@contextmanager
def postgresql(name: str = "postgresql") -> Iterator[Path]:
    """Run the private cluster that holds the data sets, with settings of a small server; yields its socket's folder."""
    sys.path.insert(0, str(ROOT / "bin"))
    import _postgres

    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True)
    binaries, account = _postgres.find_server(), _postgres._account(folder)
    for parent in [folder, *folder.parents]:
        if account and parent.stat().st_mode & 0o055 != 0o055 and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    if not (folder / "data" / "PG_VERSION").exists():
        _postgres._init(binaries, folder, account)
    command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-h", ""]
    for setting in SERVER:
        command += ["-c", setting]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, start_new_session=True, **account)
    try:
        _postgres._wait(binaries, folder, server)
        yield folder
    finally:
        server.send_signal(2)
        _postgres._end(server)
