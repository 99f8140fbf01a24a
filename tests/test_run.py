"""`bin/run`, as a person meets it: real processes, real signals."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests import template_database
from tests.processes import PYTHON, ROOT, alive, clean_environment, run, served, wait_for


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database is made, so that each start is a second start."""
    return template_database.migrated(tmp_path_factory.mktemp("installation") / "data")


def test_a_new_folder_gets_a_database_and_pages_are_answered(tmp_path: Path) -> None:
    with served(tmp_path / "data") as server:
        assert server.get("/account/login/") in {200, 302}
    assert (tmp_path / "data" / "regulars.sqlite3").exists()
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o077 == 0


def test_the_second_start_is_quick_and_the_whole_tree_small(data: Path) -> None:
    began = time.monotonic()
    with served(data) as server:
        seconds = time.monotonic() - began
        for _ in range(20):
            server.get("/account/login/")
        megabytes = sum(_memory(pid) for pid in server.pids()) / 1024
    assert seconds < 3 * _slowness(), f"{seconds:.1f} s to the first answer"
    assert megabytes < 300, f"{megabytes:.0f} MB"


def _slowness() -> float:
    """How many want this machine's cores, now or in the last minute: 3 s is for one that has a core to spare."""
    average, *_, now, _ = Path("/proc/loadavg").read_text().replace("/", " ").split()[:5]
    return max(1.0, float(average), float(now))


def _memory(pid: int) -> int:
    found = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())
    return int(found.group(1)) if found else 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_within_seconds(data: Path, number: signal.Signals) -> None:
    with served(data) as server:
        everybody = server.pids()
        assert len(everybody) >= 3
        server.process.send_signal(number)
        assert server.process.wait(15) == 0
        assert not [pid for pid in everybody if alive(pid)]


@pytest.mark.parametrize("part", ["regulars.config.worker", "regulars.config.web"])
def test_a_killed_child_is_started_again(data: Path, part: str) -> None:
    with served(data) as server:
        killed = server.pids(part)
        os.kill(killed[0], signal.SIGKILL)
        wait_for(lambda: not [pid for pid in killed if alive(pid)], 20)  # no orphan is left, with the port
        wait_for(lambda: set(server.pids(part)) - set(killed))
        assert wait_for(lambda: server.get("/account/login/"))


def test_nothing_is_left_when_the_supervisor_is_killed(data: Path) -> None:
    with served(data) as server:
        everybody = server.pids()
        server.process.kill()
        wait_for(lambda: not [pid for pid in everybody[1:] if alive(pid)], 20)


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("run", "--port", str(port), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"Regulars can't listen on 127.0.0.1 port {port}: Address already in use; try --port {port + 1}."
    )


def test_a_folder_that_cant_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = run("run", "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert "can't be written: Not a directory" in _only_line(done.stderr)


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    code = (
        "import shutil, sys\n"
        "shutil.disk_usage = lambda path: type('Usage', (), {'free': 1024})\n"
        "from regulars.config.start import main\n"
        f"sys.exit(main(['--data', {str(tmp_path)!r}]))"
    )
    done = subprocess.run(
        [PYTHON, "-c", code], cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "is full: 0 MB left" in _only_line(done.stderr)


def test_an_old_python_is_one_line(tmp_path: Path) -> None:
    for name in ("python3", "python"):
        old = tmp_path / name
        old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit 0\nexit 1\n')
        old.chmod(0o755)
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "bin" / "run")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert _only_line(done.stderr) == "Regulars needs Python 3.11 or newer, and this machine has Python 3.9.2."


def test_a_second_server_on_the_same_folder_is_refused(data: Path) -> None:
    with served(data) as server:
        done = run("run", "--port", "1024", "--data", str(data))
    assert done.returncode == 1
    assert f"already running on {data} (process {server.process.pid})" in _only_line(done.stderr)


def test_a_database_that_cant_be_reached_is_one_line(tmp_path: Path) -> None:
    url = "postgres://nobody@127.0.0.1:9/none"
    done = run("run", "--data", str(tmp_path / "data"), DATABASE_URL=url)
    assert done.returncode == 1
    assert "The database can't be used" in _only_line(done.stderr)


def test_a_database_that_is_behind_is_brought_up_to_date(data: Path) -> None:
    with sqlite3.connect(data / "regulars.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        database.execute("DROP TABLE django_session")
    database.close()
    with served(data) as server:
        assert server.get("/account/login/") < 500


def test_bad_options_are_told_with_the_usage() -> None:
    done = run("run", "--port", "lots")
    assert done.returncode == 2
    assert "a port is a number" in done.stderr


@pytest.mark.skipif(not os.environ.get("REGULARS_TEST_POSTGRES"), reason="bin/test gives a PostgreSQL")
def test_database_url_is_all_it_takes_to_run_on_postgresql(tmp_path: Path) -> None:
    with served(tmp_path / "data", DATABASE_URL=os.environ["REGULARS_TEST_POSTGRES"]) as server:
        assert server.get("/account/login/") < 500
    assert not (tmp_path / "data" / "regulars.sqlite3").exists()


def _only_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]
