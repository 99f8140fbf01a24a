"""Keeping guesses of codes cheap for nobody: a colleague who types many wrong ones has to wait."""

import time

from django.core.cache import cache

from regulars.access.models import User

WRONG, WITHIN = 20, 600  # wrong codes of one colleague in so many seconds


def count_wrong(user: User) -> None:
    """Count one more wrong code."""
    key = _key(user)
    if cache.add(key, 1, WITHIN):
        return
    try:
        cache.incr(key)
    except ValueError:  # forgotten in between
        cache.set(key, 1, WITHIN)


def guessed_too_often(user: User) -> bool:
    """Whether codes are not looked up for this colleague for a while."""
    return int(cache.get(_key(user), 0)) >= WRONG


def _key(user: User) -> str:
    return f"loyalty:wrong:{user.pk}:{int(time.time() // WITHIN)}"
