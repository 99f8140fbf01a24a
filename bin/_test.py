"""bin/test: every check of the project, with a line for each and its seconds.

bin/test                     everything
bin/test --quick [ARGS]      pytest on SQLite without the browser; ARGS are pytest's (a path, -k …)
bin/test --postgres [ARGS]   the same on a private PostgreSQL
bin/test --browser [ARGS]    the browser journeys
bin/test --checks            everything but pytest
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import _postgres
import _setup

sys.path.insert(0, str(_setup.ROOT))
from tests import browser_files

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TOOLS = str(_setup.VENV / "bin") + os.sep
NOT_BROWSER = ["-m", "not browser"]
BROWSER = ["-m", "browser"]


@dataclass
class Step:
    """One check: its name, its command, and how it went."""

    name: str
    command: "list[str]"
    env: "dict[str, str]"
    code: int = -1
    seconds: float = 0.0
    closing: str = ""

    def run(self, show: bool) -> None:
        """Run the command; print its output when it failed or `show` is set."""
        began = time.monotonic()
        done = subprocess.run(
            self.command,
            cwd=_setup.ROOT,
            env=self.env,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.seconds, self.code = time.monotonic() - began, done.returncode
        lines = done.stdout.rstrip().splitlines()
        self.closing = lines[-1].strip() if lines else ""
        if show or self.code:
            print(f"\n── {self.name}\n{done.stdout.rstrip()}", flush=True)


def main(arguments: "list[str]") -> int:
    """Run what was asked and return 0 when all of it passed."""
    kind = arguments[0] if arguments else ""
    if kind in {"-h", "--help"}:
        print(__doc__)
        return 0
    if kind and kind not in {"--quick", "--postgres", "--browser", "--checks"}:
        kind, arguments = "--quick", ["--quick", *arguments]
    _setup.set_up(interface=True, dev=True)
    if kind in {"", "--browser"}:
        find_chromium()
    with ExitStack() as stack:
        url = stack.enter_context(_postgres.cluster()) if kind in {"", "--postgres"} else ""
        if kind and kind != "--checks":
            return _one_off(kind, arguments[1:], url)
        return _everything(url, checks_only=kind == "--checks")


def find_chromium() -> str:
    """Return the browser, after installing Debian's when there is none."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        _postgres.install("chromium")
        found = shutil.which("chromium")
    if found is None:
        raise _setup.SetUpFailed("Chromium is needed for the tests: apt-get install chromium")
    return found


def environment(**more: str) -> "dict[str, str]":
    """Return the environment of a check: ours, without a database of the person's own."""
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**ours, "PYTHONPATH": str(_setup.ROOT), **more}


def _one_off(kind: str, arguments: "list[str]", url: str) -> int:
    marks = BROWSER if kind == "--browser" else NOT_BROWSER
    env = environment(DATABASE_URL=url) if url else environment()
    return subprocess.run([TOOLS + "pytest", *marks, *arguments], cwd=_setup.ROOT, env=env, check=False).returncode


def _checks() -> "list[Step]":
    env = environment()
    missing = [str(_setup.PYTHON), "-m", "regulars.config.cli", "makemigrations", "--check", "--dry-run"]
    return [
        Step("ruff", [TOOLS + "ruff", "check", "."], env),
        Step("ruff format", [TOOLS + "ruff", "format", "--check", "."], env),
        Step("imports point down", [TOOLS + "lint-imports"], env),
        Step("no missing migrations", missing, {**env, "REGULARS_SECRET_KEY": "check"}),
        Step("mypy", [TOOLS + "mypy"], env),
    ]


def _suites(url: str) -> "list[Step]":
    # One worker more than processors, since some of them wait: for a server that starts, for a browser.
    workers = [TOOLS + "pytest", "-n", str((os.cpu_count() or 1) + 1), "--no-loadscope-reorder", "--dist"]
    browser = browser_files.under(_setup.ROOT, "regulars", "tests")
    house = ["regulars", "bench"] if any((_setup.ROOT / "bench").glob("**/test_*.py")) else ["regulars"]
    return [
        Step("suite on SQLite", [*workers, "loadfile", *NOT_BROWSER], environment(REGULARS_TEST_POSTGRES=url)),
        Step("suite on PostgreSQL", [*workers, "loadfile", *NOT_BROWSER, *house], environment(DATABASE_URL=url)),
        Step("browser journeys", [*workers, "worksteal", *BROWSER, *browser], environment()),
    ]


def _everything(url: str, checks_only: bool) -> int:
    began = time.monotonic()
    checks = _checks()
    suites = [] if checks_only else _suites(url)
    # The checks run one after the other beside the suites: their sum is about a third of the suites'.
    beside = threading.Thread(target=_run_all, args=(checks, lambda step: False))
    beside.start()
    _run_all(suites, lambda step: True)
    beside.join()
    return _summary([*checks, *suites], suites, time.monotonic() - began)


def _run_all(steps: "list[Step]", show: "Callable[[Step], bool]") -> None:
    for step in steps:
        step.run(show(step))


def _summary(steps: "list[Step]", suites: "list[Step]", seconds: float) -> int:
    print("\n── summary")
    for step in steps:
        print(f"{'ok  ' if step.code == 0 else 'FAIL'} {step.seconds:6.1f} s  {step.name}: {step.closing}")
    failed = [step for step in steps if step.code]
    print(f"{'all good' if not failed else f'{len(failed)} failed'} in {seconds:.0f} s")
    if suites:
        print(f"{_count(suites, 'passed')} passed, {_count(suites, 'failed') + _count(suites, 'error')} failed")
    return 1 if failed else 0


def _count(suites: "list[Step]", word: str) -> int:
    found = [re.search(rf"(\d+) {word}", step.closing) for step in suites]
    return sum(int(match.group(1)) for match in found if match)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
