"""Does this person exist already? Asked while somebody types, so it must be fast with a million people.

Candidates come from indexes only: contact points by their key, names by their words (as typed, and with one wrong
letter forgiven), then a few dozen of them are compared letter by letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from regulars.access.models import Organisation, User
from regulars.contacts.models import Contact, ContactPoint, NameWord
from regulars.contacts.models.names import NameVariant, split_name, variant_keys
from regulars.contacts.points import point_key
from regulars.lib.text import fold

SHOWN = 4
CANDIDATES = 200  # people read for one name at most
SPELLINGS = 12  # near words followed for each typed word
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

    The same email or phone counts 100; a name counts from 88 on, by the similarity of its sorted words. A name of one
    word only counts when it is the whole name. At most ten queries, whatever is typed.
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
    if not typed or len("".join(typed)) < 4:
        return []
    spellings = _near_words(typed)
    ids = _bearers(typed, spellings)
    people = Contact.objects.visible_to(user).filter(pk__in=ids).select_related("company")
    wanted = " ".join(sorted(typed))
    scored = [(round(fuzz.ratio(wanted, _sorted_name(person))), person) for person in people]
    return [Similar(person, score, "name") for score, person in scored if score >= NAME_ENOUGH]


def _sorted_name(person: Contact) -> str:
    return " ".join(sorted(split_name(person.display_name) or [fold(person.display_name)]))


def _near_words(typed: Sequence[str]) -> dict[str, list[str]]:
    """For each typed word the words of names that are it or one wrong letter away; one query."""
    keys = {key: word for word in typed if len(word) >= 3 for key in variant_keys(word)}
    rows = NameVariant.objects.filter(variant__in=keys).values_list("word", flat=True).distinct()[:2000]
    near: dict[str, list[str]] = {word: [word] for word in typed}
    for known in rows:
        for word in typed:
            if known != word and abs(len(known) - len(word)) <= 1 and DamerauLevenshtein.distance(known, word) == 1:
                near[word].append(known)
    return {word: words[:SPELLINGS] for word, words in near.items()}


def _bearers(typed: Sequence[str], spellings: dict[str, list[str]]) -> list[int]:
    """Ids of people who bear every typed word, or one that is nearly it."""
    words = NameWord.objects.exclude(contact=None)
    first, *others = sorted(typed, key=len, reverse=True)
    rows = words.filter(word__in=spellings[first])
    for other in others[:2]:
        rows = rows.filter(contact__in=words.filter(word__in=spellings[other]).values("contact"))
    return list(rows.order_by().values_list("contact", flat=True)[:CANDIDATES])
