"""Segments: saved sets of people, described by a rule or listed by hand."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.models.contact import Contact
from regulars.contacts.models.rhythm import LONGEST


class SegmentQuerySet(models.QuerySet["Segment"]):
    """Reading segments."""

    def visible_to(self, user: User) -> "SegmentQuerySet":
        """Their own and those shared with everyone."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class Segment(models.Model):
    """A set of people under a name, own or shared with everyone.

    With a rule it is always current; the rule is a tree of groups `{"all" | "any" | "none": [...]}` and conditions
    `{"if": key, "with": {parameter: [values]}}` as they stand in the address of a list (see contacts.segments). A
    list (`is_list`) holds its members instead; a rule that it had before is kept, so that it can be current again.
    `rhythm_days`: its people should be in touch that often, where nothing better is known of them.
    """

    class Tone(models.TextChoices):
        """The dot in the side navigation; colour carries meaning."""

        PLAIN = "", _("Grey")
        GOOD = "good", _("Green: going well")
        GOLD = "gold", _("Gold: most valuable")
        RISK = "risk", _("Red: needs care")

    name = models.CharField(max_length=80)
    owner = models.ForeignKey(User, models.CASCADE, related_name="segments")
    is_shared = models.BooleanField(default=False)
    is_list = models.BooleanField(default=False)
    rule = models.JSONField(default=dict, blank=True)
    tone = models.CharField(max_length=4, choices=Tone.choices, blank=True, default="")
    rhythm_days = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = SegmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="segment_name_once"),
            models.CheckConstraint(
                condition=Q(rhythm_days=None) | Q(rhythm_days__range=(1, LONGEST)), name="segment_rhythm_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list of its people."""
        return f"{reverse('contacts')}?segment={self.pk}"

    def may_change(self, user: User) -> bool:
        """Whether `user` may change or remove it: their own, or a shared one if they may share."""
        return self.owner_id == user.pk or (self.is_shared and user.can("share"))

    @transaction.atomic
    def revise(self, *, by: User, expected_version: int, **values: Any) -> bool:
        """Write name, rule, tone, sharing or rhythm; False when somebody else did so meanwhile. Audited when shared.

        What was counted is forgotten.
        """
        if not by.can("share"):
            values.pop("is_shared", None)
        mine = Segment.objects.filter(pk=self.pk, version=expected_version)
        if not mine.update(**values, version=F("version") + 1, changed_at=timezone.now()):
            return False
        self.refresh_from_db()
        self.counts.all().delete()
        if self.is_shared:
            audit("changed", by=by, kind="segment", object_id=self.pk, title=self.name)
        return True

    def add(self, contact_ids: Iterable[int], *, by: User) -> int:
        """Put people on the list; returns how many were not on it. Raises ValueError when it is none."""
        if not self.is_list:
            raise ValueError("People can only be put on a list, not into a rule.")
        ids = list(dict.fromkeys(contact_ids))
        have = set(self.members.filter(contact__in=ids).values_list("contact_id", flat=True))
        new = [SegmentMember(segment=self, contact_id=pk, added_by=by) for pk in ids if pk not in have]
        SegmentMember.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
        return len(new)

    def remove(self, contact_ids: Iterable[int]) -> int:
        """Take people off the list; returns how many were on it."""
        gone, _kinds = self.members.filter(contact__in=list(contact_ids)).delete()
        return int(gone)

    def make_current(self, *, by: User) -> bool:
        """Let the rule that the list had decide again; False when it had none, or is no list."""
        lists = Segment.objects.filter(pk=self.pk, is_list=True).exclude(rule={})
        if not lists.update(is_list=False, version=F("version") + 1, changed_at=timezone.now()):
            return False
        self.counts.all().delete()
        audit("changed", by=by, kind="segment", object_id=self.pk, title=self.name)
        return True


class SegmentMember(models.Model):
    """Somebody on a list."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="members", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="segment_members")
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["segment", "contact"], name="segment_member_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.segment_id}"


class SegmentCount(models.Model):
    """How many people of a segment somebody may know of, as it was counted last: pages show this and never count."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="counts", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()
    words = models.CharField(max_length=20)
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["segment", "user"], name="segment_count_once")]

    def __str__(self) -> str:
        return self.words
