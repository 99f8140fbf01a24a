"""Who did, changed, exported or saw what, and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.db import connection, models, transaction
from django.utils import timezone

from regulars.access.models.users import User


class AuditEvent(models.Model):
    """One line of the audit log. Database triggers refuse deletion and any change but the erasure of values."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=40, help_text="What was done, in the past tense: added, changed, saw, exported…")
    kind = models.CharField(max_length=40, blank=True, help_text="Glossary word of the object: contact, company, user…")
    object_id = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=dict, blank=True, help_text="Field to [before, after], or details of the act.")
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["kind", "object_id", "-at"], name="audit_object"),
            models.Index(fields=["actor", "-at", "-id"], name="audit_actor"),
            models.Index(fields=["verb", "-at", "-id"], name="audit_verb"),
            models.Index(fields=["kind", "-at", "-id"], name="audit_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.actor or 'Regulars'} {self.verb} {self.kind} {self.title}".strip()


def audit(
    verb: str,
    *,
    by: User | None,
    kind: str = "",
    object_id: int | None = None,
    title: str = "",
    changes: dict[str, Any] | None = None,
    address: str = "",
) -> AuditEvent:
    """Write one line into the audit log, in the caller's transaction, and return it.

    `by=None` means Regulars itself did it (a scheduled job). `address` is where it came from, by default where the
    request that is being answered came from.
    """
    from regulars.access.addresses import current_address  # needs the models loaded

    address = address or current_address()
    return AuditEvent.objects.create(
        verb=verb, actor=by, kind=kind, object_id=object_id, title=title[:300], changes=changes or {}, address=address
    )


def audit_view(user: User, kind: str, object_id: int, title: str = "", *, address: str = "") -> bool:
    """Record that `user` saw something, once for each hour; returns whether a line was written.

    Usually costs nothing: what was recorded already is remembered in the cache of the process, so a second process may
    write a second line in the same hour, never less than one.
    """
    hour = int(timezone.now().timestamp() // 3600)
    if not cache.add(f"saw:{user.pk}:{kind}:{object_id}:{hour}", True, 3600):
        return False
    audit("saw", by=user, kind=kind, object_id=object_id, title=title, address=address)
    return True


def known_verbs() -> list[str]:
    """Return the verbs that stand in the log, sorted; refreshed every few minutes."""
    return list(cache.get_or_set("audit-verbs", lambda: _distinct("verb"), 300) or [])


def known_kinds() -> list[str]:
    """Return the kinds of objects that stand in the log, sorted; refreshed every few minutes."""
    return list(cache.get_or_set("audit-kinds", lambda: _distinct("kind"), 300) or [])


def _distinct(column: str, at_most: int = 100) -> list[str]:
    """Hop along the index from value to value, which costs the same for a thousand lines and for a hundred million."""
    found: list[str] = []
    last = ""
    while len(found) < at_most:
        beyond = AuditEvent.objects.filter(**{f"{column}__gt": last}).order_by(column)
        value = beyond.values_list(column, flat=True).first()
        if value is None:
            break
        found.append(last := value)
    return found


@contextmanager
def audit_unlocked(reason: str) -> Iterator[None]:
    """Let the current transaction delete lines of the log: for restoring a backup, and for nothing else.

    The database's own triggers refuse it otherwise. Other connections never see the permission, because it is taken
    back before the transaction commits.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO access_audit_unlocked (reason) VALUES (%s)", [reason])
        yield
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM access_audit_unlocked WHERE reason = %s", [reason])
