"""An organisation that contacts belong to."""

from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from regulars.access.models import Team, User, Visibility
from regulars.contacts.models.contact import NEVER, Contact
from regulars.contacts.models.labels import Stage, Tag
from regulars.contacts.models.querysets import CompanyQuerySet


@cache
def _address() -> str:
    """What stands before the id in addresses; pages draw dozens of them, and a look-up for each would show."""
    return reverse("company", args=[0]).removesuffix("0/")


class Company(models.Model):
    """An organisation; can be a customer itself. The columns mean the same as on Contact."""

    display_name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300, editable=False)
    domain = models.CharField(max_length=253, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    size = models.CharField(max_length=40, blank=True, help_text="People who work there, a number or a range.")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="companies")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="companies", db_index=False)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="companies")
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.EVERYONE)
    custom = models.JSONField(default=dict, blank=True)
    last_contact_at = models.DateTimeField(default=NEVER, editable=False)
    touched_at = models.DateTimeField(editable=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, editable=False)
    binned_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="merged"
    )

    tags = models.ManyToManyField(Tag, through="contacts.CompanyTag", related_name="companies")

    objects: ClassVar[Any] = CompanyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sort_name", "id"], name="company_by_name"),
            models.Index(fields=["-last_contact_at", "-id"], name="company_by_last_contact"),
            models.Index(fields=["-created_at", "-id"], name="company_by_created"),
            models.Index(fields=["-touched_at", "-id"], name="company_by_touched"),
            models.Index(fields=["owner", "-last_contact_at", "-id"], name="company_owner_last"),
            models.Index(fields=["domain"], name="company_domain"),
            models.Index(fields=["binned_at"], condition=~models.Q(binned_at=None), name="company_binned"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        """The company's page."""
        return f"{_address()}{self.pk}/"

    def revise(self, changes: dict[str, Any], *, expected_version: int, by: User) -> dict[str, list[Any]]:
        """Write `changes` and return `{key: [before, after]}` of what differed; see `actions.revise`.

        Raises EditedMeanwhile when somebody else saved since `expected_version`.
        """
        from regulars.contacts.actions import revise

        return revise(self, changes, expected_version=expected_version, by=by)


class Employment(models.Model):
    """A contact belongs to a company, with role and dates. `Contact.company` repeats the main current one."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="employments")
    company = models.ForeignKey(Company, models.CASCADE, related_name="employments")
    role = models.CharField(max_length=150, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_main", "-since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact"], condition=models.Q(is_main=True), name="employment_one_main"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True)
                | models.Q(since__isnull=True)
                | models.Q(until__gte=models.F("since")),
                name="employment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.company}" if self.role else str(self.company)
