"""Which people and companies a question means: by parts of names, digits, addresses, and with one wrong letter.

Every function returns ids in the order to show them (mine first, then recently touched), only of those the user may
know of, after a fixed number of queries that each read a bounded number of rows. How: docs/search.md.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan

from regulars.access.door import viewer
from regulars.access.models import Organisation, User
from regulars.contacts.indexing import whose_phone_has
from regulars.contacts.models import Company, Contact, ContactPoint, NameVariant, NameWord
from regulars.contacts.models.names import VARIANTS_OF, pair_key, variants
from regulars.contacts.points import country_code
from regulars.lib.prepared import Fixed, prepared
from regulars.lib.search import Query

Link = Literal["contact", "company"]
Row = tuple[int, int | None, datetime]  # holder, owner, touched
Newest = tuple[int, int | None]  # holder, owner; of rows that come in the order they were touched

START = 2  # letters that `NameWord.start2` holds
LONG = 4  # letters from which a part is likely to be rarer than the beginnings of two
FEW = 600  # rows that are all read and sorted; of more than that the newest are found in the order of an index
MOST = 1000  # ids in one IN (…)
NEWEST = 60  # rows of that order looked at beyond the limit, because one holder can have several
LETTERS_READ = 1500  # newest holders among whom a single letter is looked for
PHONES_READ = 200
PAIRS_READ = 120
PAIRS_NEWEST = 60  # of those touched last: a pair that thousands have is read only until they are found
PARTS_TRIED = 4
WORDS_TRIED = 24  # correctly spelt words that a misspelt one may stand for
WORDS_ALONE = 3  # of them when the misspelt word is all there is


def _holders(link: Link) -> Any:
    return (Contact if link == "contact" else Company).objects


def _visible_words(me: int, sees_all: bool, link: Link) -> QuerySet[NameWord]:
    """Name words of the contacts (or companies) that a colleague may know of."""
    holders = _holders(link).visible_to(viewer(me, sees_all)).filter(pk=OuterRef(f"{link}_id"))
    return NameWord.objects.filter(Exists(holders), **{f"{link}__isnull": False})


def by_name(user: User, parts: Sequence[str], link: Link, limit: int) -> list[int]:
    """Return ids of holders with, for each of `parts`, a word in their name that begins so. At most six queries."""
    if not parts:
        return []
    longest = sorted(parts, key=len, reverse=True)
    if len(longest[0]) < 2:
        return _by_letters(user, parts, link, limit)
    others = parts if len(parts) > 1 else ()
    if len(longest) > 1 and len(longest[1]) > 1:
        people = _is_person(link)
        if len(longest[0]) >= LONG and not _are_many(longest[0], people):
            return _visible(user, _beginning(longest[0], people, *others), link, limit)
        pair = pair_key(longest[0], longest[1])
        return _mine_first(user, _with_pair(pair, user.pk, user.sees_all, people, *others), limit)
    return _by_part(user, longest[0], others, link, limit)


@prepared
def _with_pair(pair: str, me: int, sees_all: bool, people: bool, *parts: str) -> QuerySet[NameWord, Newest]:
    link = _link(people)
    rows = _having(_visible_words(me, sees_all, link).filter(pair=pair), parts)
    return _newest_rows(rows, link, PAIRS_NEWEST)


def _by_part(user: User, part: str, others: Sequence[str], link: Link, limit: int) -> list[int]:
    tried = [part, *(other for other in others if other != part and len(other) >= START)][:PARTS_TRIED]
    rare = next((one for one in tried if not _are_many(one, _is_person(link))), None)
    if rare is not None:
        return _visible(user, _beginning(rare, _is_person(link), *others), link, limit)
    reach, seen = Fixed(limit + NEWEST), (user.pk, user.sees_all)
    start = (part[:START], part if len(part) > START else None)
    if link == "company":
        return _mine_first(user, _newest(*start, *seen, False, False, reach, *others), limit)
    mine = _newest(*start, *seen, True, True, Fixed(limit + 6), *others)
    rest = _newest(*start, *seen, True, False, reach, *others) if len({row[0] for row in mine}) < limit else []
    return _mine_first(user, [*mine, *rest], limit)


def _is_person(link: Link) -> bool:
    return link == "contact"


def _link(people: bool) -> Link:
    """The other way round: a flag is part of the shape of a prepared read, a text would be a value of it."""
    return "contact" if people else "company"


@prepared
def _newest(
    start: str,
    part: str | None,
    me: int,
    sees_all: bool,
    people: bool,
    mine: bool,
    limit: int,
    *others: str,
) -> QuerySet[NameWord, Newest]:
    """The rows whose word begins with `part`, the newest first; only `me`'s own with `mine`."""
    link = _link(people)
    rows = _having(_visible_words(me, sees_all, link), others).filter(start2=start)
    if part is not None:  # spelt so that many seem to fit: the order of `start2` is walked then, until there are enough
        rows = rows.filter(_has(part, Concat(Value(" "), "word")))
    if mine:
        rows = rows.filter(owner_id=me)
    return _newest_rows(rows, link, limit)


