"""What a colleague has to do."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.timeline.models import Entry


class Task(models.Model):
    """Something to do, promised to nobody; for a contact or company, or for nobody.

    `repeat` is an RFC 5545 rule ("FREQ=WEEKLY;BYDAY=MO") or "". Doing a repeating task makes its next one.
    """

    class Priority(models.IntegerChoices):
        """How much it presses."""

        HIGH = 1, _("High")
        NORMAL = 2, _("Normal")
        LOW = 3, _("Low")

    what = models.CharField(max_length=500)
    note = models.TextField(blank=True)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="tasks", db_index=False)
    company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="tasks", db_index=False)
    due_at = models.DateTimeField(null=True, blank=True)
    has_time = models.BooleanField(default=False)
    assignee = models.ForeignKey(User, models.PROTECT, related_name="tasks", db_index=False)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    repeat = models.CharField(max_length=300, blank=True)
    previous = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="next")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="tasks", db_index=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(done_at=None), name="task_open_of_assignee"),
            models.Index(fields=["due_at", "id"], condition=Q(done_at=None), name="task_open_by_due"),
            models.Index(fields=["contact", "due_at"], condition=Q(contact__isnull=False), name="task_of_contact"),
            models.Index(fields=["company", "due_at"], condition=Q(company__isnull=False), name="task_of_company"),
            models.Index(fields=["entry"], condition=Q(entry__isnull=False), name="task_of_entry"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(done_at__isnull=False) | Q(done_by=None), name="task_done_by_has_time")
        ]

    def __str__(self) -> str:
        return self.what


class TaskItem(models.Model):
    """One line of a task's checklist."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="items")
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
