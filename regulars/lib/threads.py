"""What Django remembers for whoever it answers, kept by thread alone.

The active language and zone, and where the addresses begin, are looked up some thousand times for a page. Django keeps
them in a `Local` that holds for coroutines too, behind a lock: a tenth of a page's processor time. The web server
answers each request in one thread, and nothing of ours is a coroutine.
"""

import threading

from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

KEPT = ((trans_real, "_active"), (timezone, "_active"), (base, "_prefixes"), (base, "_urlconfs"))


def keep_by_thread() -> None:
    """Let them be plain `threading.local`s from now on. Forgets what is active: for a process that begins."""
    for module, name in KEPT:
        setattr(module, name, threading.local())
