"""`bin/regulars serve`: what `bin/run` does once everything is set up."""

import os
import sys
from typing import Any

from django.core.management.base import CommandParser

from regulars.lib.commands import ProductCommand


class Command(ProductCommand):
    help = "Serve Regulars: web, background worker and scheduler."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
        parser.add_argument("--port", default="8000", help="the port to listen on (default: %(default)s)")
        parser.add_argument("--demo", action="store_true", help="with a sample business, when there is none yet")

    def answer(self, options: dict[str, Any]) -> None:
        """Become the supervisor, which is small because it has nothing of Django in it."""
        command = [
            sys.executable,
            "-m",
            "regulars.config.start",
            "--host",
            options["host"],
            "--port",
            options["port"],
        ]
        if options["demo"]:
            command.append("--demo")
        os.execv(sys.executable, command)
