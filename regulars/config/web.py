"""The web server: granian with one process and several threads. Started by the supervisor."""

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from regulars.config.lifeline import end_with_parent

THREADS = 4  # requests at a time, each with a warm connection of its own; the rest wait in the backlog


def serve(host: str, port: int, parent: int) -> None:
    """Serve until told to stop by SIGTERM or SIGINT, or until the process `parent` has gone."""
    end_with_parent(parent)
    Granian(
        "regulars.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_access=False,
        log_level=LogLevels.error,
        workers_kill_timeout=5,
    ).serve()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
