"""What we said we would do."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.timeline.models import Attachment, Entry


class Promise(models.Model):
    """A commitment to a contact or company, with a due time and the colleague who answers for it.

    `due_at` is a moment in UTC; without a time of day it is the end of the day in the organisation's zone
    (`has_time` False). A promise that is renegotiated is closed, and its follower names it as `previous`;
    `first_due_at` and `times_moved` are carried along the chain.
    """

    class Status(models.TextChoices):
        """Where it stands; late is not a status but an open one whose time has passed."""

        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        RENEGOTIATED = "renegotiated", _("Renegotiated")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="promises", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="promises", db_index=False)
    what = models.CharField(max_length=500)
    due_at = models.DateTimeField()
    has_time = models.BooleanField(default=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="promises", db_index=False)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="promises", db_index=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.CharField(max_length=500, blank=True, help_text="How it was kept, or why it was not.")
    evidence_entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="+")
    evidence_file = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")
    previous = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="next")
    first_due_at = models.DateTimeField()
    times_moved = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_at", "id"], condition=Q(status="open"), name="promise_open_of_owner"),
            models.Index(fields=["due_at", "id"], condition=Q(status="open"), name="promise_open_by_due"),
            models.Index(fields=["-due_at", "-id"], name="promise_by_due"),
            models.Index(fields=["contact", "status", "due_at"], name="promise_of_contact"),
            models.Index(fields=["company", "status", "due_at"], name="promise_of_company"),
            models.Index(fields=["entry"], condition=Q(entry__isnull=False), name="promise_of_entry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(company__isnull=False), name="promise_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(status="open", settled_at=None) | (~Q(status="open") & Q(settled_at__isnull=False)),
                name="promise_status_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(previous=None) | ~Q(previous=F("id")), name="promise_does_not_follow_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.what
