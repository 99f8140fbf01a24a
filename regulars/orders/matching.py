"""Whose order it is: the buyer as a web shop, a till or a file knows them, found among our people and companies.

What a source calls somebody is remembered once known (`BuyerKey`), and counts most: it may have been a colleague who
said so. Then email, phone, the id in the system the person was imported from, and last a name that only one bears.
Where several fit, the one of that name; where that leaves several, nobody: an order of nobody can be claimed, one on
the wrong page is worse.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from regulars.access.models import Organisation
from regulars.contacts.actions.adding import Holder
from regulars.contacts.models import Company, Contact, ContactPoint, Profile
from regulars.contacts.points import point_key
from regulars.lib.text import fold
from regulars.orders.drafts import Buyer
from regulars.orders.models import LOYALTY, BuyerKey

Wanted = tuple[Buyer, str]  # the buyer, and the source that says so
Key = tuple[str, int]  # "contact" or "company", and its id
Names = tuple[list[tuple[str, str]], list[tuple[str, str]]]  # what the source calls them; their email and phone
LEAN = ("display_name", "sort_name", "email", "company", "erased_at", "binned_at")
SHORTEST_PHONE = 5  # digits; fewer say nothing


def find_holder(buyer: Buyer, source: str) -> Holder | None:
    """Return the person or company that `buyer` is, or None. A fixed number of queries."""
    return find_holders([(buyer, source)])[0]


def find_holders(wanted: Sequence[Wanted], *, lean: bool = False) -> list[Holder | None]:
    """Return whom each of `wanted` is, in their order. Eight queries at most, whatever their number.

    `lean`: people with no more than LEAN of their columns, for who only notes whose something is.
    """
    return _Search(wanted, lean).answers()


def buyer_keys(buyer: Buyer, source: str) -> list[tuple[str, str]]:
    """What the source calls the buyer, and their loyalty number, as `BuyerKey` keeps them."""
    keys = [(source, buyer.external_id.strip()), (LOYALTY, buyer.loyalty_number.strip())]
    return [(name, key[:120]) for name, key in keys if key]


def remember(known: Iterable[tuple[Buyer, str, Holder]], *, anew: bool = False) -> None:
    """Keep what sources call people. One query, or two with `anew`, where the newest word replaces an older one."""
    rows = {
        key: BuyerKey(
            source=key[0],
            key=key[1],
            contact=holder if isinstance(holder, Contact) else None,
            company=holder if isinstance(holder, Company) else None,
        )
        for buyer, source, holder in known
        for key in buyer_keys(buyer, source)
    }
    if anew:
        for source, key in rows:
            BuyerKey.objects.filter(source=source, key=key).delete()
    BuyerKey.objects.bulk_create(list(rows.values()), ignore_conflicts=True, batch_size=500)


class _Search:
    """One search for many buyers: every table is asked once."""

    def __init__(self, wanted: Sequence[Wanted], lean: bool = False) -> None:
        self.wanted, self.lean = wanted, lean
        organisation = Organisation.current()
        self.country = organisation.country if organisation else ""
        self.names = [(buyer_keys(buyer, source), self._point_keys(buyer)) for buyer, source in wanted]
        self.by_key = self._keys()
        self.by_point = self._points()
        self.by_id = self._ids()
        self.by_name = self._names()
        self.holders = self._holders()

    def answers(self) -> list[Holder | None]:
        """Whom each is."""
        return [self._answer(buyer, names) for (buyer, _), names in zip(self.wanted, self.names, strict=True)]

    def _answer(self, buyer: Buyer, names: Names) -> Holder | None:
        for keys in self._trail(buyer, names):
            found = [self.holders[key] for key in dict.fromkeys(keys) if key in self.holders]
            if one := _one_of(found, buyer):
                return one
        return self._by_name(buyer)

    def _trail(self, buyer: Buyer, names: Names) -> Iterable[Sequence[Key]]:
        """What to look at, the surest first."""
        known, points = names
        for key in known:
            yield self.by_key.get(key, ())
        for point in points:
            yield self.by_point.get(point, ())
        yield self.by_id.get(buyer.external_id.strip(), ())

    def _by_name(self, buyer: Buyer) -> Holder | None:
        """The only one of that name, unless we know them by another email than the buyer's."""
        for name in (_name(buyer), fold(buyer.company)):
            found = [self.holders[key] for key in self.by_name.get(name, ()) if key in self.holders]
            if len(found) == 1 and not _is_another(found[0], buyer):
                return found[0]
        return None

    def _keys(self) -> dict[tuple[str, str], list[Key]]:
        asked = {key for keys, _ in self.names for key in keys}
        rows = BuyerKey.objects.filter(source__in={s for s, _ in asked}, key__among={k for _, k in asked})
        found: dict[tuple[str, str], list[Key]] = defaultdict(list)
        for source, key, contact, company in rows.values_list("source", "key", "contact_id", "company_id"):
            found[(source, key)].append(_key(contact, company))
        return found if asked else {}

    def _point_keys(self, buyer: Buyer) -> list[tuple[str, str]]:
        kinds = ContactPoint.Kind
        keys = [
            (str(kind), point_key(kind, value, self.country))
            for kind, value in ((kinds.EMAIL, buyer.email), (kinds.PHONE, buyer.phone))
            if value.strip()
        ]
        return [(kind, key) for kind, key in keys if len(key) >= SHORTEST_PHONE]

    def _points(self) -> dict[tuple[str, str], list[Key]]:
        asked = {point for _, points in self.names for point in points}
        found: dict[tuple[str, str], list[Key]] = defaultdict(list)
        for kind in {kind for kind, _ in asked}:
            rows = ContactPoint.objects.filter(kind=kind, key__among={key for own, key in asked if own == kind})
            for key, contact, company in rows.order_by("pk").values_list("key", "contact_id", "company_id"):
                found[(kind, key)].append(_key(contact, company))
        return found

    def _ids(self) -> dict[str, list[Key]]:
        asked = {buyer.external_id.strip() for buyer, _ in self.wanted} - {""}
        found: dict[str, list[Key]] = defaultdict(list)
        if asked:
            rows = Profile.objects.filter(external_id__among=asked)
            for key, contact in rows.values_list("external_id", "contact_id"):
                found[key].append(("contact", contact))
        return found

    def _names(self) -> dict[str, list[Key]]:
        """People and companies of the names; only of buyers whom nothing else gives away."""
        pairs = zip(self.wanted, self.names, strict=True)
        unknown = [buyer for (buyer, _), names in pairs if not any(self._trail(buyer, names))]
        found: dict[str, list[Key]] = defaultdict(list)
        people, firms = {_name(buyer) for buyer in unknown} - {""}, {fold(buyer.company) for buyer in unknown} - {""}
        if people:
            rows = Contact.objects.filter(sort_name__among=people, binned_at=None, erased_at=None)
            for name, pk in rows.values_list("sort_name", "pk"):
                found[name].append(("contact", pk))
        if people or firms:
            companies = Company.objects.filter(sort_name__among=people | firms, binned_at=None)
            for name, pk in companies.values_list("sort_name", "pk"):
                found[name].append(("company", pk))
        return found

    def _holders(self) -> dict[Key, Holder]:
        tables = (self.by_key, self.by_point, self.by_id, self.by_name)
        keys = {key for table in tables for found in table.values() for key in found}
        holders: dict[Key, Holder] = {}
        for name, model, gone in (
            ("contact", Contact, {"erased_at": None}),
            ("company", Company, {}),
        ):
            ids = [pk for kind, pk in keys if kind == name]
            rows: Any = model.objects.filter(pk__among=ids, binned_at=None, **gone) if ids else []
            rows = rows.only(*LEAN) if self.lean and name == "contact" and ids else rows
            holders |= {(name, row.pk): row for row in rows}
        return holders


def _key(contact: int | None, company: int | None) -> Key:
    return ("contact", contact) if contact is not None else ("company", company or 0)


def _name(buyer: Buyer) -> str:
    return fold(buyer.name or f"{buyer.given_name} {buyer.family_name}")


def _one_of(found: Sequence[Holder], buyer: Buyer) -> Holder | None:
    """The only one; of several the only person, then the only one of that name."""
    people = [one for one in found if isinstance(one, Contact)]
    if len(people or found) == 1:
        return (people or found)[0]
    named = [one for one in found if one.sort_name == _name(buyer)]
    return named[0] if len(named) == 1 else None


def _is_another(holder: Holder, buyer: Buyer) -> bool:
    """Whether both have an email and these differ: two people of one name."""
    own = getattr(holder, "email", "")
    return bool(own and buyer.email.strip() and fold(own) != fold(buyer.email))
