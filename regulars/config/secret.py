"""The installation's secret key, made once and kept beside its data."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def load_secret_key(data: Path) -> str:
    """Return the key in `data/secret-key`, creating folder and file (mode 0600) when there is none.

    Two processes that start together agree: the first to create the file wins and the other reads it.
    Raises OSError when the folder cannot be written.
    """
    path = data / "secret-key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        own = data / f".secret-key-{os.getpid()}"
        own.touch(mode=0o600)
        own.write_text(get_random_secret_key())
        try:
            os.link(own, path)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return path.read_text().strip()
