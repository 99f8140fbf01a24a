"""Who is who in the systems that orders come from."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from regulars.contacts.models import Company, Contact
from regulars.contacts.models.points import one_holder

LOYALTY = "loyalty"  # the source of loyalty numbers, wherever they were shown


class BuyerKey(models.Model):
    """A customer as a source knows them: web shop `source` calls them `key`. So the next order finds them at once."""

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="buyer_keys")
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="buyer_keys")

    class Meta:
        constraints: ClassVar = [
            one_holder("buyer_key_one_holder"),
            models.UniqueConstraint(fields=["source", "key"], name="buyer_key_once"),
            models.CheckConstraint(condition=~Q(key=""), name="buyer_key_said"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
