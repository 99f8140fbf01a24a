"""The WSGI entry point."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")

if "REGULARS_SUPERVISED" in os.environ:
    from regulars.config.lifeline import end_with_parent

    end_with_parent()

application = get_wsgi_application()

from regulars.contacts.capture_dates import warm  # noqa: E402  (once the apps are ready)

# Nobody should wait for the reader of dates: it loads while the first pages are being looked at.
_warm = threading.Timer(3, warm)
_warm.daemon = True
_warm.start()
