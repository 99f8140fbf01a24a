"""Reading contacts and companies: always through `visible_to`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from regulars.access.door import visibility_filter
from regulars.access.models import User
from regulars.lib.planner import Unindexed

M = TypeVar("M", bound=models.Model)


class Shown(Protocol):
    """What a column of a list reads; see `contacts.lists.columns`."""

    only: Sequence[str]
    joins: Sequence[str]
    prefetches: Sequence[str]


def may_know_holder(user: User) -> Q:
    """The condition under which `user` may know of a row about one `contact` or one `company`."""
    contact = Q(contact__isnull=False, contact__binned_at=None, contact__erased_at=None)
    company = Q(company__isnull=False, company__binned_at=None)
    return (contact & visibility_filter(user, "contact__")) | (company & visibility_filter(user, "company__"))


def may_know_person_else_company(user: User, **of_company: Any) -> Q:
    """The condition under which `user` may know of a row that names a `contact`, or else a `company`, or both.

    Where both are named the person decides. `of_company` are further conditions where there is only a company.
    """
    person = Q(contact__isnull=False, contact__binned_at=None, contact__erased_at=None)
    company = Q(contact=None, company__binned_at=None, **of_company)
    return visibility_filter(user, "contact__") & person | visibility_filter(user, "company__") & company


class HolderQuerySet(models.QuerySet[M]):
    """What contacts and companies have in common: owner, team, visibility, bin."""

    def visible_to(self, user: User) -> Self:
        """Those that `user` may know of, without the bin and without tombstones."""
        return self.filter(visibility_filter(user), binned_at=None)

    def in_bin(self, user: User) -> Self:
        """Those in the bin that `user` may know of; those that were merged into another are not in the bin.

        Read along the index of the bin, as are the next two. SQLite takes it only where a query repeats the index's own
        condition; and nearly everybody is "merged into nobody", which it would look up first.
        """
        return self._not_merged().filter(visibility_filter(user)).exclude(binned_at=None)

    def binned_before(self, moment: datetime) -> Self:
        """Those put into the bin before `moment`, whoever did, without those that were merged into another."""
        return self._not_merged().filter(binned_at__lt=moment).exclude(binned_at=None)

    def merged_before(self, moment: datetime) -> Self:
        """Those that were merged into another before `moment`."""
        return self.filter(binned_at__lt=moment).exclude(binned_at=None).exclude(merged_into=None)

    def _not_merged(self) -> Self:
        return self.alias(_merged=Unindexed(F("merged_into"))).filter(_merged=None)

    def for_list(self, columns: Iterable[Shown]) -> Self:
        """Load exactly what `columns` show: one query, and one for each thing that a row can have several of."""
        columns = list(columns)
        own = {field.name for field in self.model._meta.concrete_fields}
        joins = list(dict.fromkeys(join for column in columns for join in column.joins))
        only = {"pk", "display_name", *(name for column in columns for name in column.only)}
        only |= {join for join in joins if join in own}
        listed = self.only(*only).select_related(*joins) if joins else self.only(*only)
        return listed.prefetch_related(*dict.fromkeys(name for column in columns for name in column.prefetches))


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
