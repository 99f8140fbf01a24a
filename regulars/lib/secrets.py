"""Secrets of others, such as the signing secret of a web shop: sealed before they reach the database.

The key is derived from the installation's secret key (HKDF with SHA-256), so a copy of the database or a backup alone
opens nothing; after a move to an installation with another secret key they have to be given again.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"regulars.lib.secrets"


class SealBroken(ValueError):
    """What was sealed can't be opened: by another secret key, or it was changed."""


def seal(text: str) -> str:
    """Return `text` as it may stand in the database: encrypted and authenticated, different each time."""
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises SealBroken."""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, ValueError) as error:
        raise SealBroken("This secret was sealed with another key.") from error


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
