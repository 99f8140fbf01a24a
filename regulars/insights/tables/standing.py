"""Where each customer stands: tier, rank, RFM scores; what tiers are measured by; and how they moved."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.contacts.models.points import one_holder
from regulars.contacts.models.querysets import may_know_holder

LIFETIME = 0  # the window that is all time


class Tier(models.TextChoices):
    """Gold is the top tenth, silver the next one (both shares can be set)."""

    GOLD = "gold", _("Gold")
    SILVER = "silver", _("Silver")
    NONE = "none", _("No tier")


class RfmSegment(models.TextChoices):
    """The usual names for how lately, how often and for how much somebody bought; see insights/value/rfm.py."""

    CHAMPION = "champion", _("Champions")
    POTENTIAL = "potential", _("Could become loyal")
    LOYAL = "loyal", _("Loyal")
    PROMISING = "promising", _("Promising")
    NEW = "new", _("New")
    CANT_LOSE = "cant_lose", _("Can’t lose them")
    AT_RISK = "at_risk", _("At risk")
    ATTENTION = "attention", _("Need attention")
    SLEEPING = "sleeping", _("About to sleep")
    LOST = "lost", _("Lost")
    OTHER = "other", _("Others")


class AboutHolder(models.QuerySet[Any]):
    """Reading what is about a contact or a company: nobody learns of one that they may not know of."""

    def visible_to(self, user: User) -> Self:
        """Those whose contact or company `user` may know of."""
        return self.filter(may_know_holder(user))

    def of(self, holder: Contact | Company) -> Self:
        """Those about one contact or company."""
        return self.filter(contact=holder) if isinstance(holder, Contact) else self.filter(company=holder)

    def for_list(self) -> Self:
        """Load what a row shows of whom it is about."""
        return self.select_related("contact__company", "contact__profile", "contact__owner", "company__owner")


class Standing(models.Model):
    """Where one person, or one company with its people, stands among all that have bought; written by insights.tiers.

    `value` is what tiers are measured by, in the window of the settings: minor units of the organisation's currency,
    or days of visits; `top_value` repeats it for gold and silver only, so that their index holds no one else. `rank`
    is the place by it among all people (or all companies) that bought in the window, 1 the best; None for those who
    did not. `tier_since` is when they came into their tier, `previous` the one before, `below_since` since when they
    have been below the edge of a tier that they keep for now. `r`, `f` and `m` are the RFM scores, 1 to 5, 5 the best,
    and `segment` their usual name.
    """

    contact = models.OneToOneField(Contact, models.CASCADE, null=True, blank=True, related_name="standing")
    company = models.OneToOneField(Company, models.CASCADE, null=True, blank=True, related_name="standing")
    tier = models.CharField(max_length=6, choices=Tier.choices, default=Tier.NONE)
    previous = models.CharField(max_length=6, choices=Tier.choices, default=Tier.NONE)
    tier_since = models.DateField()
    below_since = models.DateField(null=True, blank=True)
    value = models.BigIntegerField(default=0)
    top_value = models.BigIntegerField(null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    r = models.PositiveSmallIntegerField(default=1)
    f = models.PositiveSmallIntegerField(default=1)
    m = models.PositiveSmallIntegerField(default=1)
    segment = models.CharField(max_length=10, choices=RfmSegment.choices, default=RfmSegment.OTHER)

    objects: ClassVar[Any] = AboutHolder.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["tier", "-top_value", "-id"], condition=Q(top_value__isnull=False), name="standing_in_tier"
            ),
            models.Index(fields=["segment"], name="standing_segment"),
            models.Index(fields=["r", "f"], name="standing_scores"),
        ]
        constraints: ClassVar = [
            one_holder("standing_one_holder"),
            models.CheckConstraint(
                condition=Q(r__range=(1, 5), f__range=(1, 5), m__range=(1, 5)), name="standing_scores_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(tier="none", top_value=None) | (~Q(tier="none") & Q(top_value=F("value"))),
                name="standing_top_has_its_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()}, rank {self.rank}"

    def save(self, **kwargs: Any) -> None:
        """Save with the repeated value."""
        self.top_value = None if self.tier == Tier.NONE else self.value
        super().save(**kwargs)

    @property
    def holder(self) -> Contact | Company:
        """Whose standing it is."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder

    @property
    def is_top(self) -> bool:
        """Whether they are gold or silver."""
        return self.tier != Tier.NONE


