"""Who did, changed, exported or saw what, and when."""

from typing import Any

from django.db import models

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
            models.Index(fields=["actor", "-at"], name="audit_actor"),
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

    `by=None` means Regulars itself did it (a scheduled job).
    """
    return AuditEvent.objects.create(
        verb=verb, actor=by, kind=kind, object_id=object_id, title=title[:300], changes=changes or {}, address=address
    )
