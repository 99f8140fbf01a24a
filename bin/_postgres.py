"""A private PostgreSQL: a cluster in a temporary folder, reached by a socket, gone when its user is done.

Standard library only. Installs Debian's server when there is none and this is root.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import _setup

QUICK = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",  # it would find the tables of a test's transaction empty, and have them planned for so
    "max_connections=60",
    "shared_buffers=128MB",
]
START_WITHIN = 60.0  # seconds


def main(command: "list[str]") -> int:
    """Run `command` with DATABASE_URL naming a private cluster, and return its exit code."""
    if not command:
        raise _setup.SetUpFailed("Usage: bin/postgres COMMAND … (DATABASE_URL is set for it)")
    with cluster() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


@contextmanager
def cluster() -> "Iterator[str]":
    """Start a cluster and yield the DATABASE_URL of an empty database in it; stop and remove it at the end."""
    binaries = find_server()
    folder = Path(tempfile.mkdtemp(prefix="regulars-pg-"))
    try:
        account = _account(folder)
        _init(binaries, folder, account)
        server = _start(binaries, folder, account)
        try:
            _wait(binaries, folder, server)
            yield f"postgres://regulars@{str(folder).replace('/', '%2F')}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            _end(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_server() -> Path:
    """Return the folder of initdb and postgres, after installing Debian's server when there is none."""
    found = _look()
    if found is None:
        install("postgresql")
        found = _look()
    if found is None:
        raise _setup.SetUpFailed("PostgreSQL's server is needed for the tests: apt-get install postgresql")
    return found


def _look() -> "Path | None":
    onpath = shutil.which("initdb")
    folders = [Path(onpath).resolve().parent] if onpath else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def install(package: str) -> None:
    """Install a Debian package when this is root; raises SetUpFailed with the line that would install it."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise _setup.SetUpFailed(f"{package} is needed for the tests; on Debian: sudo apt-get install {package}")
    _setup.say(f"Installing Debian's {package}…")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _setup.run("package list", "apt-get", "update", "-q", env=quiet)
    _setup.run(f"Debian {package}", "apt-get", "install", "-q", "-y", "--no-install-recommends", package, env=quiet)


def _account(folder: Path) -> "dict[str, object]":
    """PostgreSQL refuses to run as root: return the account to run it as, which then owns `folder`."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, person.pw_uid, person.pw_gid)
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise _setup.SetUpFailed("PostgreSQL doesn't run as root, and there is no account postgres or nobody to run it as.")


def _init(binaries: Path, folder: Path, account: "dict[str, object]") -> None:
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "regulars", "-A", "trust"]
    command += ["-E", "UTF8", "--no-sync"]
    # A real language's order shows what a plain "C" order would hide; a server without ICU can't have it.
    for order in (["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"], ["--locale=C.UTF-8"]):
        done = subprocess.run([*command, *order], capture_output=True, text=True, cwd=folder, check=False, **account)
        if done.returncode == 0:
            return
        shutil.rmtree(folder / "data", ignore_errors=True)
    raise _setup.SetUpFailed(f"PostgreSQL could not be prepared: {done.stderr.strip().splitlines()[-1]}")


def _start(binaries: Path, folder: Path, account: "dict[str, object]") -> "subprocess.Popen[bytes]":
    command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-h", ""]
    for setting in QUICK:
        command += ["-c", setting]
    log = (folder / "log").open("wb")
    return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, start_new_session=True, **account)


def _wait(binaries: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_WITHIN
    ask = [str(binaries / "pg_isready"), "-q", "-h", str(folder)]
    while subprocess.run(ask, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            lines = (folder / "log").read_text(errors="replace").strip().splitlines() or [""]
            raise _setup.SetUpFailed(f"PostgreSQL did not start: {lines[-1]}")
        time.sleep(0.05)


def _end(server: "subprocess.Popen[bytes]") -> None:
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
