"""Who is slipping away and why, as counted every night; and what people said to that."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.contacts.models.points import one_holder
from regulars.insights.tables.standing import AboutHolder, Tier


class AtRiskQuerySet(AboutHolder):
    """Reading who is slipping away."""

    def open(self) -> Self:
        """Those who are slipping away or lost now."""
        return self.filter(ended_on=None)


class AtRisk(models.Model):
    """One spell of somebody slipping away: open while `ended_on` is None, then history.

    `reasons` are the warnings, strongest first: [{"key": "silence", "strength": 0.8, …its numbers}]; `reason` is the
    key of the strongest. `score` (0 to 100) says how strong they are together. `worth` is what the customer brought in
    a year at their best pace, in minor units: the list is ordered by it. `tier` repeats the best tier they had. A spell
    ends because they bought again ("bought"), somebody said it is none ("said"), or the warnings ceased ("ceased").
    """

    class State(models.TextChoices):
        """How far it has come."""

        SLIPPING = "slipping", _("Slipping")
        LOST = "lost", _("Lost")

    class Ended(models.TextChoices):
        """How the spell ended."""

        OPEN = "", _("Still open")
        BOUGHT = "bought", _("Bought again")
        SAID = "said", _("Somebody said it is none")
        CEASED = "ceased", _("The warnings ceased")

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="risks", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="risks", db_index=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SLIPPING)
    reason = models.CharField(max_length=20)
    reasons = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField()
    worth = models.BigIntegerField(default=0)
    tier = models.CharField(max_length=6, choices=Tier.choices, default=Tier.NONE)
    last_on = models.DateField(help_text="The last day on which they had bought.")
    since = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended = models.CharField(max_length=6, choices=Ended.choices, default=Ended.OPEN, blank=True)

    objects: ClassVar[Any] = AtRiskQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-worth", "-id"], condition=Q(ended_on=None), name="risk_by_worth"),
            models.Index(fields=["reason", "-worth", "-id"], condition=Q(ended_on=None), name="risk_by_reason"),
            models.Index(fields=["since"], name="risk_since"),
            models.Index(fields=["contact", "-id"], condition=Q(contact__isnull=False), name="risk_of_contact"),
        ]
        constraints: ClassVar = [
            one_holder("risk_one_holder"),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(contact__isnull=False, ended_on=None), name="risk_of_contact_once"
            ),
            models.UniqueConstraint(
                fields=["company"], condition=Q(company__isnull=False, ended_on=None), name="risk_of_company_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended="") | (Q(ended_on__isnull=False) & ~Q(ended="")),
                name="risk_end_has_its_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.reason} ({self.score})"

    @property
    def holder(self) -> Contact | Company:
        """Who is slipping away."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder


class RiskWordQuerySet(AboutHolder):
    """Reading what people said."""

    def in_force(self, today: date) -> Self:
        """Those that hold today."""
        return self.filter(Q(until=None) | Q(until__gte=today), withdrawn_at=None)


class RiskWord(models.Model):
    """Somebody who knows better: "no, they moved", "not at risk". While it holds, no warning is given.

    `until` is the last day on which it holds, None for good. Taken back with `withdrawn_at`; all of them are counted.
    """

    class Said(models.TextChoices):
        """What was said."""

        MOVED = "moved", _("They moved away")
        FINE = "fine", _("Not at risk")
        SEASON = "season", _("They come in their season")
        CLOSED = "closed", _("Died or closed down")

    FOR_GOOD = (Said.MOVED, Said.CLOSED)

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="+")
    said = models.CharField(_("What is it"), max_length=8, choices=Said.choices, default=Said.FINE)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    until = models.DateField(_("Until"), null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True, help_text="The warning it answered.")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    said_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = RiskWordQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [one_holder("risk_word_one_holder")]

    def __str__(self) -> str:
        return f"{self.get_said_display()} {self.note}"

    @property
    def holder(self) -> Contact | Company:
        """Whom it is about."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder

    def withdraw(self) -> bool:
        """Take it back; False when it was taken back already."""
        return bool(RiskWord.objects.filter(pk=self.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()))
