"""When colleagues can be booked, the pages where visitors do it, and what they booked."""

import secrets
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.promises.models.appointment import Appointment


def new_token() -> str:
    """Return a secret that nobody guesses: 192 bits, safe in an address."""
    return secrets.token_urlsafe(24)


class WorkingHours(models.Model):
    """When a colleague works, week by week, in their own time zone; without a row it is the usual week.

    `weekly` has seven lists, Monday first, of `[start, end]` in minutes after midnight: `[[540, 750], [810, 1020]]`.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="working_hours")
    weekly = models.JSONField(default=list)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "working hours"

    def __str__(self) -> str:
        return f"Working hours of {self.user_id}"


class DayOff(models.Model):
    """Days on which a colleague can't be booked; without a colleague it is a holiday of the whole business."""

    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="days_off", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=120, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "days off"
        ordering = ["first_day", "pk"]
        indexes = [models.Index(fields=["user", "last_day"], name="day_off_of_colleague")]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="day_off_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.note or f"{self.first_day} – {self.last_day}"

    def remove(self) -> bool:
        """Work on these days after all; False when that was said already."""
        return bool(DayOff.objects.filter(pk=self.pk, removed_at=None).update(removed_at=timezone.now()))

    def bring_back(self) -> bool:
        """Undo `remove`; False when it is there anyway."""
        return bool(DayOff.objects.filter(pk=self.pk).exclude(removed_at=None).update(removed_at=None))


class BookingPage(models.Model):
    """A public page where visitors book one kind of appointment with one of its hosts.

    `length`, `step` (between two starts), `buffer_before` and `buffer_after` are minutes; `notice` and `change_notice`
    are hours; `horizon` is days. All minutes are whole fives, which is what `TimeClaim` counts in.
    """

    slug = models.SlugField(max_length=60, unique=True, allow_unicode=False)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True, max_length=1000)
    kind = models.CharField(max_length=20, default="meeting", help_text="The kind of entry an appointment becomes.")
    place = models.CharField(max_length=300, blank=True, help_text="Where, or a link.")
    hosts = models.ManyToManyField(User, related_name="booking_pages")
    length = models.PositiveSmallIntegerField(default=30)
    step = models.PositiveSmallIntegerField(default=30)
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    notice = models.PositiveSmallIntegerField(default=12)
    change_notice = models.PositiveSmallIntegerField(default=2)
    horizon = models.PositiveSmallIntegerField(default=60)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(length__range=(5, 720)), name="booking_page_length"),
            models.CheckConstraint(condition=Q(step__range=(5, 720)), name="booking_page_step"),
            models.CheckConstraint(
                condition=Q(buffer_before__lte=240, buffer_after__lte=240), name="booking_page_buffers"
            ),
            models.CheckConstraint(condition=Q(horizon__range=(1, 366)), name="booking_page_horizon"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public address."""
        return reverse("booking-page", args=[self.slug])

    def close(self) -> bool:
        """Take no more bookings; those made stay. False when it was closed already."""
        return bool(BookingPage.objects.filter(pk=self.pk, closed_at=None).update(closed_at=timezone.now()))

    def reopen(self) -> bool:
        """Undo `close`; False when it is open anyway."""
        return bool(BookingPage.objects.filter(pk=self.pk).exclude(closed_at=None).update(closed_at=None))


class Booking(models.Model):
    """What a visitor booked: their own words, the secret link they change it by, and the buffers it was made with.

    `nonce` names the form it came from, so that sending a form twice books once. `address_key` is a keyed hash of the
    network address, for the rate limit; it is emptied after a day.
    """

    page = models.ForeignKey(BookingPage, models.CASCADE, related_name="bookings", db_index=False)
    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="booking")
    host = models.ForeignKey(User, models.PROTECT, related_name="bookings", db_index=False)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    nonce = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    address_key = models.CharField(max_length=32, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    times_moved = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["page", "-made_at"], name="booking_of_page"),
            models.Index(fields=["host", "-made_at"], name="booking_of_host"),
            models.Index(fields=["address_key", "made_at"], condition=~Q(address_key=""), name="booking_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.page_id}"

    def get_absolute_url(self) -> str:
        """The visitor's own, secret address."""
        return reverse("booking", args=[self.token])


class TimeClaim(models.Model):
    """Five minutes of a colleague that belong to one appointment: two can't have the same, whoever is faster.

    `at` is the beginning of the five minutes in UTC. See docs/adr/0008-claims-of-five-minutes.md.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="claims")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "at"], name="time_claimed_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.at:%Y-%m-%d %H:%M}"


KINDS: tuple[tuple[str, Any], ...] = (
    ("meeting", _("Meeting")),
    ("visit", _("Visit")),
    ("call", _("Call")),
    ("job", _("Job")),
)