def _by_letters(user: User, parts: Sequence[str], link: Link, limit: int) -> list[int]:
    """Only single letters: who fits among the newest of all, filled up with others when those are few."""
    newest = _holders(link).visible_to(user).order_by("-touched_at", "-pk").values("pk")[:LETTERS_READ]
    holders = _holders(link).filter(pk__in=newest)
    for part in parts:
        holders = holders.filter(Q(sort_name__startswith=part) | Q(_has(part, "sort_name")))
    found = list(holders.order_by("-touched_at").values_list("pk", "owner_id", "touched_at")[: limit + NEWEST])
    if len(found) < limit:
        rows = _all_words(link).filter(word__prefix=parts[0])
        for part in parts[1:]:
            rows = rows.filter(_has(part))
        found += _rows(rows[:FEW], link)
    return _visible(user, found, link, limit)


def _all_words(link: Link) -> QuerySet[NameWord]:
    return NameWord.objects.filter(**{f"{link}__isnull": False}).order_by()


def _are_many(part: str, people: bool) -> bool:
    """Whether more than FEW words begin with `part`."""
    return bool(_one_more(part, people, len(part) == START))


@prepared
def _one_more(part: str, people: bool, is_start: bool) -> QuerySet[NameWord, Any]:
    """A row when more than FEW words begin with `part`.

    Two letters are a column with an index of its own; the order is that index's, or PostgreSQL would walk all words.
    The word itself is asked for, because the index alone has it.
    """
    rows = _all_words(_link(people))
    rows = rows.filter(start2=part).order_by("-touched_at") if is_start else rows.filter(word__prefix=part)
    return rows.values_list("word")[FEW : FEW + 1]


@prepared
def _is_there(part: str, people: bool) -> QuerySet[NameWord, Any]:
    """A row when any word begins with `part`."""
    return _all_words(_link(people)).filter(word__prefix=part).values_list("pk")[:1]


@prepared
def _beginning(part: str, people: bool, *others: str) -> QuerySet[NameWord, Row]:
    """All rows that begin with `part` and have the other parts, whoever may know of them."""
    link = _link(people)
    return _row_values(_having(_all_words(link).filter(word__prefix=part), others), link)


def _visible(user: User, rows: Iterable[Row], link: Link, limit: int) -> list[int]:
    """Rank first, then leave out what `user` may not know of: a join would tempt PostgreSQL to read everybody."""
    ids = _ranked(user, rows, MOST)
    seen = {row[0] for row in _known(ids, user.pk, user.sees_all, _is_person(link))}
    return [pk for pk in ids if pk in seen][:limit]


@prepared
def _known(ids: list[int], me: int, sees_all: bool, people: bool) -> QuerySet[Any, Row]:
    """Those of `ids` that the colleague may know of, as rows."""
    holders: QuerySet[Any] = _holders(_link(people)).visible_to(viewer(me, sees_all))
    return holders.filter(pk__in=ids).values_list("pk", "owner_id", "touched_at")


def _has(part: str, names: Any = "full") -> Any:
    """The condition that a word of `names`, each after a blank, begins with `part`."""
    return GreaterThan(StrIndex(names, Value(f" {part}")), 0)


def _having(rows: QuerySet[NameWord], parts: Iterable[str]) -> QuerySet[NameWord]:
    for part in parts:
        rows = rows.filter(_has(part))
    return rows


def _row_values(rows: QuerySet[NameWord], link: Link) -> QuerySet[NameWord, Row]:
    return rows.values_list(f"{link}_id", "owner_id", "touched_at")


def _newest_rows(rows: QuerySet[NameWord], link: Link, limit: int) -> QuerySet[NameWord, Newest]:
    return rows.order_by("-touched_at").values_list(f"{link}_id", "owner_id")[:limit]


def _rows(rows: QuerySet[NameWord], link: Link) -> list[Row]:
    return list(_row_values(rows, link))


def _ranked(user: User, rows: Iterable[Row], limit: int) -> list[int]:
    """Mine first, then recently touched; each holder once."""
    newest_first = sorted(rows, key=lambda row: row[2], reverse=True)
    return _mine_first(user, ((holder, owner) for holder, owner, _touched in newest_first), limit)


def _mine_first(user: User, rows: Iterable[Newest], limit: int) -> list[int]:
    """Mine first, then in the order they come; each holder once."""
    mine_first = sorted(rows, key=lambda row: row[1] != user.pk)
    return list(dict.fromkeys(holder for holder, _owner in mine_first))[:limit]


# By phone, email, handle.


Found = dict[Link, list[int]]


def by_digits(user: User, query: Query, limit: int) -> Found:
    """Return ids of people and companies with a phone that holds these digits in a row. Five queries at most."""
    digits = query.digits
    if not query.is_number or len(digits) < 4:
        return {"contact": [], "company": []}
    held: list[Sequence[int | None]] = []
    for beginning in _beginnings(query):  # one by one: PostgreSQL would read all rows for an OR
        held += _phones(beginning)
    inside = digits.lstrip("0")
    if len(held) < PHONES_READ and len(inside) >= 3 and not query.text.startswith("+"):
        held += whose_phone_has(inside, PHONES_READ)
    return _by_points(user, held, limit)


