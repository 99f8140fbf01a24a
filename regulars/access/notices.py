"""What the app tells a colleague: kinds of notifications, the one way to make them, and what the daily mail says.

A context registers its kinds in `apps.ready()` and tells people with `notify`:

    register_kind(NoticeKind("promise-late", _("A promise is late"), _("One of yours has passed its time.")))
    notify([promise.owner], kind="promise-late", text=line, url=promise.get_absolute_url(), key=f"late:{promise.pk}")
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from regulars.access.home import at_home_of
from regulars.access.models import NoticeSettings, Notification, Organisation, User
from regulars.lib.prepared import prepared

AT_MOST = 100

Text = str | Promise | Callable[[User], str]


@dataclass(frozen=True)
class NoticeKind:
    """One kind of news. `label` names its switch in a colleague's settings, `text` says in a line when it comes.

    `icon` is a Lucide name; a lower `order` stands higher. One that is not `default_on` comes only to those who switch
    it on.
    """

    name: str
    label: str | Promise
    text: str | Promise
    default_on: bool = True
    icon: str = "bell"
    order: int = 50


_kinds: dict[str, NoticeKind] = {}
_after_commit: list[Callable[[list[int]], None]] = []


def register_kind(kind: NoticeKind) -> None:
    """Make `kind` known; called in `apps.ready()`. One with the same name replaces the first."""
    _kinds[kind.name] = kind


def all_kinds() -> list[NoticeKind]:
    """Return every kind, in order."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def kinds_of(user: User) -> list[NoticeKind]:
    """Return the kinds that `user` was told of lately. One query along an index."""
    newest = Notification.objects.filter(user=user).order_by("-created_at")
    lately = set(newest.values_list("kind", flat=True)[: AT_MOST * 2])
    return [kind for kind in all_kinds() if kind.name in lately]


def icon_of(kind: str) -> str:
    """Return the Lucide name of `kind`; a bell for one that nobody registered."""
    return _kinds[kind].icon if kind in _kinds else "bell"


def label_of(kind: str) -> str | Promise:
    """Return what `kind` is called; "" for one that nobody registered."""
    return _kinds[kind].label if kind in _kinds else ""


def text_of(kind: str) -> str:
    """Return the line that says when `kind` comes; "" for one that nobody registered."""
    return str(_kinds[kind].text) if kind in _kinds else ""


def on_told(hook: Callable[[list[int]], None]) -> None:
    """Have `hook` called with the ids of new notifications after their transaction has committed."""
    if hook not in _after_commit:
        _after_commit.append(hook)


def notify(
    users: Iterable[User], *, kind: str, text: Text, url: str = "", actor: User | None = None, key: str = ""
) -> int:
    """Tell each of `users` one line; returns how many were told.

    Left out are the actor, colleagues who can't sign in, those who have switched `kind` off, and those who were told
    under the same `key` before. `text` may be a function of the colleague, called in their language and zone; a lazy
    text is read in their language. What was told goes to their devices after commit.
    Raises KeyError for a kind that nobody registered.
    """
    known = _kinds[kind]
    asked = {user.pk: user for user in users if user.is_active and user != actor}
    if not asked:
        return 0
    for pk in _not_wanted(asked, known) | _told_before(asked, key):
        del asked[pk]
    business = Organisation.current()
    rows = [
        Notification(user=user, actor=actor, kind=kind, key=key, url=url[:300], text=_in_words_of(user, text, business))
        for user in asked.values()
    ]
    with transaction.atomic():
        ids = _save(rows, key)
        transaction.on_commit(lambda: _tell_hooks(ids))
    return len(ids)


def _save(rows: list[Notification], key: str) -> list[int]:
    if not key:
        return [row.pk for row in Notification.objects.bulk_create(rows)]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return list(
        Notification.objects.filter(key=key, user__in=[row.user_id for row in rows]).values_list("pk", flat=True)
    )


def _tell_hooks(ids: list[int]) -> None:
    for hook in _after_commit if ids else ():
        hook(ids)


def _not_wanted(users: Iterable[int], kind: NoticeKind) -> set[int]:
    """Those of `users` whose switch for `kind` is off, by their own word or by default."""
    said = {row.pk: row.kinds.get(kind.name) for row in NoticeSettings.objects.filter(pk__in=list(users))}
    return {pk for pk in users if not (kind.default_on if said.get(pk) is None else said[pk])}


def _told_before(users: Iterable[int], key: str) -> set[int]:
    if not key:
        return set()
    return set(Notification.objects.filter(key=key, user__in=list(users)).values_list("user_id", flat=True))


def _in_words_of(user: User, text: Text, business: Organisation | None) -> str:
    if isinstance(text, str):
        return text[:300]
    with at_home_of(user, business):
        return str(text(user) if callable(text) else text)[:300]


def unread_count(user: User) -> int:
    """Return how many notifications `user` has not read, 100 at most. One query along its own small index."""
    return len(_unread(user.pk))


@prepared
def _unread(user: int) -> QuerySet[Notification, Any]:
    return Notification.objects.filter(user=user, read_at=None).values_list("pk")[:AT_MOST]


def unread_of(user: int, sees_all: bool, tomorrow: datetime) -> "QuerySet[Notification, Any]":
    """What stands as a number beside Notifications: see `lib.counts`."""
    return Notification.objects.filter(user=user, read_at=None).order_by().values("pk")[:AT_MOST]


def read_all(user: User) -> datetime | None:
    """Mark all as read; returns the moment it was done at, by which it can be undone, or None when none was new."""
    now = timezone.now()
    count = Notification.objects.filter(user=user, read_at=None).update(read_at=now)
    return now if count else None


def unread_again(user: User, at: datetime) -> int:
    """Mark as new again what was read at exactly this moment; returns how many."""
    return Notification.objects.filter(user=user, read_at=at).update(read_at=None)


@dataclass(frozen=True)
class Line:
    """One line of the daily mail, and the page of ours that it leads to ("/promises/5/"), if any."""

    text: str
    url: str = ""


DigestPart = Callable[[User], Sequence[str | Line]]


@dataclass(frozen=True)
class _Part:
    order: int
    title: str | Promise
    lines: DigestPart


_digest_parts: dict[str, _Part] = {}


def register_digest_part(order: int, part: DigestPart, title: str | Promise = "") -> None:
    """Give the daily mail some lines: `part` says them for a colleague, in their language and zone; [] for nothing.

    A lower `order` stands higher. Called in `apps.ready()`; the same function twice is one part.
    """
    _digest_parts[f"{part.__module__}.{part.__qualname__}"] = _Part(order, title, part)


def digest_of(user: User) -> list[tuple[str, list[Line]]]:
    """Return title and lines of each part that has something to say. Called in their language and zone."""
    found = []
    for part in sorted(_digest_parts.values(), key=lambda one: one.order):
        lines = [_on_one_line(line) for line in part.lines(user)]
        if lines:
            found.append((str(part.title), lines))
    return found


def _on_one_line(line: str | Line) -> Line:
    text, url = (line, "") if isinstance(line, str) else (line.text, line.url)
    return Line(" ".join(text.split()), url)
