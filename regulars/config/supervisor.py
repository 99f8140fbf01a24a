"""Keeps the web server and the background worker running, as one process tree that starts and ends together.

Standard library only and nothing of Django, so that it stays small. A child that crashes is started again,
after a pause that grows while it keeps crashing. SIGTERM or SIGINT ends the children in the order they are
listed, each with a few seconds to finish what it is doing. Children watch this process too (`lifeline`), so that
nothing is left behind when it is killed.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

FIRST_PAUSE = 0.5  # seconds before a crashed child is started again
LONGEST_PAUSE = 30.0
STABLE_AFTER = 30.0  # seconds; a child that lived this long starts again without a long pause
GIVE_UP_AFTER = 4  # crashes in a row before the first answer
STOP_WITHIN = 6.0  # seconds for each child to end by itself


@dataclass
class Child:
    """One process to keep running: its name, its command, and how it has been doing."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    crashes: int = 0
    due: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only the supervisor."""
        environment = {**os.environ, "REGULARS_SUPERVISED": "1"}
        self.process = subprocess.Popen(self.command, env=environment, start_new_session=True)
        self.started = time.monotonic()

    def look(self) -> None:
        """Start the process when it is due; when it has ended, say so and set when it is due again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.crashes = 1 if now - self.started > STABLE_AFTER else self.crashes + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.crashes - 1))
        _warn(f"The {self.name} ended ({_reason(code)}) and is started again in {pause:g} s.")
        self.process, self.due = None, now + pause
        self._end_group()

    def stop(self) -> None:
        """Ask the process to end, and make it when it doesn't within `STOP_WITHIN` seconds."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._end_group()
            self.process.kill()
            self.process.wait()
        self._end_group()

    def _end_group(self) -> None:
        """Kill what the process may have left in its session."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _warn(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Supervisor:
    """Runs the children of one installation until told to stop."""

    def __init__(self, host: str, port: int) -> None:
        me = str(os.getpid())
        module = [sys.executable, "-m"]
        self.host, self.port = host, port
        self.children = [
            Child("web server", [*module, "regulars.config.web", host, str(port), me]),
            Child("worker", [*module, "regulars.config.worker", me]),
        ]
        self.stopping = False
        self.answered = False

    def run(self) -> int:
        """Keep everything running until SIGTERM or SIGINT, then end it in order; returns the exit code."""
        wake = self._wake_on_signals()
        code = 0
        while not self.stopping:
            for child in self.children:
                child.look()
            if not self.answered:
                self._greet()
                if max(child.crashes for child in self.children) >= GIVE_UP_AFTER:
                    _warn("Regulars gives up: it could not be started. The lines above say why.")
                    code = 1
                    break
            wake.select(0.05 if not self.answered else 0.5)
        for child in self.children:
            child.stop()
        return code

    def _wake_on_signals(self) -> selectors.BaseSelector:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        self._sockets = ours, theirs
        wake = selectors.DefaultSelector()
        wake.register(ours, selectors.EVENT_READ)
        return wake

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _greet(self) -> None:
        if answers(self.host, self.port):
            self.answered = True
            print(f"Regulars is ready at {address(self.host, self.port)} (Ctrl-C stops it).", flush=True)


def address(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def answers(host: str, port: int) -> bool:
    """Whether a page comes back from the server; waits up to 30 s once it has taken the connection."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        with socket.create_connection((target, port), timeout=30) as connection:
            connection.sendall(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return connection.recv(12).startswith(b"HTTP/")
    except OSError:
        return False
