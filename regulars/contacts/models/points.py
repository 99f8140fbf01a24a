"""Ways to reach somebody, and whether we may."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models.company import Company
from regulars.contacts.models.contact import Contact


def one_holder(name: str) -> models.CheckConstraint:
    """A constraint: the row belongs to a contact or to a company, not to both and not to none."""
    return models.CheckConstraint(
        condition=Q(contact__isnull=False, company__isnull=True) | Q(contact__isnull=True, company__isnull=False),
        name=name,
    )


class ContactPoint(models.Model):
    """A phone, email, link or handle. `value` is as typed; `key` is what is compared and searched:
    a phone's E.164 without the plus (or its bare digits), a case-folded email, a folded link or handle."""

    class Kind(models.TextChoices):
        """What the value is."""

        PHONE = "phone", _("Phone")
        EMAIL = "email", _("Email")
        LINK = "link", _("Link")
        HANDLE = "handle", _("Handle")

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="points")
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="points")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    label = models.CharField(max_length=40, blank=True, help_text="mobile, work, WhatsApp…")
    value = models.CharField(max_length=300)
    key = models.CharField(max_length=300)
    is_preferred = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-is_preferred", "position", "pk"]
        indexes = [
            models.Index(fields=["kind", "key"], name="point_key", opclasses=["varchar_ops", "varchar_pattern_ops"])
        ]
        constraints = [
            one_holder("point_one_holder"),
            models.UniqueConstraint(
                fields=["contact", "kind"], condition=Q(is_preferred=True), name="point_one_preferred_of_contact"
            ),
            models.UniqueConstraint(
                fields=["company", "kind"], condition=Q(is_preferred=True), name="point_one_preferred_of_company"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Address(models.Model):
    """A postal address."""

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="addresses")
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="addresses")
    label = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=300, blank=True, help_text="All that stands before the city.")
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=80, blank=True)
    is_preferred = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_preferred", "pk"]
        verbose_name_plural = "addresses"
        indexes = [models.Index(fields=["city"], name="address_city", opclasses=["varchar_pattern_ops"])]
        constraints = [one_holder("address_one_holder")]

    def __str__(self) -> str:
        parts = (self.street, f"{self.postcode} {self.city}".strip(), self.region, self.country)
        return ", ".join(" ".join(part.split()) for part in parts if part.strip())


class Consent(models.Model):
    """Whether we may use a channel, on which legal basis, since when. The newest row for a channel counts."""

    class Channel(models.TextChoices):
        """The channel that the consent is for."""

        EMAIL = "email", _("Email")
        PHONE = "phone", _("Phone")
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", "WhatsApp"
        POST = "post", _("Post")

    class Basis(models.TextChoices):
        """The legal basis (GDPR article 6)."""

        CONSENT = "consent", _("Consent")
        CONTRACT = "contract", _("Contract")
        INTEREST = "interest", _("Legitimate interest")
        LEGAL = "legal", _("Legal obligation")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    is_given = models.BooleanField(help_text="False: they refused or withdrew.")
    basis = models.CharField(max_length=10, choices=Basis.choices, blank=True)
    given_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["channel", "-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {'yes' if self.is_given else 'no'}"
