"""What a colleague has to do."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.door import visibility_filter
from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.promises.times import repeats
from regulars.promises.times.due import business_zone, days_ahead
from regulars.timeline.models import Entry

SUBJECT = "task"  # what entries about a task say they are about


class TaskQuerySet(models.QuerySet["Task"]):
    """Reading tasks: always from `visible_to`."""

    def visible_to(self, user: User) -> Self:
        """Those for nobody, and those for a contact or company that `user` may know of and that is not in the bin."""
        if user.sees_all:
            return self.filter(contact__binned_at=None, company__binned_at=None)
        known = [
            Q(**{link: None}) | (visibility_filter(user, f"{link}__") & Q(**{f"{link}__binned_at": None}))
            for link in ("contact", "company")
        ]
        return self.filter(*known)

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(done_at=None)

    def late(self) -> Self:
        """Open, and their time has passed."""
        return self.open().filter(due_at__lt=timezone.now())

    def due_for(self, user: User, days: int = 0) -> Self:
        """What `user` has to do by the end of today (or in `days` days), late ones first. Walks one small index."""
        return self.open().filter(assignee=user, due_at__lte=days_ahead(days)).order_by("due_at", "pk")

    def of(self, holder: Contact | Company) -> Self:
        """Those for one contact or company."""
        return self.filter(**{"contact" if isinstance(holder, Contact) else "company": holder})

    def for_list(self) -> Self:
        """With everything that a row shows: two queries."""
        return self.select_related("contact", "company", "assignee").prefetch_related("items")


class Task(models.Model):
    """Something to do, promised to nobody; for a contact or company, or for nobody.

    `due_at` is a moment in UTC; without a time of day it is the end of the day where the business is (`has_time`
    False). `repeat` is an RFC 5545 rule ("FREQ=WEEKLY;BYDAY=MO") or "". Doing a repeating task makes its next one,
    which names it as `previous`.
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
    version = models.PositiveIntegerField(default=1, help_text="Grows with each edit, so that two at once are told.")

    objects: ClassVar[Any] = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(done_at=None), name="task_open_of_assignee"),
            models.Index(fields=["due_at", "id"], condition=Q(done_at=None), name="task_open_by_due"),
            models.Index(fields=["due_at", "id"], condition=Q(done_at=None, priority=1), name="task_open_high"),
            # Of done ones only: with the open ones in it, SQLite would look for those here and sort them.
            models.Index(
                fields=["assignee", "-done_at", "-id"], condition=Q(done_at__isnull=False), name="task_done_of_assignee"
            ),
            models.Index(fields=["-done_at", "-id"], condition=Q(done_at__isnull=False), name="task_done"),
            models.Index(fields=["contact", "due_at"], condition=Q(contact__isnull=False), name="task_of_contact"),
            models.Index(fields=["company", "due_at"], condition=Q(company__isnull=False), name="task_of_company"),
            models.Index(fields=["entry"], condition=Q(entry__isnull=False), name="task_of_entry"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(done_at__isnull=False) | Q(done_by=None), name="task_done_by_has_time"),
            models.CheckConstraint(condition=Q(repeat="") | Q(due_at__isnull=False), name="task_repeat_has_its_start"),
            models.CheckConstraint(
                condition=Q(previous=None) | ~Q(previous=F("id")), name="task_does_not_follow_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        """The task's page."""
        return reverse("task", args=[self.pk])

    @property
    def holder(self) -> Contact | Company | None:
        """Whom it is for: the contact, else the company, else nobody."""
        return self.contact or self.company

    @property
    def is_late(self) -> bool:
        """Whether it is open and its time has passed."""
        return self.done_at is None and self.due_at is not None and self.due_at < timezone.now()

    @property
    def due_day(self) -> date | None:
        """The day it is due where the business is, or None. One query: lists work it out from the zone they know."""
        return self.due_at.astimezone(business_zone()).date() if self.due_at else None

    def done(self, *, by: User) -> "Task | None":
        """Mark as done, and make the next one of a repeat in the same transaction; returns that, or None.

        Notes it on the timeline of the contact or company. Raises TaskDone when a colleague was first.
        """
        from regulars.promises.actions.tasks import note_done

        with transaction.atomic():
            now = timezone.now()
            if not Task.objects.filter(pk=self.pk, done_at=None).update(done_at=now, done_by=by):
                raise TaskDone
            self.done_at, self.done_by = now, by
            note_done(self, by=by)
            return self._make_next(now)

    def _make_next(self, now: datetime) -> "Task | None":
        rule = repeats.shorten(self.repeat) if self.repeat else ""
        if not rule or self.due_at is None:
            return None
        due_at = repeats.next_start(self.repeat, self.due_at, business_zone(), max(self.due_at, now))
        if due_at is None:
            return None
        copied = ("what", "note", "contact_id", "company_id", "has_time", "assignee_id", "priority", "entry_id")
        following: Task = Task.objects.create(
            **{name: getattr(self, name) for name in copied},
            due_at=due_at,
            repeat=rule,
            previous=self,
            created_by_id=self.created_by_id,
        )
        following.write_items([item.text for item in self.items.all()])
        return following

    def reopen(self, *, by: User) -> bool:
        """Undo `done`: take away the next one of a repeat, unless that was done or changed, and the line on the
        timeline. False when it is open anyway."""
        from regulars.promises.actions.tasks import unnote_done

        with transaction.atomic():
            done = Task.objects.filter(pk=self.pk).exclude(done_at=None)
            if not done.update(done_at=None, done_by=None):
                return False
            self.done_at, self.done_by = None, None
            Task.objects.filter(previous=self, done_at=None, version=1).delete()
            if Task.objects.filter(previous=self).exists():  # it goes on from the next one, and not twice
                Task.objects.filter(pk=self.pk).update(repeat="")
            unnote_done(self, by=by)
        return True

    def write_items(self, texts: Sequence[str]) -> None:
        """Make the checklist say `texts` in this order; lines that stay keep their tick."""
        ticked = {item.text: item.done_at for item in self.items.all()}
        lines = [text.strip()[:300] for text in texts if text.strip()]
        self.items.all().delete()
        TaskItem.objects.bulk_create(
            TaskItem(task=self, text=text, position=position, done_at=ticked.pop(text, None))
            for position, text in enumerate(lines)
        )


class TaskDone(Exception):
    """A colleague has done it already; nothing was changed."""


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

    def tick(self, ticked: bool = True) -> bool:
        """Mark the line as done, or as open again; False when it is so already."""
        before = TaskItem.objects.filter(pk=self.pk, done_at__isnull=ticked)
        return bool(before.update(done_at=timezone.now() if ticked else None))
