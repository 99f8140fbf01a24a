"""Picking texts, amounts and moments out of what somebody else wrote, and checking who signed it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from regulars.lib.money import from_minor, is_known
from regulars.orders.drafts import ZERO, LineDraft, OrderDraft
from regulars.orders.hooks.news import NotUnderstood, Payload

LONGEST_TEXT, LONGEST_KEY = 300, 120
LONGEST_AMOUNT = 24  # characters
STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"


def load(body: bytes) -> Payload:
    """Return the object in `body`; numbers with a point become decimals. Raises NotUnderstood."""
    try:
        found = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NotUnderstood(_("It is no JSON.")) from None
    if not isinstance(found, dict):
        raise NotUnderstood(_("It is JSON, but no object."))
    return found


def _no_number(text: str) -> Decimal:
    raise ValueError(text)


def part(payload: Any, *path: str) -> Any:
    """Return what stands at `path`, or None."""
    for name in path:
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload


def need(payload: Any, *path: str) -> Any:
    """Return what stands at `path`. Raises NotUnderstood when nothing does."""
    found = part(payload, *path)
    if found is None or found == "":
        raise missing(".".join(path))
    return found


def missing(name: str) -> NotUnderstood:
    """What to raise when `name` isn't there, or isn't what it should be."""
    return NotUnderstood(_("It isn’t built as we know it: “%(name)s” is missing or of another kind.") % {"name": name})


def text(payload: Any, *path: str, most: int = LONGEST_TEXT) -> str:
    """Return the text or number at `path` as one line of text; "" when there is none."""
    found = part(payload, *path)
    if found is None or isinstance(found, dict | list | bool):
        return ""
    return " ".join(str(found).replace("\x00", "").split())[:most]


def key(payload: Any, *path: str) -> str:
    """Return the id at `path`. Raises NotUnderstood when there is none, or it is too long to be one."""
    found = text(payload, *path, most=LONGEST_KEY + 1)
    if not found or len(found) > LONGEST_KEY:
        raise missing(".".join(path))
    return found


def items(payload: Any, *path: str) -> list[Payload]:
    """Return the objects of the list at `path`; none when there is no list."""
    found = part(payload, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def amount(payload: Any, *path: str) -> Decimal:
    """Return the amount at `path` ("12.50", 12.5, 12), 0 when there is none. Raises NotUnderstood for anything else."""
    found = part(payload, *path)
    if found is None or found == "":
        return ZERO
    try:
        number = Decimal(str(found)) if len(str(found)) <= LONGEST_AMOUNT else None
    except InvalidOperation:
        number = None
    if number is None or isinstance(found, bool) or not number.is_finite():
        raise missing(".".join(path))
    return number


def sure(payload: Any, *path: str) -> Decimal:
    """Return the amount at `path`, which has to be there. Raises NotUnderstood."""
    need(payload, *path)
    return amount(payload, *path)


def minor(payload: Any, currency: str, *path: str) -> Decimal:
    """Return the amount at `path`, told in minor units of `currency` (1250 for 12.50)."""
    found = amount(payload, *path)
    if found != found.to_integral_value():
        raise missing(".".join(path))
    return from_minor(int(found), currency) if found else ZERO


def money(payload: Any, *path: str) -> str:
    """Return the currency at `path` in capitals. Raises NotUnderstood when that is none."""
    found = text(payload, *path, most=4).upper()
    if not is_known(found):
        raise missing(".".join(path))
    return found


def moment(payload: Any, *path: str) -> datetime:
    """Return the time at `path`: ISO 8601 (UTC where it says no zone) or seconds since 1970. Raises NotUnderstood."""
    found = need(payload, *path)
    try:
        if isinstance(found, int | Decimal) and not isinstance(found, bool):
            return datetime.fromtimestamp(float(found), UTC)
        read = datetime.fromisoformat(str(found)[:40])
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise missing(".".join(path)) from None


def stamp(at: datetime) -> str:
    """Return a moment as text that is in the right order when it is compared as text."""
    return at.astimezone(UTC).strftime(STAMP)


def plain(words: str) -> str:
    """Return a name that a shop wrote for its own pages: `&ndash;` becomes a dash."""
    return unescape(words)


def balanced(draft: OrderDraft, extra: str) -> OrderDraft:
    """Make lines, discount, shipping and tax come to the total the shop says, which is what was paid.

    What is over (a tip, a fee, a duty) becomes a line called `extra`; what is short is a discount. Without lines there
    is nothing to balance.
    """
    if not draft.lines or draft.total is None:
        return draft
    around = draft.shipping + draft.tax
    lines = sum((_comes_to(line) for line in draft.lines), ZERO)
    over = draft.total - lines - around
    if over <= 0:
        return replace(draft, discount=-over)
    return replace(draft, discount=ZERO, lines=(*draft.lines, LineDraft(extra, unit_price=over)))


def _comes_to(line: LineDraft) -> Decimal:
    return line.total if line.total is not None else line.quantity * line.unit_price - line.discount


# Who signed it.


def mac(secret: bytes, message: bytes) -> bytes:
    """Return the HMAC-SHA256 of `message`."""
    return hmac.new(secret, message, hashlib.sha256).digest()


def in_base64(digest: bytes) -> str:
    """Return a signature as most shops write it."""
    return base64.b64encode(digest).decode("ascii")


def fits(given: Iterable[str], expected: Sequence[str]) -> bool:
    """Whether one of the signatures `given` is one of those `expected`, compared in constant time."""
    found = [hmac.compare_digest(one.encode(), other.encode()) for one in given for other in expected]
    return any(found)


def fingerprint(body: bytes) -> str:
    """Return what stands for a message that has no id of its own."""
    return hashlib.sha256(body).hexdigest()
