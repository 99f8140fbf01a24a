"""Whom an entry concerns."""

from django.db import models
from django.db.models import Q

from regulars.contacts.models.company import Company
from regulars.contacts.models.contact import Contact
from regulars.contacts.models.points import one_holder
from regulars.timeline.models import Entry


class Involvement(models.Model):
    """Puts an entry on the timeline of one contact or company.

    `occurred_at` and `kind` repeat the entry's, so that a page of a timeline and the rhythm of contact are index
    range scans. `is_implied`: the company is there because one of its people is.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="involvements", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="involvements", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="involvements", db_index=False)
    occurred_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    is_implied = models.BooleanField(default=False)

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
        ]
        constraints = [
            one_holder("involvement_one_holder"),
            models.UniqueConstraint(fields=["entry", "contact", "company"], name="involvement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.contact_id or self.company_id}"
