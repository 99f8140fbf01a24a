"""What a good barista remembers: facts, openers, dates, people around."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models.contact import Contact
from regulars.timeline.models import Entry


class Fact(models.Model):
    """Something worth remembering about a contact, with who said it and when it was last confirmed."""

    class Kind(models.TextChoices):
        """What the fact is about."""

        LIKE = "like", _("Like")
        LIMIT = "limit", _("Limit")
        FAMILY = "family", _("Family")
        PET = "pet", _("Pet")
        ATTITUDE = "attitude", _("Attitude")
        WORK = "work", _("Work")
        OTHER = "other", _("Other")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    text = models.CharField(max_length=500)
    said_by = models.CharField(max_length=120, blank=True, help_text="Who said it; empty: the contact.")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="facts", db_index=False)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True, help_text="When it stopped being true.")

    class Meta:
        ordering = ["-confirmed_at", "-pk"]
        indexes = [
            models.Index(fields=["contact", "-confirmed_at"], name="fact_of_contact"),
            models.Index(fields=["entry"], condition=Q(entry__isnull=False), name="fact_of_entry"),
        ]

    def __str__(self) -> str:
        return self.text

    def confirm(self, *, by: User) -> None:
        """Say that it is still true, today."""
        self.confirmed_at, self.confirmed_by = timezone.now(), by
        self.save(update_fields=["confirmed_at", "confirmed_by"])

    def retire(self) -> bool:
        """Say that it is true no more; False when that was said already."""
        now = timezone.now()
        return bool(Fact.objects.filter(pk=self.pk, retired_at=None).update(retired_at=now))

    def revive(self) -> bool:
        """Undo `retire`; False when it was not retired."""
        return bool(Fact.objects.filter(pk=self.pk).exclude(retired_at=None).update(retired_at=None))


class Opener(models.Model):
    """Something to ask about next time; open until asked."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="openers")
    text = models.CharField(max_length=500)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="openers", db_index=False)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-noted_at", "-pk"]
        indexes = [
            models.Index(fields=["contact", "-noted_at"], condition=Q(asked_at=None), name="opener_open"),
            models.Index(fields=["noted_at"], condition=Q(asked_at=None), name="opener_oldest_open"),
            models.Index(fields=["entry"], condition=Q(entry__isnull=False), name="opener_of_entry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False) | Q(asked_by__isnull=True), name="opener_asked_by_has_time"
            )
        ]

    def __str__(self) -> str:
        return self.text

    def ask(self, *, by: User, answer: str = "") -> bool:
        """Mark as asked, with what they answered; False when a colleague was first."""
        mine = Opener.objects.filter(pk=self.pk, asked_at=None)
        return bool(mine.update(asked_at=timezone.now(), asked_by=by, answer=answer[:500]))

    def reopen(self) -> bool:
        """Undo `ask`; False when it is open anyway."""
        asked = Opener.objects.filter(pk=self.pk).exclude(asked_at=None)
        return bool(asked.update(asked_at=None, asked_by=None, answer=""))


class ImportantDate(models.Model):
    """A birthday, anniversary or renewal; with or without a year; recurring each year or once."""

    class Kind(models.TextChoices):
        """What the day is."""

        BIRTHDAY = "birthday", _("Birthday")
        ANNIVERSARY = "anniversary", _("Anniversary")
        RENEWAL = "renewal", _("Renewal")
        OTHER = "other", _("Other")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="dates")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    label = models.CharField(max_length=120, blank=True)
    day = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    recurs = models.BooleanField(default=True)

    class Meta:
        ordering = ["month", "day"]
        indexes = [models.Index(fields=["month", "day"], name="date_of_year")]
        constraints = [
            models.CheckConstraint(condition=Q(month__range=(1, 12), day__range=(1, 31)), name="date_is_a_day"),
            models.CheckConstraint(condition=Q(recurs=True) | Q(year__isnull=False), name="date_once_has_year"),
            models.UniqueConstraint(fields=["contact"], condition=Q(kind="birthday"), name="date_one_birthday"),
        ]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()

    @property
    def in_words(self) -> str:
        """Return "9 February", with the year when it is known."""
        words = date_format(date(2000, self.month, self.day), gettext("j F"))
        return f"{words} {self.year}" if self.year else words

    def on_year(self, year: int) -> date:
        """The day in `year`; 29 February falls on the 28th in other years."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, self.month, 28)

    def next_after(self, today: date) -> date | None:
        """The next time it comes round, today included; None when it was once and is over."""
        if not self.recurs:
            once = self.on_year(self.year or today.year)
            return once if once >= today else None
        this_year = self.on_year(today.year)
        return this_year if this_year >= today else self.on_year(today.year + 1)


class Relationship(models.Model):
    """A typed link between two contacts, written once and seen from both ends.

    `kind` says what `contact` is to `other`: `Relationship(contact=ana, other=rui, kind="parent")` reads
    "parent of Rui" on Ana's page and "child of Ana" on Rui's.
    """

    class Kind(models.TextChoices):
        """What the first is to the second."""

        SPOUSE = "spouse", _("spouse of")
        PARTNER = "partner", _("partner of")
        PARENT = "parent", _("parent of")
        MOTHER = "mother", _("mother of")
        FATHER = "father", _("father of")
        CHILD = "child", _("child of")
        SIBLING = "sibling", _("sibling of")
        RELATIVE = "relative", _("relative of")
        FRIEND = "friend", _("friend of")
        NEIGHBOUR = "neighbour", _("neighbour of")
        COLLEAGUE = "colleague", _("colleague of")
        ASSISTANT = "assistant", _("assistant of")
        ASSISTED_BY = "assisted_by", _("assisted by")
        EMPLOYER = "employer", _("employer of")
        EMPLOYEE = "employee", _("employee of")
        ADVISER = "adviser", _("adviser of")
        ADVISED_BY = "advised_by", _("advised by")
        OTHER = "other", _("knows")

    REVERSE: ClassVar[dict[str, str]] = {
        "parent": "child",
        "mother": "child",
        "father": "child",
        "child": "parent",
        "assistant": "assisted_by",
        "assisted_by": "assistant",
        "employer": "employee",
        "employee": "employer",
        "adviser": "advised_by",
        "advised_by": "adviser",
    }

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="relationships")
    other = models.ForeignKey(Contact, models.CASCADE, related_name="relationships_from_others")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    note = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "other", "kind"], name="relationship_once"),
            models.CheckConstraint(condition=~Q(contact=models.F("other")), name="relationship_of_two"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=models.F("since")),
                name="relationship_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.get_kind_display()} {self.other}"

    def kind_seen_from(self, contact: Contact) -> str:
        """The kind as it reads on the page of `contact`, one of the two."""
        return self.kind if contact.pk == self.contact_id else self.REVERSE.get(self.kind, self.kind)

    def label_seen_from(self, contact: Contact) -> str:
        """ "mother of", "child of"… as it reads on the page of `contact`."""
        return str(self.Kind(self.kind_seen_from(contact)).label)

    def other_than(self, contact: Contact) -> Contact:
        """The person at the other end."""
        return self.other if contact.pk == self.contact_id else self.contact
