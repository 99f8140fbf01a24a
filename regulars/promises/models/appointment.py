"""An agreed time with people."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.access.door import visibility_filter
from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.timeline import kinds
from regulars.timeline.models import Entry

# Stands for "never ends" in `until`, so that one index finds the series that still run.
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
# No appointment lasts longer, so that a calendar knows how far back to look for one that is still going on.
LONGEST = timedelta(days=31)


def new_uid() -> str:
    """A name in calendars that nobody else has."""
    return f"{uuid.uuid4()}@regulars"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Reading appointments: always through `visible_to`."""

    def visible_to(self, user: User) -> "AppointmentQuerySet":
        """Those among colleagues only, and those with at least one contact or company that `user` may know of."""
        # By joins and not by "in": a list of everybody one may know of would be made for each look.
        person = visibility_filter(user, "contact__") & Q(contact__binned_at=None, contact__erased_at=None)
        firm = visibility_filter(user, "company__") & Q(company__binned_at=None)
        people = AppointmentContact.objects.filter(person, appointment=OuterRef("pk"))
        firms = AppointmentCompany.objects.filter(firm, appointment=OuterRef("pk"))
        return self.filter(Q(with_people=False) | Q(Exists(people)) | Q(Exists(firms)))

    def planned(self) -> "AppointmentQuerySet":
        """Neither held nor missed nor cancelled."""
        return self.filter(status=Appointment.Status.PLANNED)

    def upcoming(self, now: datetime) -> "AppointmentQuerySet":
        """Planned ones that are still to come, and series that still run."""
        return self.planned().filter(Q(repeat="", ends_at__gt=now) | Q(until__gt=now))


class Appointment(models.Model):
    """An agreed time, with contacts or companies or among colleagues.

    `starts_at` and `ends_at` are UTC; `time_zone` is the zone it was agreed in, which a repeating one keeps across
    clock changes. `repeat` is an RFC 5545 rule or ""; `until` the end of its last time (`FOREVER` for never), None for
    a single one. One occurrence of a repeating appointment that was moved, settled or cancelled is a row of its own
    with `series` and `recurs_at` (the start it had in the series).
    """

    class Status(models.TextChoices):
        """What became of it."""

        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        NO_SHOW = "no_show", _("No-show")
        CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="meeting", help_text="The kind of entry it becomes.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    place = models.CharField(max_length=300, blank=True, help_text="Where, or a link.")
    note = models.TextField(blank=True)
    with_people = models.BooleanField(
        default=False, help_text="With contacts or companies; if none of them is left or may be known, it is hidden."
    )
    repeat = models.CharField(max_length=300, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    series = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="occurrences", db_index=False
    )
    recurs_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When the customer was reminded.")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="appointments")
    uid = models.CharField(max_length=255, unique=True, default=new_uid, help_text="Its name in calendars (RFC 5545).")
    sequence = models.PositiveIntegerField(default=0, help_text="Grows with each change that calendars must see.")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    contacts = models.ManyToManyField(Contact, through="AppointmentContact", related_name="appointments")
    companies = models.ManyToManyField(Company, through="AppointmentCompany", related_name="appointments")
    colleagues = models.ManyToManyField(User, through="AppointmentColleague", related_name="appointments")

    objects: ClassVar[Any] = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["starts_at", "id"], name="appointment_by_start"),
            models.Index(fields=["until"], condition=~Q(repeat=""), name="appointment_repeating"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status="planned", settled_at=None) | (~Q(status="planned") & Q(settled_at__isnull=False)),
                name="appointment_status_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(repeat="", until=None) | (~Q(repeat="") & Q(until__isnull=False)),
                name="appointment_repeat_has_its_end",
            ),
            models.CheckConstraint(
                condition=Q(series=None, recurs_at=None) | Q(series__isnull=False, recurs_at__isnull=False, repeat=""),
                name="appointment_occurrence_has_its_place",
            ),
            models.UniqueConstraint(fields=["series", "recurs_at"], name="appointment_occurrence_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("appointment", args=[self.pk])

    @property
    def length(self) -> timedelta:
        """How long it lasts, in elapsed time."""
        return self.ends_at - self.starts_at

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.ends_at <= timezone.now()

    @property
    def kind_label(self) -> str:
        """What its kind is called."""
        return str(kinds.get(self.kind).label)

    @property
    def place_url(self) -> str:
        """The place, when it is a link."""
        return self.place if self.place.startswith(("https://", "http://")) else ""

    @property
    def calendar_uid(self) -> str:
        """Its UID in calendars: an occurrence shares the one of its series."""
        return self.series.uid if self.series else self.uid


class AppointmentContact(models.Model):
    """A contact takes part. `starts_at` repeats the appointment's, for the page of the contact."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="contact_links", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="appointment_links", db_index=False)
    starts_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contact", "starts_at"], name="appointment_of_contact")]
        constraints = [models.UniqueConstraint(fields=["appointment", "contact"], name="appointment_contact_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.starts_at:%Y-%m-%d %H:%M}"


class AppointmentCompany(models.Model):
    """A company takes part."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="company_links", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="appointment_links", db_index=False)
    starts_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["company", "starts_at"], name="appointment_of_company")]
        constraints = [models.UniqueConstraint(fields=["appointment", "company"], name="appointment_company_once")]

    def __str__(self) -> str:
        return f"{self.company_id} at {self.starts_at:%Y-%m-%d %H:%M}"


class AppointmentColleague(models.Model):
    """A colleague takes part. The times and `until` repeat the appointment's, for calendars and clashes."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="colleague_links", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="appointment_links", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "starts_at", "ends_at"], name="appointment_of_colleague"),
            models.Index(fields=["user", "until"], condition=Q(until__isnull=False), name="appointment_series_of"),
        ]
        constraints = [models.UniqueConstraint(fields=["appointment", "user"], name="appointment_colleague_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.starts_at:%Y-%m-%d %H:%M}"


class AppointmentChange(models.Model):
    """One thing that was done to an appointment, with what brings it back."""

    class Verb(models.TextChoices):
        """What was done."""

        MADE = "made", _("Made")
        MOVED = "moved", _("Moved")
        REVISED = "revised", _("Changed")
        CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")
        SETTLED = "settled", _("Settled")

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="changes")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    before = models.JSONField(default=dict, blank=True)
    sequence = models.PositiveIntegerField(help_text="The appointment's after it; undo refuses when it has moved on.")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.appointment_id}"


class CalendarSettings(models.Model):
    """How the business handles appointments: one row."""

    remind_hours = models.PositiveSmallIntegerField(
        default=24, help_text="How long before an appointment the customer is to be reminded; 0 for never."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_calendar_settings")]

    def __str__(self) -> str:
        return f"{self.remind_hours} h before"

    @classmethod
    def current(cls) -> "CalendarSettings":
        """The settings, or the defaults while nobody changed any."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
