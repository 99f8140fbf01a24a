"""Ends a process whose parent is gone, so that killing the supervisor leaves no orphan behind."""

import os
import signal
import threading
import time

LOOK_EVERY = 1.0  # seconds
GRACE = 10.0  # seconds from asking politely to leaving at once


def end_with_parent(parent: int | None = None) -> None:
    """Watch from a thread for the end of `parent` (a process id, by default the present parent's).

    Polling works on every system and for processes that die without a chance to say so. When the parent has
    gone, this process gets SIGTERM, and leaves for good when it is still there after `GRACE` seconds.
    """
    expected = parent or os.getppid()
    threading.Thread(target=_watch, args=(expected,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)
