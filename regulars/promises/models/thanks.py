"""How and when we thanked people, and what for."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.contacts.models.points import one_holder
from regulars.timeline.models import Entry


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
        return self.note or self.get_reason_display()


class Occasion(models.Model):
    """A reason to thank somebody, found by a rule; `key` makes it the same occasion whenever it is found again."""

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
    why = models.CharField(max_length=300)
    occurred_at = models.DateTimeField()
    found_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was skipped.")
    thanks = models.ForeignKey(Thanks, models.SET_NULL, null=True, blank=True, related_name="occasions")

    class Meta:
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], condition=Q(status="open"), name="occasion_open"),
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
