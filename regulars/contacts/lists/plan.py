"""How to read what many conditions let through: by walking in order, or from the rarest of them.

Databases guess badly how many people fulfil four conditions at once. A sample knows: blocks of ids spread evenly over
all people, ten thousand in all, are tested in some ten milliseconds, whatever the size of the table. From it follow
which way is shorter, and "about 16,000" instead of a count that would take seconds.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from regulars.contacts.filters import Condition, apply

LARGE = 50_000  # people from which on a sample pays
BLOCKS, BLOCK = 20, 500
ROUNDS = (1_000, 10_000, 40_000)
REMEMBERED = 300  # seconds
FIRM = 30  # matches in a sample from which on an estimate deserves two digits


def top_id(model: type[Any]) -> int:
    """Return the highest id, which stands for the number of rows."""
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0)


def sampled(visible: QuerySet[Any], tests: Sequence[Condition], top: int) -> int:
    """Return how many of the sample's people match. One query."""
    spread = Q()
    for number in range(BLOCKS):
        first = top * number // BLOCKS + 1
        spread |= Q(pk__range=(first, first + BLOCK - 1))
    found: int = apply(visible.filter(spread), tests, served=()).count()
    return found


def estimated(hits: int, top: int) -> int:
    """Return how many match in all, as far as the sample can tell."""
    return hits * top // (BLOCKS * BLOCK)


def rarest(tests: Iterable[Condition], most: int) -> Condition | None:
    """Return the condition with the fewest members, if these are at most `most`.

    Nobody counts a condition further than the fewest known so far: all are counted up to a thousand, then those that
    go beyond up to ten thousand, and so on. One query for each condition and round.
    """
    known = [(one, one.members) for one in tests if one.members is not None]
    best, found = most + 1, None
    for limit in [limit for limit in ROUNDS if limit <= most] + [most + 1]:
        for condition, members in known:
            size = len_at_most(members(), up_to := min(limit, best))
            if size < up_to:
                best, found = size, condition
        if found:
            break
    return found


def remembered(which: str, tests: Sequence[Condition], choose: Callable[[], Condition | None]) -> Condition | None:
    """Return what `choose` returned for the list `which` in the last minutes, or ask it.

    Whichever condition a list starts from, it shows the same people: an old choice costs time at worst.
    """
    key = f"list-start-{hashlib.sha256(which.encode()).hexdigest()[:24]}"
    number = cache.get(key)
    if number is None or number >= len(tests) or (number >= 0 and tests[number].members is None):
        chosen = choose()
        number = next((place for place, one in enumerate(tests) if one is chosen), -1)
        cache.set(key, number, REMEMBERED)
    return tests[number] if number >= 0 else None


def len_at_most(members: Any, limit: int) -> int:
    """Return how many members there are, counted up to `limit`."""
    count: int = members.order_by()[:limit].count()
    return count


def about(hits: int, top: int) -> str:
    """Return the estimate in words that are true: "about 16,000", "about 500", "under 300"."""
    if hits < 3:
        return _("under %s") % _grouped(_rounded(max(5 * top // (BLOCKS * BLOCK), 10), 1))
    return _("about %s") % _grouped(_rounded(estimated(hits, top), 2 if hits >= FIRM else 1))


def _rounded(count: int, digits: int) -> int:
    return round(count, min(digits - len(str(count)), 0))


def _grouped(count: int) -> str:
    return str(number_format(count, use_l10n=True, force_grouping=True))
