"""An agreed time with people."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.timeline.models import Entry


class Appointment(models.Model):
    """An agreed time, with contacts or companies or among colleagues.

    `starts_at` and `ends_at` are UTC; `time_zone` is the zone it was agreed in, which a repeating one keeps across
    clock changes. `repeat` is an RFC 5545 rule or "". One occurrence of a repeating appointment that was moved,
    settled or cancelled is a row of its own with `series` and `recurs_at` (the start it had in the series).
    """

    class Status(models.TextChoices):
        """What became of it."""

        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        NO_SHOW = "no_show", _("No-show")
        CANCELLED = "cancelled", _("Cancelled")

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="meeting", help_text="The kind of entry it becomes.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    place = models.CharField(max_length=300, blank=True, help_text="Where, or a link.")
    note = models.TextField(blank=True)
    repeat = models.CharField(max_length=300, blank=True)
    series = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="occurrences")
    recurs_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="appointments")
    uid = models.CharField(max_length=255, unique=True, help_text="Its name in calendars (RFC 5545).")
    sequence = models.PositiveIntegerField(default=0, help_text="Grows with each change that calendars must see.")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    contacts = models.ManyToManyField(Contact, through="AppointmentContact", related_name="appointments")
    companies = models.ManyToManyField(Company, through="AppointmentCompany", related_name="appointments")
    colleagues = models.ManyToManyField(User, through="AppointmentColleague", related_name="appointments")

    class Meta:
        indexes = [
            models.Index(fields=["starts_at", "id"], name="appointment_by_start"),
            models.Index(fields=["starts_at"], condition=~Q(repeat=""), name="appointment_repeating"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status="planned", settled_at=None) | (~Q(status="planned") & Q(settled_at__isnull=False)),
                name="appointment_status_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(series=None, recurs_at=None) | Q(series__isnull=False, recurs_at__isnull=False),
                name="appointment_occurrence_has_its_place",
            ),
            models.UniqueConstraint(fields=["series", "recurs_at"], name="appointment_occurrence_once"),
        ]

    def __str__(self) -> str:
        return self.title


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
    """A colleague takes part; `starts_at` and `ends_at` repeat the appointment's, for calendars and clashes."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="colleague_links", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="appointment_links", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "starts_at", "ends_at"], name="appointment_of_colleague")]
        constraints = [models.UniqueConstraint(fields=["appointment", "user"], name="appointment_colleague_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.starts_at:%Y-%m-%d %H:%M}"
