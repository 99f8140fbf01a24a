"""What a business sorts its people by: stages, sources, tags, custom fields, saved views."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User


class Stage(models.Model):
    """A lifecycle stage: lead, prospect, customer, regular, lapsed; renameable."""

    key = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    is_customer = models.BooleanField(default=False, help_text="Whether people in it have bought.")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """How people found us: referral, walk-in, search, campaign…"""

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="source_name_once")]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word that contacts and companies can carry."""

    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


class ContactTag(models.Model):
    """A contact carries a tag."""

    contact = models.ForeignKey("contacts.Contact", models.CASCADE, related_name="contact_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "contact"], name="contact_tag_once")]

    def __str__(self) -> str:
        return str(self.tag)


class CompanyTag(models.Model):
    """A company carries a tag."""

    company = models.ForeignKey("contacts.Company", models.CASCADE, related_name="company_tags")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "company"], name="company_tag_once")]

    def __str__(self) -> str:
        return str(self.tag)


class CustomField(models.Model):
    """A field that the business added. Values live in the `custom` JSON of contacts or companies under `key`.

    Stored values: text, longtext, link, choice: string; number: number; money: {"amount": "12.50", "currency": "EUR"};
    date: "YYYY-MM-DD"; choices: list of strings; yesno: true or false; contact: id.
    """

    class Host(models.TextChoices):
        """What carries the field."""

        CONTACT = "contact", _("Contacts")
        COMPANY = "company", _("Companies")

    class Kind(models.TextChoices):
        """What a value looks like."""

        TEXT = "text", _("Text")
        LONG_TEXT = "longtext", _("Long text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choice")
        CHOICES = "choices", _("Several choices")
        YES_NO = "yesno", _("Yes or no")
        LINK = "link", _("Link")
        CONTACT = "contact", _("Contact")

    host = models.CharField(max_length=10, choices=Host.choices, default=Host.CONTACT)
    key = models.SlugField(max_length=50)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    options = models.JSONField(default=list, blank=True, help_text="The choices, in their order.")
    position = models.PositiveSmallIntegerField(default=0)
    is_indexed = models.BooleanField(default=False, help_text="Whether the database has an index for filtering on it.")
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["host", "key"], name="custom_field_key_once")]

    def __str__(self) -> str:
        return self.label


class SavedView(models.Model):
    """A list with its filters, columns and order, kept under a name; own or shared with everyone."""

    host = models.CharField(max_length=10, choices=CustomField.Host.choices, default=CustomField.Host.CONTACT)
    name = models.CharField(max_length=80)
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    is_shared = models.BooleanField(default=False)
    query = models.JSONField(default=dict, help_text="Filters, columns and order, as in the list's address.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "host", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
