"""The WSGI entry point."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")
os.environ.setdefault("REGULARS_SQLITE_CACHE", "8")  # for each thread; they read through the map
os.environ.setdefault("REGULARS_SQLITE_CHECKPOINT", "64")  # the worker, which writes all the time, is there before
os.environ.setdefault("REGULARS_PLANNED_ONCE", "yes")  # pages ask for little, the worker for thousands of rows

if "REGULARS_SUPERVISED" in os.environ:
    from regulars.config.lifeline import end_with_parent

    end_with_parent()

gc.disable()  # while everything loads there is nothing to collect; `_settle` switches it on
application = get_wsgi_application()

from regulars.contacts.capture.dates import warm  # noqa: E402  (once the apps are ready)
from regulars.lib.threads import keep_by_thread  # noqa: E402

keep_by_thread()


def _settle() -> None:
    """Load the reader of dates, so that nobody waits for it; then let the collector forget what stays for good.

    Looking through all of Django's objects would hold up one request in some hundreds for a tenth of a second.
    """
    warm()
    gc.collect()
    gc.freeze()
    gc.enable()


_warm = threading.Timer(3, _settle)
_warm.daemon = True
_warm.start()
