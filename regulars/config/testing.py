"""The settings that tests run with: the ordinary ones, read from an environment made for this process alone.

pytest reads the settings before any conftest, so this is the earliest place to make a folder of its own for each
test process, and to shut out what the developer's shell may say.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix=f"regulars-test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("REGULARS_") and not name.startswith("REGULARS_TEST_")]:
    del os.environ[name]
os.environ.update(REGULARS_TESTING="1", REGULARS_DATA=str(DATA), REGULARS_SECRET_KEY="only-for-tests")
os.environ["REGULARS_SQLITE_SYNCHRONOUS"] = "OFF"  # no test cuts the power

from regulars.config.settings import *  # noqa: F403
from regulars.config.settings import DATABASES

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file rather than memory, so that threads, the live server's among them, have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}

# WhiteNoise lists every static file when it starts, and each test client starts it: 0.1 s. So it looks when asked.
WHITENOISE_AUTOREFRESH = True
