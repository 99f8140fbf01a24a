"""Does this person exist already? Asked while somebody types, so it must be fast with a million people.

Candidates come from indexes only: contact points by their key, names by their rarest word (as typed, and with one
wrong letter forgiven) or, where every word is common, by the beginnings of two. A few hundred are compared letter by
letter; nothing grows with the number of people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from regulars.access.models import Organisation, User
from regulars.contacts.models import Contact, ContactPoint, NameWord
from regulars.contacts.models.names import NameVariant, pair_key, split_name, variant_keys
from regulars.contacts.points import point_key
from regulars.lib.text import fold

SHOWN = 4
RARE = 400  # a word, with its near spellings, that fewer people bear is enough to find them by
COMMON_SHOWN = 60  # of people with two common words, so many are compared
SPELLINGS = 8  # near words followed for each typed word
NAME_ENOUGH = 88  # of 100: "Maya Okafor" and "Maia Okafor" have 91


@dataclass(frozen=True)
class Similar:
    """A person who may be the same: how sure (0 to 100) and why, "email", "phone" or "name"."""

    contact: Contact
    score: int
    reason: str


def similar_contacts(
    user: User,
    name: str = "",
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    *,
    exclude: Sequence[int] = (),
) -> list[Similar]:
    """Return up to four people, visible to `user`, who seem to be the same, the surest first.

    The same email or phone counts 100; a name counts from 88 on, by the similarity of its sorted words. A single word
    only counts when it is the whole name as it stands. At most a dozen queries, whatever is typed.
    """
    found = {match.contact.pk: match for match in _by_points(user, list(emails)[:10], list(phones)[:10])}
    for match in _by_name(user, name):
        found.setdefault(match.contact.pk, match)
    kept = [match for pk, match in found.items() if pk not in exclude]
    return sorted(kept, key=lambda match: -match.score)[:SHOWN]


def _by_points(user: User, emails: Sequence[str], phones: Sequence[str]) -> list[Similar]:
    organisation = Organisation.current() if phones else None
    country = organisation.country if organisation else ""
    matches = []
    for kind, values in ((ContactPoint.Kind.EMAIL, emails), (ContactPoint.Kind.PHONE, phones)):
        keys = {point_key(kind, value, country) for value in values if value.strip()}
        keys = {key for key in keys if len(key) >= 5}
        if keys:
            points = ContactPoint.objects.filter(kind=kind, key__in=keys).exclude(contact=None)
            people = Contact.objects.visible_to(user).filter(pk__in=points.values("contact")[:20])
            matches += [Similar(person, 100, str(kind)) for person in people.select_related("company")[:SHOWN]]
    return matches


def _by_name(user: User, name: str) -> list[Similar]:
    typed = split_name(name[:300])[:4]
    if len("".join(typed)) < 4:
        return []
    same = Contact.objects.visible_to(user).filter(sort_name=fold(name)[:300])
    found = {person.pk: Similar(person, 100, "name") for person in same.select_related("company")[:SHOWN]}
    if len(typed) > 1 and len(found) < SHOWN:
        wanted = " ".join(sorted(typed))
        scores = {pk: score for pk, full in _bearers(typed) if (score := _alike(wanted, full)) >= NAME_ENOUGH}
        best = sorted(scores, key=lambda pk: -scores[pk])[:20]
        people = Contact.objects.visible_to(user).filter(pk__in=best).select_related("company")
        for person in people:
            found.setdefault(person.pk, Similar(person, scores[person.pk], "name"))
    return list(found.values())


def _alike(wanted: str, full: str) -> int:
    return round(fuzz.ratio(wanted, " ".join(sorted(full.split())), score_cutoff=NAME_ENOUGH))


def _bearers(typed: Sequence[str]) -> list[tuple[int, str]]:
    """Ids and whole names of people worth comparing: those with the rarest word, else those with two of the words."""
    near = _near_words(typed)
    words = NameWord.objects.filter(contact__isnull=False).order_by()  # as the partial indexes say it
    for word in sorted(typed, key=len, reverse=True)[:3]:
        rows = list(words.filter(word__in=near[word]).values_list("contact", "full")[: RARE + 1])
        if 0 < len(rows) <= RARE:
            return rows
    one, other = sorted(typed, key=len, reverse=True)[:2]
    pairs = {pair_key(a, b) for a in near[one] for b in near[other]}
    bearing = Q(*[("full__contains", f" {spelling}") for spelling in near[one]], _connector=Q.OR)
    rows = []
    for pair in sorted(pairs)[:4]:
        common = words.filter(bearing, pair=pair).order_by("-touched_at")
        rows += common.values_list("contact", "full")[:COMMON_SHOWN]
    return rows


def _near_words(typed: Sequence[str]) -> dict[str, list[str]]:
    """For each typed word the words of names that are it or one wrong letter away; one query."""
    keys = {key for word in typed if len(word) >= 3 for key in variant_keys(word)}
    known = NameVariant.objects.filter(variant__in=keys).values_list("word", flat=True).distinct()[:2000]
    near: dict[str, list[str]] = {word: [word] for word in typed}
    for found in known:
        for word in typed:
            if found != word and DamerauLevenshtein.distance(found, word, score_cutoff=1) == 1:
                near[word].append(found)
    return {word: words[:SPELLINGS] for word, words in near.items()}
