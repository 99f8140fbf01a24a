"""Who brought whom: one introducer for each person and company, over any number of generations."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models.company import Company
from regulars.contacts.models.contact import Contact
from regulars.contacts.models.points import one_holder
from regulars.contacts.models.querysets import may_know_holder

Introducer = Contact | Company | User | str  # a person, a company, a colleague, or a partner by name


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Reading referrals."""

    def visible_to(self, user: User) -> Self:
        """Those whose newcomer `user` may know of; whether the introducer may be named is another question."""
        return self.filter(may_know_holder(user))

    def of(self, newcomer: Contact | Company) -> Self:
        """The one about `newcomer`, or none."""
        return self.filter(contact=newcomer) if isinstance(newcomer, Contact) else self.filter(company=newcomer)

    def by(self, introducer: Introducer) -> Self:
        """Those that `introducer` brought."""
        return self.filter(**introducer_link(introducer))

    def with_people(self) -> Self:
        """Load newcomers and introducers."""
        return self.select_related("contact", "company", "by_contact", "by_company", "by_user")


class Referral(models.Model):
    """`contact` or `company` was brought by one other: `by_contact`, `by_company`, `by_user` or `by_partner`.

    `node` and `by_node` are newcomer and introducer as one number each (twice a contact's id, twice a company's plus
    one), kept by the database itself: a tree is walked over them by one index, whatever merges and moves do.
    """

    class How(models.TextChoices):
        """How it came about."""

        TOLD = "told", _("Told them about us")
        INTRODUCED = "introduced", _("Introduced us")
        TOOK_ALONG = "took_along", _("Took them along")
        LINK = "link", _("Personal link")
        OTHER = "other", _("Another way")

    contact = models.OneToOneField(Contact, models.CASCADE, null=True, blank=True, related_name="referral")
    company = models.OneToOneField(Company, models.CASCADE, null=True, blank=True, related_name="referral")
    by_contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="brought")
    by_company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="brought")
    by_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="brought")
    by_partner = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=10, choices=How.choices, default=How.TOLD)
    note = models.CharField(max_length=300, blank=True)
    brought_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    noted_at = models.DateTimeField(default=timezone.now)
    node = models.GeneratedField(
        expression=Coalesce(F("contact") * 2, F("company") * 2 + 1),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    by_node = models.GeneratedField(
        expression=Coalesce(F("by_contact") * 2, F("by_company") * 2 + 1),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )

    objects: ClassVar[Any] = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["by_node", "node"], name="referral_down"),
            models.Index(fields=["node", "by_node"], name="referral_up"),
            models.Index(fields=["by_partner"], condition=~Q(by_partner=""), name="referral_of_partner"),
            models.Index(fields=["-brought_at", "-id"], name="referral_newest"),
        ]
        constraints = [
            one_holder("referral_one_newcomer"),
            models.CheckConstraint(
                condition=Q(by_contact__isnull=False, by_company=None, by_user=None, by_partner="")
                | Q(by_contact=None, by_company__isnull=False, by_user=None, by_partner="")
                | Q(by_contact=None, by_company=None, by_user__isnull=False, by_partner="")
                | (Q(by_contact=None, by_company=None, by_user=None) & ~Q(by_partner="")),
                name="referral_one_introducer",
            ),
            models.CheckConstraint(condition=~Q(contact=F("by_contact")), name="referral_not_by_oneself"),
            models.CheckConstraint(condition=~Q(company=F("by_company")), name="referral_company_not_by_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.introducer} brought {self.newcomer}"

    @property
    def newcomer(self) -> Contact | Company:
        """Who was brought."""
        newcomer = self.contact or self.company
        assert newcomer is not None  # noqa: S101  (the constraint says so)
        return newcomer

    @property
    def introducer(self) -> Introducer:
        """Who brought them; show it only to those who may know of them."""
        return self.by_contact or self.by_company or self.by_user or self.by_partner


def introducer_link(introducer: Introducer) -> dict[str, Any]:
    """Return the column of Referral that names `introducer`: {"by_contact": maya}."""
    if isinstance(introducer, Contact):
        return {"by_contact": introducer}
    if isinstance(introducer, Company):
        return {"by_company": introducer}
    return {"by_user": introducer} if isinstance(introducer, User) else {"by_partner": introducer}


class IntroducerTotal(models.Model):
    """How many people and companies one introducer brought directly: kept, because counting costs.

    It only chooses who is shown among the top introducers; what is shown is counted for the person who looks.
    """

    contact = models.OneToOneField(Contact, models.CASCADE, null=True, related_name="+")
    company = models.OneToOneField(Company, models.CASCADE, null=True, related_name="+")
    user = models.OneToOneField(User, models.CASCADE, null=True, related_name="+")
    partner = models.CharField(max_length=120, blank=True)
    people = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-people", "-id"], name="introducer_most")]
        constraints = [
            models.UniqueConstraint(fields=["partner"], condition=~Q(partner=""), name="introducer_partner_once")
        ]

    def __str__(self) -> str:
        return f"{self.contact or self.company or self.user or self.partner}: {self.people}"


class ReferralCode(models.Model):
    """The code in the personal link of a contact; after a merge somebody may have several, and all of them lead on."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="referral_codes")
    code = models.CharField(max_length=12, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.code


class ReferralSettings(models.Model):
    """What visitors who come through a personal link may read: one row."""

    shows_first_name = models.BooleanField(_("Show the first name of whoever recommended you"), default=False)
    welcome = models.CharField(_("Your words of welcome"), max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "referral settings"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_referral_settings")]

    def __str__(self) -> str:
        return self.welcome

    @classmethod
    def current(cls) -> "ReferralSettings":
        """Return the settings, or those of a business that changed nothing."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
