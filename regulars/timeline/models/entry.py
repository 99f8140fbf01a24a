"""One thing that happened."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone

from regulars.access.models import User
from regulars.timeline import kinds, words


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reading entries. Who may see one depends on whom it concerns: see `contacts.Involvement`."""

    def present(self) -> "EntryQuerySet":
        """Entries that were not removed."""
        return self.filter(removed_at=None)

    def containing(self, text: str, limit: int = 200) -> "EntryQuerySet":
        """Present entries with all words of `text`, the last one as a prefix, newest first.

        Only the `limit` logged last of those that match, so that common words cost no more than rare ones.
        """
        return self.present().filter(pk__in=words.newest_ids(text, limit)).order_by("-occurred_at", "-pk")


class Entry(models.Model):
    """One line of a timeline: what, when, by whom, and a snapshot that is enough to draw it.

    Append-only: the text may be edited (the earlier one stays as an EntryRevision), the entry may be pinned,
    settled or removed (and brought back), nothing else changes.
    """

    kind = models.CharField(max_length=20)
    occurred_at = models.DateTimeField()
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="entries")
    text = models.TextField(blank=True)
    outcome = models.CharField(max_length=300, blank=True, help_text="What it came to, in a few words.")
    snapshot = models.JSONField(default=dict, blank=True, help_text="What its template needs besides the text.")
    subject_kind = models.CharField(max_length=40, blank=True, help_text="Soft reference to what it is about.")
    subject_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When a request was answered.")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], name="entry_newest"),
            models.Index(fields=["subject_kind", "subject_id"], name="entry_subject"),
            models.Index(
                fields=["-occurred_at", "-id"],
                condition=models.Q(kind="request", settled_at=None, removed_at=None),
                name="entry_open_request",
            ),
            models.Index(fields=["removed_at"], condition=~models.Q(removed_at=None), name="entry_removed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=False) | models.Q(removed_by__isnull=True),
                name="entry_removed_by_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{kinds.get(self.kind).label}: {self.text[:60]}"

    @property
    def kind_info(self) -> kinds.EntryKind:
        """How this kind of entry looks and counts."""
        return kinds.get(self.kind)

    def revise(self, *, text: str, kind: str, occurred_at: datetime, outcome: str = "", by: User) -> None:
        """Change what the entry says and keep the earlier version as a revision. Does nothing when equal."""
        if (text, kind, occurred_at, outcome) == (self.text, self.kind, self.occurred_at, self.outcome):
            return
        with transaction.atomic():
            self.revisions.create(
                text=self.text,
                kind=self.kind,
                occurred_at=self.occurred_at,
                outcome=self.outcome,
                replaced_by=by,
            )
            self.text, self.kind, self.occurred_at, self.outcome = text, kind, occurred_at, outcome
            self.edited_at = timezone.now()
            self.save(update_fields=["text", "kind", "occurred_at", "outcome", "edited_at"])

    def pin(self, pinned: bool = True) -> None:
        """Keep the entry at the top of its timelines, or let it go."""
        self.pinned_at = timezone.now() if pinned else None
        self.save(update_fields=["pinned_at"])

    def settle(self, settled: bool = True) -> None:
        """Mark a request as answered, or as open again."""
        self.settled_at = timezone.now() if settled else None
        self.save(update_fields=["settled_at"])

    def remove(self, *, by: User) -> bool:
        """Take the entry off every timeline; it can be brought back. False when it was removed already."""
        count = Entry.objects.filter(pk=self.pk, removed_at=None).update(removed_at=timezone.now(), removed_by=by)
        return bool(count)

    def bring_back(self) -> bool:
        """Undo `remove`; False when the entry is on its timelines anyway."""
        count = Entry.objects.filter(pk=self.pk).exclude(removed_at=None).update(removed_at=None, removed_by=None)
        return bool(count)


class EntryRevision(models.Model):
    """What an entry said before an edit."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="revisions")
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=20)
    occurred_at = models.DateTimeField()
    outcome = models.CharField(max_length=300, blank=True)
    replaced_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"Before {self.replaced_at:%Y-%m-%d %H:%M}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Reading files of entries."""

    def present(self) -> "AttachmentQuerySet":
        """Leave out those that were taken off."""
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """A file on an entry: checked by content, size and name, served as a download or preview."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="attachments/%Y/%m/")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="When it was taken off its entry.")

    objects: ClassVar[Any] = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["removed_at"], condition=~models.Q(removed_at=None), name="attachment_removed")]

    def __str__(self) -> str:
        return self.name

    def remove(self) -> bool:
        """Take the file off its entry; it can be brought back. False when it was off already."""
        return bool(Attachment.objects.present().filter(pk=self.pk).update(removed_at=timezone.now()))

    def bring_back(self) -> bool:
        """Undo `remove`; False when the file is on its entry anyway."""
        return bool(Attachment.objects.filter(pk=self.pk).exclude(removed_at=None).update(removed_at=None))

    @property
    def is_image(self) -> bool:
        """Whether a preview can be shown."""
        return self.content_type in {"image/jpeg", "image/png", "image/webp", "image/gif"}


class Mention(models.Model):
    """A colleague named in an entry with "@"."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, models.CASCADE, related_name="mentions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "user"], name="mention_once")]

    def __str__(self) -> str:
        return f"@{self.user}"
