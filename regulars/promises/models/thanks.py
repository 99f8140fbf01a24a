"""How and when we thanked people, and what for."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.contacts.models.points import one_holder
from regulars.contacts.models.querysets import may_know_holder
from regulars.timeline.models import Entry


class AboutQuerySet(models.QuerySet[Any]):
    """Reading what is about a contact or a company: nobody learns of one that they may not know of."""

    def visible_to(self, user: User) -> Self:
        """Those whose contact or company `user` may know of."""
        return self.filter(may_know_holder(user))

    def of(self, holder: Contact | Company) -> Self:
        """Those about one contact or company."""
        return self.filter(contact=holder) if isinstance(holder, Contact) else self.filter(company=holder)

    def for_list(self) -> Self:
        """Load what a row shows."""
        return self.select_related("contact", "company")


class ThanksQuerySet(AboutQuerySet):
    """Reading thanks: those whose line was taken off the timeline do not count."""

    def present(self) -> Self:
        """Leave out those whose line was taken off."""
        return self.filter(Q(entry=None) | Q(entry__removed_at=None))

    def visible_to(self, user: User) -> Self:
        """Those that count, to somebody that `user` may know of."""
        return super().visible_to(user).present()

    def of(self, holder: Contact | Company) -> Self:
        """Those that count, to one contact or company."""
        return super().of(holder).present()


class OccasionQuerySet(AboutQuerySet):
    """Reading occasions."""

    def open(self, now: datetime | None = None) -> Self:
        """Not thanked yet, newest first; those of people who were thanked only lately wait. An index serves it."""
        found = self.filter(status="open", not_before__lte=now or timezone.now())
        return found.order_by("-occurred_at", "-pk")

    def for_list(self) -> Self:
        """Load what a row shows."""
        return super().for_list().select_related("about_contact", "about_company", "settled_by")


class Thanks(models.Model):
    """One act of gratitude. `cost` is in the organisation's currency."""

    class Reason(models.TextChoices):
        """What for."""

        REFERRAL = "referral", _("Bringing somebody")
        BIG_ORDER = "big_order", _("A big order")
        LOYALTY = "loyalty", _("Long loyalty")
        KIND_WORDS = "kind_words", _("Kind words")
        HELP = "help", _("Help")
        FEEDBACK = "feedback", _("Feedback")
        PATIENCE = "patience", _("Patience after our mistake")
        OTHER = "other", _("Something else")

    class Way(models.TextChoices):
        """How."""

        WORDS = "words", _("Words")
        CARD = "card", _("Card")
        GIFT = "gift", _("Gift")
        DISCOUNT = "discount", _("Discount")
        CALL = "call", _("Call")
        PUBLIC = "public", _("In public")

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="thanks", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="thanks", db_index=False)
    reason = models.CharField(max_length=12, choices=Reason.choices, default=Reason.OTHER)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.WORDS)
    note = models.CharField(max_length=500, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    thanked_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="thanks", db_index=False)
    entry = models.OneToOneField(Entry, models.SET_NULL, null=True, blank=True, related_name="thanks")

    objects: ClassVar[Any] = ThanksQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "thanks"
        indexes = [
            models.Index(
                fields=["contact", "-thanked_at"], condition=Q(contact__isnull=False), name="thanks_of_contact"
            ),
            models.Index(
                fields=["company", "-thanked_at"], condition=Q(company__isnull=False), name="thanks_of_company"
            ),
            models.Index(fields=["-thanked_at", "-id"], name="thanks_newest"),
            models.Index(fields=["by", "-thanked_at"], name="thanks_of_colleague"),
        ]
        constraints = [
            one_holder("thanks_one_holder"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="thanks_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return self.note or str(self.get_reason_display())

    @property
    def holder(self) -> Contact | Company:
        """Who was thanked."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder


class Occasion(models.Model):
    """A reason to thank somebody, found by a rule; `key` makes it the same occasion whenever it is found again.

    `why` goes on after a name ("has been with us for 3 years") and names nobody else: whom it is about stands in
    `about_contact` or `about_company`, so that their name is only shown to those who may know of them. `not_before`
    is when it may be shown: people who were thanked lately are left in peace for a while.
    """

    class Status(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Not thanked yet")
        THANKED = "thanked", _("Thanked")
        SKIPPED = "skipped", _("Skipped")
        RESTED = "rested", _("Let rest")

    rule = models.CharField(max_length=30)
    key = models.CharField(max_length=120, unique=True, help_text='The rule and what it found: "brought:12".')
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="occasions", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="occasions", db_index=False)
    about_contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    about_company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="+")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=300)
    occurred_at = models.DateTimeField()
    found_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was skipped.")
    thanks = models.ForeignKey(Thanks, models.SET_NULL, null=True, blank=True, related_name="occasions")

    objects: ClassVar[Any] = OccasionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], condition=Q(status="open"), name="occasion_open"),
            models.Index(fields=["status", "-occurred_at", "-id"], name="occasion_by_status"),
            models.Index(fields=["-occurred_at", "-id"], name="occasion_newest"),
            models.Index(fields=["contact", "status"], condition=Q(contact__isnull=False), name="occasion_of_contact"),
            models.Index(fields=["company", "status"], condition=Q(company__isnull=False), name="occasion_of_company"),
        ]
        constraints = [
            one_holder("occasion_one_holder"),
            models.CheckConstraint(
                condition=Q(status="open", settled_at=None) | (~Q(status="open") & Q(settled_at__isnull=False)),
                name="occasion_status_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.why

    @property
    def holder(self) -> Contact | Company:
        """Who is to be thanked."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder

    @property
    def about(self) -> Contact | Company | None:
        """Whom it is about besides, such as the person they brought. Show it only to those who may know of them."""
        return self.about_contact or self.about_company

    def skip(self, reason: str, *, by: User) -> bool:
        """Say that no thanks are due, and why; False when a colleague settled it first."""
        return self._settle(self.Status.SKIPPED, by, reason=reason[:300])

    def rest(self, *, by: User) -> bool:
        """Let it rest without a word; False when a colleague settled it first."""
        return self._settle(self.Status.RESTED, by)

    def mark_thanked(self, thanks: Thanks, *, by: User) -> bool:
        """Tie it to the thanks that answered it; False when a colleague settled it first."""
        return self._settle(self.Status.THANKED, by, thanks=thanks)

    def _settle(self, status: str, by: User, **values: Any) -> bool:
        mine = Occasion.objects.filter(pk=self.pk, status=self.Status.OPEN)
        return bool(mine.update(status=status, settled_at=timezone.now(), settled_by=by, **values))

    def reopen(self) -> bool:
        """Undo skipping or resting; False when it is open anyway, or thanked: those are undone with their thanks."""
        settled = Occasion.objects.filter(pk=self.pk, status__in=[self.Status.SKIPPED, self.Status.RESTED])
        return bool(settled.update(status=self.Status.OPEN, settled_at=None, settled_by=None, reason=""))


class OccasionSearch(models.Model):
    """How far a rule has looked, so that the next run goes on there. `position` is the rule's own word for it."""

    rule = models.CharField(max_length=30, unique=True)
    position = models.CharField(max_length=60, blank=True)
    searched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "occasion searches"

    def __str__(self) -> str:
        return f"{self.rule}: {self.position}"


class ThanksSettings(models.Model):
    """How the business wants to be reminded of thanks: one row. `rules` says {"year": false} for what was switched."""

    rules = models.JSONField(default=dict, blank=True)
    rest_days = models.PositiveSmallIntegerField(default=30, help_text="Days in peace after each thanks.")

    class Meta:
        verbose_name_plural = "thanks settings"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_thanks_settings")]

    def __str__(self) -> str:
        return f"Not more often than every {self.rest_days} days"

    @classmethod
    def current(cls) -> "ThanksSettings":
        """Return the settings, or those of a business that changed nothing."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
