"""Winning somebody back: what was tried and what came of it, and why they stayed away in their own words."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.contacts.models.points import one_holder
from regulars.insights.tables.standing import AboutHolder
from regulars.timeline.models import Entry


class Cause(models.TextChoices):
    """Why somebody stayed away, in one of a few words."""

    SERVICE = "service", _("Something went wrong")
    PROMISE = "promise", _("A promise was not kept")
    PRICE = "price", _("The price")
    CHOICE = "choice", _("Not what they need any more")
    OTHER_SHOP = "other_shop", _("Went somewhere else")
    MOVED = "moved", _("Moved away")
    TIME = "time", _("No time, or forgot us")
    OTHER = "other", _("Something else")
    UNKNOWN = "", _("Not known yet")


class Play(models.TextChoices):
    """What can be tried."""

    APOLOGISE = "apologise", _("Apologise")
    OFFER = "offer", _("Make an offer")
    CHECK_IN = "check_in", _("Ask how they are")
    LET_GO = "let_go", _("Let them go, with thanks")


class AttemptQuerySet(AboutHolder):
    """Reading attempts: those that were taken back do not count."""

    def present(self) -> Self:
        """Leave out those that were taken back."""
        return self.filter(withdrawn_at=None)


class Attempt(models.Model):
    """One try to win somebody back, and what they bought after it, counted from their orders.

    `value_30`, `value_60` and `value_90` are what they brought within so many days after `tried_on`, in minor units of
    the organisation's currency; None while those days are not over. `back_on` is the first day on which they bought
    again within 90 days. Letting somebody go with thanks is an outcome from the start.
    """

    class Outcome(models.TextChoices):
        """What came of it."""

        OPEN = "open", _("Waiting")
        BACK = "back", _("Came back")
        AWAY = "away", _("Stayed away")
        LEFT = "left", _("Left with thanks")

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    play = models.CharField(max_length=10, choices=Play.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.UNKNOWN, blank=True)
    channel = models.CharField(max_length=10, blank=True, help_text="How: an entry's kind, as call or email.")
    text = models.TextField(blank=True)
    worth = models.BigIntegerField(default=0, help_text="What they brought in a year before, in minor units.")
    tried_at = models.DateTimeField(default=timezone.now)
    tried_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    entry = models.OneToOneField(Entry, models.SET_NULL, null=True, blank=True, related_name="attempt")
    outcome = models.CharField(max_length=4, choices=Outcome.choices, default=Outcome.OPEN)
    back_on = models.DateField(null=True, blank=True)
    value_30 = models.BigIntegerField(null=True, blank=True)
    value_60 = models.BigIntegerField(null=True, blank=True)
    value_90 = models.BigIntegerField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = AttemptQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-tried_at", "-id"], condition=Q(withdrawn_at=None), name="attempt_newest"),
            models.Index(fields=["contact", "-tried_at"], condition=Q(contact__isnull=False), name="attempt_contact"),
            models.Index(fields=["company", "-tried_at"], condition=Q(company__isnull=False), name="attempt_company"),
        ]
        constraints: ClassVar = [
            one_holder("attempt_one_holder"),
            models.CheckConstraint(
                condition=(Q(outcome="back") & Q(back_on__isnull=False)) | (~Q(outcome="back") & Q(back_on=None)),
                name="attempt_back_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_play_display()} on {self.tried_on}"

    @property
    def holder(self) -> Contact | Company:
        """Whom we tried to win back."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder

    @property
    def recovered(self) -> int:
        """What they brought in within 90 days as far as it is known, in minor units."""
        return next((v for v in (self.value_90, self.value_60, self.value_30) if v is not None), 0)

    def take_back(self) -> bool:
        """Undo it; False when it was taken back already."""
        return bool(Attempt.objects.filter(pk=self.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()))


def new_token() -> str:
    """Return a word nobody can guess, for the address of a question."""
    return token_urlsafe(18)


class Why(models.Model):
    """Why somebody stayed away: asked by a personal link, or noted by a colleague. `words` are the customer's own.

    With a `token` it can be answered at /why/<token>/, once, until `asked_at` is 90 days ago. `cause` was chosen by the
    customer or by the colleague in `sorted_by`.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.UNKNOWN, blank=True)
    sorted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    entry = models.OneToOneField(Entry, models.SET_NULL, null=True, blank=True, related_name="why")

    objects: ClassVar[Any] = AboutHolder.as_manager()

    class Meta:
        verbose_name_plural = "reasons"
        indexes: ClassVar = [
            models.Index(fields=["-answered_at", "-id"], name="why_newest"),
            models.Index(fields=["contact", "-answered_at"], condition=Q(contact__isnull=False), name="why_contact"),
            models.Index(fields=["company", "-answered_at"], condition=Q(company__isnull=False), name="why_company"),
        ]
        constraints: ClassVar = [one_holder("why_one_holder")]

    def __str__(self) -> str:
        return self.words[:60] or str(self.get_cause_display())

    @property
    def holder(self) -> Contact | Company:
        """Who stayed away."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder

    def answer(self, words: str, cause: str, *, at: datetime | None = None) -> bool:
        """Keep what the customer says; False when it was answered before."""
        open_ones = Why.objects.filter(pk=self.pk, answered_at=None)
        return bool(open_ones.update(words=words[:2000], cause=cause, answered_at=at or timezone.now()))

    def sort(self, cause: str, *, by: User) -> None:
        """Put what they said into a category."""
        Why.objects.filter(pk=self.pk).update(cause=cause, sorted_by=by)


class WinbackFigures(models.Model):
    """What attempts came to, counted every night so that no page counts: one row.

    `data`: {"plays": {play: [tried, back, away, left, recovered]}, "causes": {cause: many}, "tried": [n, back],
    "not_tried": [n, back], "words": {said: many}}.
    """

    data = models.JSONField(default=dict)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "winback figures"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_winback_figures")]

    def __str__(self) -> str:
        return f"Counted at {self.counted_at}"

    @classmethod
    def current(cls) -> "WinbackFigures":
        """Return what was counted last."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
