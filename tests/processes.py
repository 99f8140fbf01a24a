"""Starts the real `bin/run` for tests and looks at what it does."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds; a busy machine is slow, not broken


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a person's shell: nothing of the test run in it."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_")}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        ours.pop(name, None)
    return {**ours, **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of bin/ to its end."""
    return subprocess.run(
        [str(ROOT / "bin" / command), *arguments],
        capture_output=True,
        text=True,
        env=clean_environment(**environment),
        timeout=180,
        check=False,
    )


def wait_for(what: Callable[[], object], patience: float = PATIENCE) -> object:
    """Return the first true answer of `what`, or fail."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {patience} s in vain")


class Served:
    """A running `bin/run`."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process, self.port = process, port

    def get(self, path: str = "/") -> int:
        """Return the status of a page, 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def pids(self, part: str = "") -> list[int]:
        """Return the processes of the tree whose command has `part` in it, the supervisor's first."""
        return [pid for pid in _tree(self.process.pid) if part in _command(pid)]


def _tree(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listed.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _command(pid: int) -> str:
    listed = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listed.stdout


def alive(pid: int) -> bool:
    stat = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(stat.strip()) and not re.match("Z", stat.strip())


@contextmanager
def served(data: Path, *arguments: str, **environment: str) -> Iterator[Served]:
    """Start `bin/run` on `data` and a free port; it has answered when this yields, and is gone afterwards."""
    port = free_port()
    command = [str(ROOT / "bin" / "run"), "--port", str(port), "--data", str(data), *arguments]
    errors = (data.parent / f"{data.name}-errors").open("w")
    process = subprocess.Popen(
        command, env=clean_environment(**environment), stdout=subprocess.PIPE, stderr=errors, text=True
    )
    server = Served(process, port)
    try:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "ready at" in line:
                break
        else:
            raise AssertionError(f"bin/run ended: {lines} {Path(errors.name).read_text()}")
        yield server
    finally:
        left = server.pids()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        for pid in left:
            if alive(pid):
                os.kill(pid, 9)
        errors.close()


PYTHON = sys.executable
