"""`bin/run` and `bin/regulars serve`: looks that everything is in place, then hands over to the supervisor.

Does not import Django: what needs it (migrations, the demo) runs as a process of its own, so that this one, which
stays, is small. Each refusal is one line on stderr and exit code 1.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

from regulars.config.supervisor import Supervisor
from regulars.lib import pending

ROOT = Path(__file__).resolve().parents[2]
ROOM_NEEDED = 50 * 1024**2  # bytes free in the data folder before it is worth starting


class CannotStart(Exception):
    """Something is not in place; the text is one line that says what, and what to do."""


def main(arguments: list[str]) -> int:
    """Serve until stopped; returns the exit code."""
    options = parse(arguments)
    try:
        data = data_folder(options.data)
        os.environ["REGULARS_DATA"] = str(data)
        check_port(options.host, options.port)
        lock = only_one(data)
        pending.finish(data)
        prepare()
        if options.demo and _python("regulars.config.migrated", "account").returncode:
            _command("demo", "Making the sample business…", "--if-empty")
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    try:
        return Supervisor(options.host, options.port).run()
    finally:
        lock.close()


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the options of `bin/run`."""
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Set Regulars up where needed, and serve it: web, background worker and scheduler.",
    )
    parser.add_argument("--demo", action="store_true", help="with a sample business, when there is none yet")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8000, help="the port to listen on (default: %(default)s)")
    parser.add_argument("--data", metavar="DIR", help="the data folder (default: REGULARS_DATA, or data/)")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def data_folder(asked: str | None) -> Path:
    """Return the data folder, made when absent. Raises CannotStart when it can't be written or the disk is full."""
    path = Path(asked or os.environ.get("REGULARS_DATA") or ROOT / "data").expanduser().absolute()
    trial = path / f".trial-{os.getpid()}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        trial.write_bytes(b"x")
        trial.unlink()
        free = shutil.disk_usage(path).free
    except OSError as error:
        raise CannotStart(f"The data folder {path} can't be written: {error.strerror}.") from None
    if free < ROOM_NEEDED:
        raise CannotStart(
            f"The disk of the data folder {path} is full: {free // 1024**2} MB left, and Regulars needs "
            f"{ROOM_NEEDED // 1024**2} MB to start."
        )
    return path


def check_port(host: str, port: int) -> None:
    """Raise CannotStart when nobody can listen at `host` and `port`."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = f"; try --port {port + 1}" if "in use" in reason else ""
        raise CannotStart(f"Regulars can't listen on {host} port {port}: {reason}{hint}.") from None


def only_one(data: Path) -> IO[str]:
    """Hold the data folder for this server, so that two never share one; raises CannotStart when it is taken."""
    try:
        return pending.hold(data)
    except pending.InUse as busy:
        who = f" (process {busy.holder})" if busy.holder else ""
        raise CannotStart(f"Regulars is already running on {data}{who}.") from None


def prepare() -> None:
    """Bring the database up to date when it is behind. Raises CannotStart with the reason when it can't be."""
    looked = _python("regulars.config.migrated")
    if looked.returncode == 0:
        return
    if looked.returncode != 3:
        raise CannotStart(f"The database can't be used: {_last_line(looked.stderr)}")
    _command("migrate", "Preparing the database…", "--verbosity", "0", "--skip-checks")


def _command(name: str, what: str, *arguments: str) -> None:
    print(what, flush=True)
    done = _python("regulars.config.cli", name, *arguments)
    if done.returncode:
        raise CannotStart(_last_line(done.stderr) or f"“{name}” failed with exit code {done.returncode}.")


def _python(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=False, stderr=subprocess.PIPE, stdout=sys.stderr, text=True)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