class TierSettings(models.Model):
    """What tiers are measured by: one row.

    `months` calendar months, this one included (0 for all time). `gold` and `silver` are shares in percent of those
    who bought in the window: with 10 and 10 gold is the top tenth and silver the next one.
    """

    class Measure(models.TextChoices):
        """What counts."""

        REVENUE = "revenue", _("Revenue")
        MARGIN = "margin", _("Margin, where the cost is known")
        VISITS = "visits", _("Days on which they bought")

    WINDOWS: ClassVar = (
        (3, _("3 months")),
        (6, _("6 months")),
        (12, _("12 months")),
        (24, _("24 months")),
        (36, _("36 months")),
        (LIFETIME, _("All time")),
    )

    measure = models.CharField(max_length=7, choices=Measure.choices, default=Measure.REVENUE)
    months = models.PositiveSmallIntegerField(choices=WINDOWS, default=12)
    gold = models.PositiveSmallIntegerField(default=10)
    silver = models.PositiveSmallIntegerField(default=10)

    class Meta:
        verbose_name_plural = "tier settings"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="one_tier_settings"),
            models.CheckConstraint(condition=Q(gold__range=(1, 50), silver__range=(0, 50)), name="tier_shares_fit"),
        ]

    def __str__(self) -> str:
        return f"{self.gold} % and {self.silver} % by {self.measure}"

    @classmethod
    def current(cls) -> "TierSettings":
        """Return the settings, or those of a business that changed nothing."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class TierChange(models.Model):
    """Somebody came into another tier, with what it rested on: `value` and `rank` of `of` on that day.

    Not written for the first count of all, nor when the settings were changed: then nobody has moved by themselves.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    before = models.CharField(max_length=6, choices=Tier.choices)
    after = models.CharField(max_length=6, choices=Tier.choices)
    changed_on = models.DateField()
    value = models.BigIntegerField()
    rank = models.PositiveIntegerField(null=True, blank=True)
    of = models.PositiveIntegerField()

    objects: ClassVar[Any] = AboutHolder.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-changed_on", "-id"], name="tier_change_newest"),
            models.Index(
                fields=["contact", "-changed_on"], condition=Q(contact__isnull=False), name="tier_change_contact"
            ),
            models.Index(
                fields=["company", "-changed_on"], condition=Q(company__isnull=False), name="tier_change_company"
            ),
        ]
        constraints: ClassVar = [
            one_holder("tier_change_one_holder"),
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="tier_change_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after} on {self.changed_on}"

    @property
    def holder(self) -> Contact | Company:
        """Who came into another tier."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder


class TierRun(models.Model):
    """One count of all people ("contact") or all companies ("company"), and what it found; the newest one counts.

    `of` bought in the window; `edges` is the least value of each tier; `figures` what the page shows without counting:
    {"curve": [[share of customers, share of value], …], "top": {"10": .41, "20": .58}, "total": minor units or visits,
    "tiers": {tier: [people, value]}, "segments": {segment: [people, value]}, "grid": [[r, f, people, value], …]}.
    """

    kind = models.CharField(max_length=7)
    measure = models.CharField(max_length=7, choices=TierSettings.Measure.choices)
    months = models.PositiveSmallIntegerField()
    counted_at = models.DateTimeField(default=timezone.now)
    of = models.PositiveIntegerField(default=0)
    edges = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    seconds = models.FloatField(default=0)
    changed = models.PositiveIntegerField(default=0, help_text="How many came into another tier.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "-counted_at"], name="tier_run_newest")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.of} on {self.counted_at:%Y-%m-%d}"

    @classmethod
    def latest(cls, kind: str = "contact") -> "TierRun | None":
        """Return the newest count of people or companies; None before the first."""
        return cls.objects.filter(kind=kind).order_by("-counted_at").first()


def since_of(months: int, today: date) -> date | None:
    """The first day of a window of so many calendar months with this one; None for all time."""
    if not months:
        return None
    years, month = divmod(today.year * 12 + today.month - months, 12)
    return date(years, month + 1, 1)


__all__ = [
    "LIFETIME", "AboutHolder", "RfmSegment", "Standing", "Tier", "TierChange", "TierRun", "TierSettings",
    "since_of",
]  # fmt: skip
