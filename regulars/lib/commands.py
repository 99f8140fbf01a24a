"""The one shape of every command of `bin/regulars`: typed options, `--json`, and errors in one line.

A command is a module `management/commands/NAME.py` of a context, with a class `Command(ProductCommand)`:

    class Command(ProductCommand):
        help = "Count the people in the address book."

        def add_options(self, parser):
            parser.add_argument("--stage", help="only people in this stage")

        def answer(self, options):
            return {"people": Contact.objects.count()}

        def tell(self, answer):
            yield f"{answer['people']} people"

`answer` does the work and returns what `--json` prints; `tell` turns that into lines for a person.
Raise `Failure` when it could not be done (exit code 1) and `BadUse` when what was asked makes no sense
(exit code 2): both print one line to stderr and nothing else.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any, Literal

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError

_OF_DJANGO = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
}


class Failure(CommandError):
    """The command understood but could not do it: one line, exit code 1."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=1)


class BadUse(CommandError):
    """What was asked makes no sense: one line, exit code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=2)


class ProductCommand(BaseCommand):
    """Base of the product's own commands. See the module's docstring for its use."""

    requires_system_checks: list[str] | tuple[str, ...] | Literal["__all__"] = ()

    def add_options(self, parser: CommandParser) -> None:
        """Declare the command's own arguments; `--json` and `--data` are there already."""

    def answer(self, options: dict[str, Any]) -> Any:
        """Do the work and return what `--json` prints: dicts, lists, strings, numbers, dates, decimals."""
        raise NotImplementedError

    def tell(self, answer: Any) -> Iterable[str]:
        """Return the lines that tell a person what `answer` says."""
        return ()

    def exit_code(self, answer: Any) -> int:
        """Return the exit code for this answer; anything but 0 is for a check that found something."""
        return 0

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Make the parser of one command: its own options, and none of Django's in the help."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.prog = f"bin/regulars {subcommand}"
        for action in parser._actions:
            if _OF_DJANGO & set(action.option_strings):
                action.help = argparse.SUPPRESS
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options common to all, then the command's own."""
        parser.formatter_class = argparse.HelpFormatter
        self.add_options(parser)
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the answer as JSON")
        # Taken out of the arguments and put into the environment before the settings load: see config/cli.py.
        parser.add_argument("--data", metavar="DIR", help="the data folder (default: REGULARS_DATA, or data/)")

    def run_from_argv(self, argv: list[str]) -> None:
        """Run for a shell: errors are one line on stderr, and the exit code says which sort."""
        self._called_from_command_line = True
        options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
        args = options.pop("args", ())
        try:
            self.execute(*args, **options)
        except CommandError as error:
            sys.stderr.write(f"{error}\n")
            sys.exit(error.returncode)
        except OperationalError as error:  # gone, full or locked: nothing that a traceback would explain
            sys.stderr.write(f"The database can't be used: {str(error).strip().splitlines()[0]}\n")
            sys.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(1)
        except KeyboardInterrupt:
            sys.stderr.write("Stopped.\n")
            sys.exit(130)

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer, print as asked, and leave with the answer's exit code when it is not 0."""
        answer = self.answer(options)
        if options.get("as_json"):
            text = json.dumps(answer, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            self.stdout.write(text)
        else:
            for line in self.tell(answer):
                self.stdout.write(line)
        self.stdout.flush()
        if code := self.exit_code(answer):
            sys.exit(code)