@prepared
def _phones(beginning: str) -> QuerySet[ContactPoint, Any]:
    """Whose the phones are that begin like this."""
    phones = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, key__prefix=beginning)
    return phones.order_by().values_list("contact_id", "company_id")[:PHONES_READ]


@prepared
def _addresses(beginning: str) -> QuerySet[ContactPoint, Any]:
    """Whose the emails and handles are that begin like this."""
    kinds = [ContactPoint.Kind.EMAIL, ContactPoint.Kind.HANDLE]
    points = ContactPoint.objects.filter(kind__in=kinds, key__prefix=beginning)
    return points.order_by().values_list("contact_id", "company_id")[: 2 * PHONES_READ]


def _beginnings(query: Query) -> list[str]:
    """How a key begins for a number typed from its beginning: with country, after 00, or as dialled at home."""
    digits = query.digits
    if digits.startswith("00"):
        return [digits[2:]] if len(digits) > 4 else []
    if digits.startswith("0"):
        organisation = Organisation.current()
        code = country_code(organisation.country) if organisation else ""
        return [code + digits[1:], digits] if code else [digits]
    return [digits]


def by_address(user: User, query: Query, limit: int) -> Found:
    """Return ids of people and companies with an email or handle that begins like this. Two queries."""
    text = query.folded
    if len(text) < 3 or " " in text:
        return {"contact": [], "company": []}
    return _by_points(user, _addresses(text.removeprefix("@")), limit)


def _by_points(user: User, held: Iterable[Sequence[int | None]], limit: int) -> Found:
    """Those of the holders that the colleague may know of: one query for each sort of holder there is."""
    held = list(held)
    found: Found = {"contact": [], "company": []}
    people, firms = ({pk for row in held if (pk := row[place])} for place in (0, 1))
    whose: dict[Link, set[int]] = {"contact": people, "company": firms}
    for link, ids in whose.items():
        found[link] = _ranked(user, _known(sorted(ids), user.pk, user.sees_all, _is_person(link)), limit)
    return found


# One wrong letter.


def by_misspelt_name(user: User, parts: Sequence[str], link: Link, limit: int) -> list[int]:
    """Return ids of holders whose names fit `parts` when one letter of one part is wrong.

    A letter changed, left out, put in, or swapped with its neighbour; also while still typing. A bounded number of
    queries. A part of two letters can't be misspelt: everything would fit.
    """
    for part in sorted(parts[:PARTS_TRIED], key=len, reverse=True):
        words = spellings(part)
        others = [other for other in parts if other != part]
        found = _with_one_of(user, words, others, link, limit) if others else _likeliest(user, words, link, limit)
        if found:
            return found
    return []


def _likeliest(user: User, words: Sequence[str], link: Link, limit: int) -> list[int]:
    """The likeliest words one after the other, until there are enough people."""
    found: list[int] = []
    for word in words[:WORDS_ALONE]:
        if len(found) < limit:
            found += _by_part(user, word, (), link, limit)
    return list(dict.fromkeys(found))[:limit]


def _with_one_of(user: User, words: Sequence[str], others: Sequence[str], link: Link, limit: int) -> list[int]:
    """Those whose names have all `others` and one of `words`."""
    rows, fits = _all_words(link), Q()
    for other in others:
        rows = rows.filter(_has(other))
    for word in words:
        fits |= Q(_has(word))
    long = max(others, key=len)
    if not words or (len(long) >= LONG and not _is_there(long, _is_person(link))):
        return []
    if len(long) > 1:
        rows = rows.filter(fits, pair__in={pair_key(word, long) for word in words})
    else:
        rows = rows.filter(word__in=words)
    return _visible(user, _rows(rows[:PAIRS_READ], link), link, limit)


def spellings(part: str) -> list[str]:
    """Return words of names that begin like `part` but for one letter, the likeliest first. One query."""
    keys = variants(part[:VARIANTS_OF])
    if len(part) < 3 or part.isdecimal():
        return []
    if len(part) < VARIANTS_OF:
        keys.add(part)
    near = {row[0] for row in _alike(sorted(keys)) if is_near(part, row[0])}
    return sorted(near, key=lambda word: (abs(len(word) - len(part)), word))[:WORDS_TRIED]


@prepared
def _alike(keys: list[str]) -> QuerySet[NameVariant, Any]:
    return NameVariant.objects.filter(variant__in=keys).values_list("word")


def is_near(typed: str, word: str) -> bool:
    """Whether `word` begins with `typed` but for exactly one letter changed, missing, added or swapped."""
    at = next((i for i, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    if at == len(typed):
        return False
    changed_or_added = word.startswith(typed[at + 1 :], at + 1) or word.startswith(typed[at + 1 :], at)
    swapped = typed[at : at + 2] == word[at : at + 2][::-1] and word.startswith(typed[at + 2 :], at + 2)
    return changed_or_added or word.startswith(typed[at:], at + 1) or swapped
