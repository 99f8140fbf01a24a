"""Reading contacts and companies: always through `visible_to`."""

from typing import Any, Self, TypeVar

from django.db import models

from regulars.access.door import visibility_filter
from regulars.access.models import User

M = TypeVar("M", bound=models.Model)


class HolderQuerySet(models.QuerySet[M]):
    """What contacts and companies have in common: owner, team, visibility, bin."""

    def visible_to(self, user: User) -> Self:
        """Those that `user` may know of, without the bin and without tombstones."""
        return self.filter(visibility_filter(user), binned_at=None)

    def in_bin(self, user: User) -> Self:
        """Those in the bin that `user` may know of; those that were merged into another are not in the bin."""
        return self.filter(visibility_filter(user), merged_into=None).exclude(binned_at=None)


class ContactQuerySet(HolderQuerySet[Any]):
    """Reading contacts."""

    def visible_to(self, user: User) -> Self:
        """Contacts that `user` may know of, without the bin and without tombstones."""
        return super().visible_to(user).filter(erased_at=None)

    def in_bin(self, user: User) -> Self:
        """Contacts in the bin that `user` may know of."""
        return super().in_bin(user).filter(erased_at=None)


class CompanyQuerySet(HolderQuerySet[Any]):
    """Reading companies."""
