"""`bin/regulars`: one entry point for the product's own commands.

Commands are Django management commands of our own packages, made from `regulars.lib.commands`. Django's and
other packages' stay reachable by name for developers (`bin/regulars makemigrations`), and `bin/regulars django`
lists them.
"""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path

from regulars.lib import collector, pending

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = "regulars.config.settings"
WITHOUT_DATABASE = {"doctor", "fit", "serve"}


def take_data_option(arguments: list[str]) -> list[str]:
    """Move `--data DIR` from the arguments into REGULARS_DATA, which the settings read, and return the rest.

    Leaves everything after a bare `--` alone. Exits with code 2 when the folder's name is missing.
    """
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            return [*rest, argument, *remaining]
        if argument == "--data":
            folder = next(remaining, "")
        elif argument.startswith("--data="):
            folder = argument.removeprefix("--data=")
        else:
            rest.append(argument)
            continue
        if not folder or folder.startswith("-"):
            sys.exit(_bad("--data needs the name of a folder."))
        os.environ["REGULARS_DATA"] = os.path.abspath(os.path.expanduser(folder))
    return rest


def _bad(line: str) -> int:
    sys.stderr.write(line + "\n")
    return 2


def own_commands() -> dict[str, str]:
    """Return the product's own commands, each with the package it lives in."""
    from django.core.management import get_commands

    found = get_commands()
    return {name: app for name, app in sorted(found.items()) if app.startswith("regulars.")}


def summary(name: str, app: str) -> str:
    """Return the first sentence of a command's help."""
    text = str(import_module(f"{app}.management.commands.{name}").Command.help)
    return text.strip().split("\n")[0]


def usage() -> str:
    """Return the text of `bin/regulars --help`."""
    commands = {name: summary(name, app) for name, app in own_commands().items()}
    width = max((len(name) for name in commands), default=0)
    lines = ["usage: bin/regulars COMMAND [options]", "", "commands:"]
    lines += [f"  {name:<{width}}  {text}" for name, text in commands.items()]
    lines += [
        "",
        "bin/regulars COMMAND --help tells more. Each takes --data DIR (the data folder) and --json.",
        "For developers: bin/regulars django lists Django's own commands, which also run from here.",
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Run one command and leave with its exit code; an unknown one is one line and code 2."""
    arguments = take_data_option(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", DEFAULT)
    try:
        _run(arguments)
    except OSError as error:
        sys.exit(_cannot(error))


def _cannot(error: OSError) -> int:
    sys.stderr.write(f"{error.strerror or error}: {error.filename or 'the data folder'}\n")
    return 1


def _run(arguments: list[str]) -> None:
    import django
    from django.core.management import execute_from_command_line, get_commands

    pending.finish(Path(os.environ.get("REGULARS_DATA") or ROOT / "data"))
    django.setup()
    collector.settle()
    if arguments[:1] == ["django"]:
        arguments = arguments[1:] or ["help"]
    elif not arguments or arguments[0] in {"-h", "--help", "help"}:
        if len(arguments) < 2:
            sys.stdout.write(usage() + "\n")
            return
        arguments = [arguments[1], "--help"]
    if arguments[0] not in get_commands() and arguments[0] != "help":
        sys.exit(_bad(f"There is no command “{arguments[0]}”. bin/regulars --help lists them."))
    if (
        arguments[0] in own_commands()
        and arguments[0] not in WITHOUT_DATABASE
        and not {"-h", "--help"} & set(arguments)
    ):
        _prepare()
    with _migrating() if arguments[0] == "migrate" else nullcontext():
        execute_from_command_line(["bin/regulars", *arguments])


def _migrating() -> AbstractContextManager[None]:
    """Return what makes `migrate` quick on a new database."""
    from django.db import connection

    from regulars.lib.migrating import quickly_when_new

    return quickly_when_new(connection)


def _prepare() -> None:
    """Bring the database up to date first, so that a command works on a new data folder too."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from regulars.config import migrated
    from regulars.quality.archive.restoring import finish_pending

    state = migrated.main()
    if state == migrated.BEHIND:
        try:
            with _migrating():
                call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        except DatabaseError as error:
            sys.exit(_failed(f"The database can't be prepared: {error}"))
    elif state:
        sys.exit(_failed("The database can't be reached; bin/regulars doctor tells more."))
    finish_pending()


def _failed(line: str) -> int:
    sys.stderr.write(line.strip() + "\n")
    return 1


if __name__ == "__main__":
    main(sys.argv[1:])
