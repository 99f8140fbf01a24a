"""Keeping machines off the page behind personal links, and guesses cheap for nobody.

The form carries a signed note of the code and of when it was shown. What is kept of a network address is a keyed hash,
for ten minutes. The field that nobody sees and a form that is sent faster than people type do the rest.
"""

import ipaddress
import time

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import get_random_string, salted_hmac

from regulars.access.addresses import client_address

SALT = "regulars.referrals"
FASTEST, OLDEST = 2.0, 24 * 3600  # seconds
LOOKS, LEAVES, WRONG, WITHIN = 60, 8, 15, 600  # pages, names and wrong codes from one address in so many seconds


def new_note(code: str) -> str:
    """Return the signed text of the hidden field of a form that is shown now."""
    return signing.dumps([code, time.time(), get_random_string(12)], salt=SALT)


def age_of(note: str, code: str) -> float | None:
    """Return how many seconds ago the form was shown; None when it is made up, for another code or a day old."""
    try:
        noted, at, _nonce = signing.loads(note, salt=SALT, max_age=OLDEST)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return time.time() - at if noted == code else None


def was_sent(note: str) -> bool:
    """Whether this very form was sent before; marks it as sent."""
    return not cache.add(f"referral:sent:{salted_hmac(SALT, note).hexdigest()}", 1, OLDEST)


def address_key(request: HttpRequest) -> str:
    """Return a keyed hash of where a request comes from, of a whole /64 for IPv6; "" when unknown."""
    address = client_address(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 6:
        address = str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return salted_hmac(SALT, address).hexdigest()[:32]


def count(what: str, address: str) -> int:
    """Count one more `what` from an address and return how many there were in these ten minutes."""
    if not address:
        return 0
    key = f"referral:{what}:{address}:{int(time.time() // WITHIN)}"
    if cache.add(key, 1, WITHIN):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # forgotten in between
        return 1


def is_too_often(what: str, address: str, limit: int) -> bool:
    """Count one more `what`; whether it is more than `limit`, or whether this address guessed too many codes."""
    wrong = cache.get(f"referral:wrong:{address}:{int(time.time() // WITHIN)}", 0) if address else 0
    return count(what, address) > limit or wrong > WRONG
