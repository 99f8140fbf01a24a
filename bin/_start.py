"""Runs one of the commands of bin/: makes sure that what it needs is there, then becomes it.

Only the standard library, because this is what installs everything else.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import _setup

MODULES = {"run": "regulars.config.start", "regulars": "regulars.config.cli", "bench": "bench"}


def remember_bytecode() -> None:
    """Have each module compiled once and not by every process, which takes seconds of each, whatever the shell says.

    Where it asks for no files beside the sources, they are kept under .setup/.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(_setup.STAMPS / "bytecode"))


def become(module: str, arguments: list[str]) -> None:
    """Replace this process by a module of the project, run by the project's own Python."""
    environment = {**os.environ, "PYTHONPATH": str(_setup.ROOT), "PYTHONUNBUFFERED": "1"}
    python = str(_setup.PYTHON)
    os.execve(python, [python, "-m", module, *arguments], environment)


def needs_interface(command: str, arguments: list[str]) -> bool:
    """Whether the command serves pages; asking for help does not."""
    if {"-h", "--help"} & set(arguments):
        return False
    return command in {"run", "bench"} or arguments[:1] == ["serve"]


def main(command: str, arguments: list[str]) -> None:
    """Set up what `command` needs and run it; a set-up that fails is one line and exit code 1."""
    remember_bytecode()
    try:
        if command == "lock":
            _setup.lock()
        elif command == "postgres":
            import _postgres

            sys.exit(_postgres.main(arguments))
        elif command == "test":
            import _test

            sys.exit(_test.main(arguments))
        else:
            _setup.set_up(interface=needs_interface(command, arguments))
            become(MODULES[command], arguments)
    except _setup.SetUpFailed as problem:
        sys.exit(f"{problem}")
    except OSError as problem:
        sys.exit(f"Regulars cannot start: {problem.strerror} ({problem.filename or _setup.ROOT}).")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
