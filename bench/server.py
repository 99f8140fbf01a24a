"""The real server on a data set, and somebody who is signed in to it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from bench.data import ROOT, Prepared

START_WITHIN = 60.0  # seconds
SETTLE_WITHIN = 300.0
QUIET = 3.0  # seconds in which an idle tree uses hardly any processor time


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Server:
    """`bin/run` on a data set: web, worker and scheduler. `first_answer` is the seconds from start to the first page."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared, self.port, self.first_answer = prepared, free_port(), 0.0

    def __enter__(self) -> Self:
        began = time.monotonic()
        command = [sys.executable, "-m", "regulars.config.start", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--data", str(self.prepared.folder)],
            env=self.prepared.environment, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - began > START_WITHIN:
                self.stop()
                raise RuntimeError("The server did not start.")
            time.sleep(0.01)
        self.first_answer = time.monotonic() - began
        return self

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/account/login/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def memory(self) -> float:
        """Return the memory of the whole process tree in MB: each page counted once, shared ones by share (PSS).

        Pages of SQLite's file that are looked at through a map are the system's, as they would be when read.
        """
        return sum(_pss(pid) for pid in _tree(self.process.pid)) / 1024

    def busy(self) -> float:
        """Return the seconds of processor time that the tree has used: what load on the machine does not blur."""
        return sum(_ticks(pid) for pid in _tree(self.process.pid)) / os.sysconf("SC_CLK_TCK")

    def settle(self) -> float:
        """Wait until the worker has done what was due at the start, so that it is not measured with the pages.

        Returns the seconds waited; gives up after SETTLE_WITHIN.
        """
        began, used = time.monotonic(), self.busy()
        while time.monotonic() - began < SETTLE_WITHIN:
            time.sleep(QUIET)
            before, used = used, self.busy()
            if used - before < QUIET * 0.05:
                break
        return time.monotonic() - began

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the tree, by force when it does not end by itself."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def _tree(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        parents.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        found.append(pid := waiting.pop())
        waiting += parents.get(pid, [])
    return found


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _pss(pid: int) -> int:
    """Return kB."""
    try:
        text = Path(f"/proc/{pid}/smaps").read_text()
    except OSError:
        return 0
    maps = re.findall(r"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)$|^Pss: +(\d+)", text, re.M)
    total, of = 0, ""
    for name, pss in maps:
        if pss:
            total += 0 if of.endswith(".sqlite3") else int(pss)
        else:
            of = name
    return total


IDLE = 10.0  # seconds after which a kept connection is not trusted


@dataclass
class Answer:
    """What came back: the status, the (unpacked) text, bytes on the wire, seconds."""

    status: int
    text: str
    size: int
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)


class Visitor:
    """A browser as far as speed goes: one connection kept open, cookies, compressed answers."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.last_used = 0.0

    def ask(self, method: str, path: str, body: dict[str, str] | None = None, **headers: str) -> Answer:
        """Send a request and read the whole answer; the time runs from the first to the last byte."""
        data = urlencode(body) if body is not None else None
        sent = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Encoding": "gzip",
            "Host": f"127.0.0.1:{self.connection.port}", **{k.replace("_", "-"): v for k, v in headers.items()},
        }  # fmt: skip
        if data is not None:
            sent |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies.get("csrftoken", ""),
            }
        if time.perf_counter() - self.last_used > IDLE:
            self.connection.close()  # the server may have: a browser opens another one too
        began = self.last_used = time.perf_counter()
        self.connection.request(method, path, data, sent)
        response = self.connection.getresponse()
        raw = response.read()
        seconds = time.perf_counter() - began
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, _unpacked(raw, response), len(raw), seconds, dict(response.headers))

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the page that people use. Raises RuntimeError when it is refused."""
        page = self.ask("GET", "/account/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token.group(1) if token else ""}
        answer = self.ask("POST", "/account/login/", form)
        if answer.status != 302:
            raise RuntimeError(f"Signing in as {email} answered {answer.status}.")


def _unpacked(raw: bytes, response: http.client.HTTPResponse) -> str:
    import gzip

    packed = response.headers.get("Content-Encoding") == "gzip"
    kind = response.headers.get("Content-Type", "")
    return (gzip.decompress(raw) if packed else raw).decode("utf-8", "replace") if "text" in kind else ""
