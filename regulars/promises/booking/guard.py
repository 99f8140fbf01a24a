"""Keeping machines from booking, without anybody else's help and without shutting anybody out.

Every form carries a signed note of when it was shown and a name of its own (`nonce`). A form that is filled in faster
than people type, or that has something in the field nobody sees, or that comes from an address that booked a lot, is
asked to type a word: everybody can read and type it, in their language, with any device. How often an address may try
and book is limited. What is kept of an address is a keyed hash, for a day.
"""

import ipaddress
import secrets
import time
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from regulars.access.addresses import client_address
from regulars.lib.text import fold
from regulars.promises.models import Booking, BookingPage

FASTEST = 3.0  # seconds; nobody reads a form and types a name in less
LASTS = timedelta(hours=24)
TRIES, GUESSES, WITHIN = 40, 20, 600  # attempts to book, wrong links, in so many seconds from one address
ASK_AFTER, AT_MOST = 3, 12  # bookings from one address in a day: then a word is asked for; then no more
SALT = "regulars.booking"
WORDS = (
    _("lantern"), _("harbour"), _("window"), _("bicycle"), _("garden"), _("teapot"), _("mountain"), _("feather"),
    _("orange"), _("ladder"), _("piano"), _("umbrella"),
)  # fmt: skip


@dataclass(frozen=True)
class FormNote:
    """What a form remembers: the page it is for, its name, when it was shown (seconds), the code the visitor came
    with, and the word to type (-1 for none asked)."""

    page: int
    nonce: str
    shown_at: float
    code: str = ""
    word: int = -1

    def sign(self) -> str:
        """Return it as the text of a hidden field that can't be made up."""
        return signing.dumps([self.page, self.nonce, self.shown_at, self.code, self.word], salt=SALT)

    @property
    def asked_word(self) -> str:
        """The word that has to be typed, in the visitor's language; "" for none."""
        return str(WORDS[self.word % len(WORDS)]) if self.word >= 0 else ""

    def asking(self) -> "FormNote":
        """The same with a word to type."""
        return self if self.word >= 0 else replace(self, word=secrets.randbelow(len(WORDS)))

    def is_answered_by(self, typed: str) -> bool:
        """Whether what was typed is the word, whatever its case and accents."""
        return self.word >= 0 and constant_time_compare(fold(typed.strip(" .\"'“”‘’")), fold(self.asked_word))


def new_note(page: BookingPage, code: str = "") -> FormNote:
    """Return the note for a form that is shown now."""
    return FormNote(page.pk, secrets.token_urlsafe(16), time.time(), code[:20])


def read_note(text: str, page: BookingPage) -> FormNote | None:
    """Return the note of a form that was sent; None when it is made up, for another page or older than a day."""
    try:
        note = FormNote(*signing.loads(text, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return note if note.page == page.pk else None


def seems_a_machine(note: FormNote, hidden_field: str, address_key: str) -> bool:
    """Whether a word should be asked for: too fast, the hidden field filled in, or many bookings from there."""
    return bool(hidden_field) or time.time() - note.shown_at < FASTEST or booked_from(address_key) >= ASK_AFTER


def booked_from(address_key: str) -> int:
    """How many bookings came from an address in the last day, `AT_MOST` at most. One query."""
    if not address_key:
        return 0
    rows = Booking.objects.filter(address_key=address_key, made_at__gte=timezone.now() - timedelta(days=1))
    return len(rows.values_list("pk")[:AT_MOST])


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


def is_too_often(what: str, address: str, limit: int) -> bool:
    """Count one more `what` from an address; whether it is more than `limit` in ten minutes."""
    if not address:
        return False
    key = f"booking:{what}:{address}:{int(time.time() // WITHIN)}"
    if cache.add(key, 1, WITHIN):
        return False
    try:
        return bool(cache.incr(key) > limit)
    except ValueError:  # forgotten in between
        return False
