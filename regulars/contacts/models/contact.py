"""A person we have a relationship with."""

from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Team, User, Visibility
from regulars.contacts.models.labels import Source, Stage, Tag
from regulars.contacts.models.querysets import ContactQuerySet

# Stands for "not yet" in columns that lists are ordered by: an index then serves both ends on every database.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _address() -> str:
    """What stands before the id in addresses; pages draw dozens of them, and a look-up for each would show."""
    return reverse("contact", args=[0]).removesuffix("0/")


class Contact(models.Model):
    """A person. What every list and search needs stands here; the rest in Profile and in tables of its own.

    `sort_name` is the folded name that lists are ordered by; `touched_at` moves whenever anything about the
    contact changes or happens; `email` and `phone` repeat the preferred contact point for lists; `version` grows by
    one with each edit, so that two people who edit at once are told.
    """

    display_name = models.CharField(max_length=300)
    given_name = models.CharField(max_length=150, blank=True)
    family_name = models.CharField(max_length=150, blank=True)
    sort_name = models.CharField(max_length=300, editable=False)
    company = models.ForeignKey(
        "contacts.Company", models.SET_NULL, null=True, blank=True, related_name="main_people", db_index=False
    )
    job_title = models.CharField(max_length=150, blank=True)
    email = models.CharField(max_length=254, blank=True, editable=False)
    phone = models.CharField(max_length=40, blank=True, editable=False)
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="contacts", db_index=False)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="contacts", db_index=False)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="contacts")
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.EVERYONE)
    custom = models.JSONField(default=dict, blank=True)
    last_contact_at = models.DateTimeField(default=NEVER, editable=False)
    touched_at = models.DateTimeField(editable=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, editable=False)
    binned_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="merged"
    )

    tags = models.ManyToManyField(Tag, through="contacts.ContactTag", related_name="contacts")

    objects: ClassVar[Any] = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sort_name", "id"], name="contact_by_name"),
            models.Index(fields=["-last_contact_at", "-id"], name="contact_by_last_contact"),
            models.Index(fields=["-created_at", "-id"], name="contact_by_created"),
            models.Index(fields=["-touched_at", "-id"], name="contact_by_touched"),
            models.Index(fields=["owner", "stage", "-last_contact_at", "-id"], name="contact_owner_stage_last"),
            models.Index(fields=["owner", "-last_contact_at", "-id"], name="contact_owner_last"),
            models.Index(fields=["stage", "-last_contact_at", "-id"], name="contact_stage_last"),
            models.Index(fields=["company", "sort_name"], name="contact_by_company"),
            models.Index(fields=["binned_at"], condition=~models.Q(binned_at=None), name="contact_binned"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        """The contact's page."""
        return f"{_address()}{self.pk}/"

    def revise(self, changes: dict[str, Any], *, expected_version: int, by: User) -> dict[str, list[Any]]:
        """Write `changes` and return `{key: [before, after]}` of what differed; see `actions.revise`.

        Raises EditedMeanwhile when somebody else saved since `expected_version`.
        """
        from regulars.contacts.actions import revise

        return revise(self, changes, expected_version=expected_version, by=by)

    @property
    def photo_url(self) -> str:
        """Where the photo is, or ""; never asks the database, so lists show initials unless they load the profile."""
        profile = self._state.fields_cache.get("profile")
        return (
            reverse("contact-photo", args=[self.pk]) + f"?v={profile.photo.name[-12:-5]}"
            if profile and profile.photo
            else ""
        )

    @property
    def profile_or_blank(self) -> "Profile":
        """The profile, or an unsaved empty one: most imported contacts have none."""
        try:
            return self.profile
        except Profile.DoesNotExist:
            return Profile(contact=self)

    @property
    def last_contact(self) -> datetime | None:
        """When we were last in touch, or None."""
        return None if self.last_contact_at == NEVER else self.last_contact_at


class Profile(models.Model):
    """How to address and reach a contact, and where they came from. Who brought them is a Referral."""

    class PreferredChannel(models.TextChoices):
        """How they like to be reached."""

        ANY = "", _("No preference")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("Email")
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", "WhatsApp"
        TELEGRAM = "telegram", "Telegram"
        IN_PERSON = "in_person", _("In person")
        POST = "post", _("Post")

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="profile")
    additional_name = models.CharField(max_length=150, blank=True, help_text="Middle names.")
    nickname = models.CharField(max_length=80, blank=True)
    pronunciation = models.CharField(max_length=150, blank=True)
    salutation = models.CharField(max_length=80, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    photo = models.ImageField(upload_to="photos/%Y/%m/", blank=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    preferred_channel = models.CharField(max_length=10, choices=PreferredChannel.choices, blank=True)
    preferred_time = models.CharField(max_length=80, blank=True, help_text="In words: mornings, after 18:00…")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="profiles")
    source_detail = models.CharField(max_length=200, blank=True, help_text="Who or what exactly.")
    external_id = models.CharField(
        max_length=120, blank=True, db_index=True, help_text="Id in the system it came from."
    )

    def __str__(self) -> str:
        return f"Profile of {self.contact_id}"
