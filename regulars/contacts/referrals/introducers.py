"""Who brought most, and lists of referrals: what a colleague may know of, in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.db.models import Count

from regulars.access.models import User
from regulars.contacts.actions.bringing import node_of
from regulars.contacts.models import Company, Contact, IntroducerTotal, Referral
from regulars.contacts.models.referrals import Introducer
from regulars.contacts.referrals.value import all_values

TOP, CANDIDATES = 20, 80


@dataclass
class Top:
    """An introducer with how many they brought directly that the reader may know of, and what those brought in."""

    introducer: Introducer
    people: int
    values: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What names their tree in addresses."""
        return key_of(self.introducer)


def key_of(introducer: Introducer) -> str:
    """Return what names a tree in addresses: "contact-5", "company-7", "user-3", "partner-Bairro tours"."""
    if isinstance(introducer, str):
        return f"partner-{quote(introducer, safe=' ')}"
    kind = {Contact: "contact", Company: "company"}.get(type(introducer), "user")
    return f"{kind}-{introducer.pk}"


def top_introducers(user: User) -> list[Top]:
    """Return those who brought most. Whom the reader may not know of is left out and not counted."""
    totals = IntroducerTotal.objects.select_related("contact", "company", "user").order_by("-people", "-pk")
    found: list[Introducer] = [
        total.contact or total.company or total.user or total.partner for total in totals[:CANDIDATES]
    ]
    found = visible(found, user)
    counts = _counts(found, user)
    tops = [Top(introducer, counts[introducer]) for introducer in found if counts[introducer]]
    tops = sorted(tops, key=lambda top: (-top.people, str(top.introducer)))[:TOP]
    _weigh(tops, user)
    return tops


def visible(introducers: Iterable[Introducer], user: User) -> list[Introducer]:
    """Leave out the people and companies that `user` may not know of. Two queries at most."""
    found = list(introducers)
    known: set[tuple[type, int]] = set()
    for model in (Contact, Company):
        ids = [one.pk for one in found if isinstance(one, model)]
        if ids:
            rows = model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
            known |= {(model, pk) for pk in rows}
    return [one for one in found if not isinstance(one, Contact | Company) or (type(one), one.pk) in known]


def _counts(introducers: Sequence[Introducer], user: User) -> Counter[Introducer]:
    rows = Referral.objects.visible_to(user).order_by()
    counts: Counter[Introducer] = Counter()
    nodes = {node_of(one): one for one in introducers if isinstance(one, Contact | Company)}
    users = {one.pk: one for one in introducers if isinstance(one, User)}
    partners = {one: one for one in introducers if isinstance(one, str)}
    for column, named in (("by_node", nodes), ("by_user_id", users), ("by_partner", partners)):
        found = rows.filter(**{f"{column}__in": list(named)}).values_list(column).annotate(people=Count("pk"))
        for key, people in found if named else ():
            counts[named[key]] = people
    return counts


def _weigh(tops: Sequence[Top], user: User) -> None:
    """Say what those whom they brought directly have brought in, where a context can tell."""
    nodes = {node_of(top.introducer): top for top in tops if isinstance(top.introducer, Contact | Company)}
    if not all_values() or not nodes:
        return
    pairs = Referral.objects.visible_to(user).filter(by_node__in=list(nodes)).values_list("node", "by_node")
    by = dict(pairs)
    contacts, companies = [n // 2 for n in by if not n % 2], [n // 2 for n in by if n % 2]
    for value in all_values():
        sums: dict[int, Decimal] = {}
        for node, amount in value.amounts(contacts, companies, user).items():
            sums[by[node]] = sums.get(by[node], Decimal(0)) + amount
        for node, amount in sums.items():
            nodes[node].values.append((str(value.label), value.words(amount)))


@dataclass
class Shown:
    """A referral as a list shows it; `introducer` is None when the reader may not know of them."""

    referral: Referral
    introducer: Introducer | None

    @property
    def key(self) -> str:
        """What names the introducer's tree in addresses."""
        return key_of(self.introducer) if self.introducer else ""


def shown(ids: Sequence[int], user: User) -> list[Shown]:
    """Return the referrals with these ids in their order, with the names that `user` may know."""
    found: dict[int, Any] = Referral.objects.with_people().in_bulk(ids)
    rows = [found[pk] for pk in ids if pk in found]
    known = {key_of(one) for one in visible([row.introducer for row in rows], user)}
    return [Shown(row, row.introducer if key_of(row.introducer) in known else None) for row in rows]
