"""Whom an entry concerns."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from regulars.access.models import User
from regulars.contacts.models.company import Company
from regulars.contacts.models.contact import Contact
from regulars.contacts.models.points import one_holder
from regulars.contacts.models.querysets import may_know_holder
from regulars.timeline.models import Entry


class InvolvementQuerySet(models.QuerySet["Involvement"]):
    """Reading timelines."""

    def visible_to(self, user: User) -> "InvolvementQuerySet":
        """Those whose contact or company `user` may know of."""
        return self.filter(may_know_holder(user))

    def of(self, holder: Contact | Company) -> "InvolvementQuerySet":
        """The timeline of one contact or company, removed entries included."""
        return self.filter(contact=holder) if isinstance(holder, Contact) else self.filter(company=holder)

    def newest_first(self) -> "InvolvementQuerySet":
        """In the order of a timeline, which an index serves."""
        return self.order_by("-occurred_at", "-entry_id")


class Involvement(models.Model):
    """Puts an entry on the timeline of one contact or company.

    `occurred_at`, `kind` and `is_pinned` repeat the entry's, so that a page of a timeline and the rhythm of
    contact are index range scans. `is_implied`: the company is there because one of its people is.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="involvements", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="involvements", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="involvements", db_index=False)
    occurred_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    is_implied = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[Any] = InvolvementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["contact", "-occurred_at", "-entry"],
                condition=Q(contact__isnull=False),
                name="involvement_of_contact",
            ),
            models.Index(
                fields=["company", "-occurred_at", "-entry"],
                condition=Q(company__isnull=False),
                name="involvement_of_company",
            ),
            models.Index(
                fields=["contact", "-occurred_at"],
                condition=Q(is_pinned=True, contact__isnull=False),
                name="involvement_pin_of_contact",
            ),
            models.Index(
                fields=["company", "-occurred_at"],
                condition=Q(is_pinned=True, company__isnull=False),
                name="involvement_pin_of_company",
            ),
        ]
        constraints = [
            one_holder("involvement_one_holder"),
            models.UniqueConstraint(fields=["entry", "contact", "company"], name="involvement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.contact_id or self.company_id}"

    @property
    def holder(self) -> Contact | Company:
        """The contact or company it stands on."""
        holder = self.contact or self.company
        assert holder is not None  # noqa: S101  (the constraint says so)
        return holder
