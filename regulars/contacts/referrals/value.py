"""What a branch of the referral tree brought in: the registry of values. People are always counted.

A context that knows of money registers what it can say (deals, orders):

    register_value(BranchValue("orders", _("Orders"), amounts=order_totals, words=money_words))

`amounts(contact_ids, company_ids, user)` returns what each of them brought in by themselves, as a decimal by *node*
(`node_of_contact(pk)`, `node_of_company(pk)`), leaving out those with nothing; the tree adds them up by branch. It is
asked once for a whole tree, so it should be one query.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise

from regulars.access.models import User

Amounts = Callable[[Sequence[int], Sequence[int], User], Mapping[int, Decimal]]


@dataclass(frozen=True)
class BranchValue:
    """One thing that branches bring in. `words` says a sum as people read it; lower `order` stands first."""

    key: str
    label: str | Promise
    amounts: Amounts
    words: Callable[[Decimal], str]
    order: int = 50


_values: dict[str, BranchValue] = {}


def register_value(value: BranchValue) -> None:
    """Make `value` known; called in `apps.ready()`. One with the same key replaces the first."""
    _values[value.key] = value


def all_values() -> list[BranchValue]:
    """Return what branches bring in, in order."""
    return sorted(_values.values(), key=lambda value: value.order)


def node_of_contact(pk: int) -> int:
    """Return the number of a contact in trees."""
    return pk * 2


def node_of_company(pk: int) -> int:
    """Return the number of a company in trees."""
    return pk * 2 + 1
