"""What search finds of contacts: people and companies, tags, and words in entries."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.door import viewer
from regulars.access.models import User
from regulars.contacts.finding import matching
from regulars.contacts.models import Company, CompanyTag, Contact, ContactTag, Involvement, Tag
from regulars.contacts.models.names import split_name
from regulars.lib import search
from regulars.lib.moments import short
from regulars.lib.prepared import Fixed, prepared
from regulars.lib.search import Hit, Query
from regulars.lib.text import fold
from regulars.timeline import words
from regulars.timeline.models import Entry

ENTRIES_READ, ENTRIES_MOST = 4, 200  # for each hit wanted, and at most: the newest, of which the user may see some
DETAIL_LENGTH = 90
TAGS_READ = 1000


def register() -> None:
    """Make people, companies, tags and entries known to search."""
    search.register(
        search.SearchSource("names", find_names, order=10),
        search.Kind("contact", gettext_lazy("People"), "user-round", order=10),
        search.Kind("company", gettext_lazy("Companies"), "building-2", order=20),
        search.Kind("tag", gettext_lazy("Tags"), "hash", order=30),
    )
    search.register(
        search.SearchSource("entries", find_entries, order=40),
        search.Kind("entry", gettext_lazy("Moments"), "message-square", order=40),
    )
    search.register_recent(recent_people)


def find_names(user: User, query: Query, limit: int) -> list[Hit]:
    """Find people, companies and tags; with one letter wrong when nothing fits as typed."""
    parts = split_name(query.text)
    tags = find_tags(query, limit)
    names: matching.Found = {"contact": [], "company": []}
    if not set(query.text) & set("#@"):
        names = {link: matching.by_name(user, parts, link, limit) for link in names}
    points: matching.Found = {"contact": [], "company": []}
    if len(names["contact"]) < limit and not query.text.startswith("#"):
        points = (matching.by_digits if query.is_number else matching.by_address)(user, query, limit)
    people, companies = (list(dict.fromkeys(names[link] + points[link]))[:limit] for link in names)
    if not people and not companies and not query.is_number and "@" not in query.text:
        people, companies = (matching.by_misspelt_name(user, parts, link, limit) for link in names)
    if len(people) < limit:
        people += _members(user, companies, tags, limit - len(people))
    if not companies and tags:
        carriers = CompanyTag.objects.filter(tag=tags[0]).order_by("-pk")
        companies = [row.company_id for row in carriers[:limit]]
    return [
        *person_hits(user, people),
        *company_hits(user, companies),
        *(_tag_hit(tag) for tag in tags),
    ]


def _members(user: User, companies: Sequence[int], tags: Sequence[Tag], limit: int) -> list[int]:
    """People of the first company found, or else with the first tag found."""
    if companies:
        return [row[0] for row in _people_of(companies[0], user.pk, user.sees_all, Fixed(limit))]
    if tags:
        newest = [row[0] for row in _carriers(tags[0].pk, Fixed(limit * 10))]
        return [row[0] for row in _newest_of(newest, user.pk, user.sees_all, Fixed(limit))]
    return []


@prepared
def _people_of(company: int, me: int, sees_all: bool, limit: int) -> QuerySet[Contact, Any]:
    people = Contact.objects.visible_to(viewer(me, sees_all)).filter(company_id=company)
    return people.order_by("sort_name").values_list("pk")[:limit]


@prepared
def _carriers(tag: int, limit: int) -> QuerySet[ContactTag, Any]:
    return ContactTag.objects.filter(tag=tag).order_by("-contact_id").values_list("contact_id")[:limit]


@prepared
def _newest_of(people: list[int], me: int, sees_all: bool, limit: int) -> QuerySet[Contact, Any]:
    visible = Contact.objects.visible_to(viewer(me, sees_all)).filter(pk__in=people)
    return visible.order_by("-touched_at").values_list("pk")[:limit]


def find_tags(query: Query, limit: int) -> list[Tag]:
    """Return tags whose names have a word that begins like the text; those that are the text first. One query."""
    wanted = query.folded.lstrip("#").strip()
    if not wanted or query.is_number or "@" in wanted:
        return []
    found = [(pk, name) for pk, name in _tags() if f" {wanted}" in f" {fold(name)}"]
    found.sort(key=lambda tag: fold(tag[1]) != wanted)
    return [Tag(pk=pk, name=name) for pk, name in found[:limit]]


@prepared
def _tags() -> QuerySet[Tag, Any]:
    return Tag.objects.values_list("pk", "name")[:TAGS_READ]


def _tag_hit(tag: Tag) -> Hit:
    return Hit("tag", tag.pk, tag.name, _("Everyone with this tag"), f"{reverse('contacts')}?tag={tag.pk}", "hash")


def person_hits(user: User, ids: Sequence[int]) -> list[Hit]:
    """Return people as hits, in the order of `ids`; those that `user` may not know of are left out. One query."""
    if not ids:
        return []
    found = {person.pk: person for person in _people(list(ids), user.pk, user.sees_all)}
    people = [found[pk] for pk in ids if pk in found]
    return [_person_hit(person, _shows_company(user, person.company)) for person in people]


@prepared
def _people(ids: list[int], me: int, sees_all: bool) -> QuerySet[Contact]:
    loaded = Contact.objects.visible_to(viewer(me, sees_all)).select_related("company")
    columns = ["display_name", "job_title", "email", "phone", "company__display_name", "company__visibility"]
    columns += ["company__owner_id", "company__team_id", "company__binned_at"]
    return loaded.only(*columns).filter(pk__in=ids)


def _shows_company(user: User, company: Company | None) -> bool:
    """Whether the company is named beside one of its people. Asks nothing: a team's own company stays unnamed."""
    if company is None or company.binned_at is not None:
        return False
    return user.sees_all or company.visibility == "everyone" or company.owner_id == user.pk


def _person_hit(person: Contact, shows_company: bool) -> Hit:
    firm = person.company.display_name if person.company and shows_company else ""
    detail = " · ".join(part for part in (person.job_title, firm) if part)
    return Hit(
        "contact", person.pk, person.display_name, detail or person.email or person.phone,
        person.get_absolute_url(), "user-round", person,
    )  # fmt: skip


def company_hits(user: User, ids: Sequence[int]) -> list[Hit]:
    """Return companies as hits, in the order of `ids`; hidden ones are left out. One query."""
    if not ids:
        return []
    found = {company.pk: company for company in _companies(list(ids), user.pk, user.sees_all)}
    return [
        Hit(
            "company", company.pk, company.display_name, company.industry or company.domain,
            company.get_absolute_url(), "building-2", company,
        )
        for pk in ids
        if (company := found.get(pk))
    ]  # fmt: skip


@prepared
def _companies(ids: list[int], me: int, sees_all: bool) -> QuerySet[Company]:
    loaded = Company.objects.visible_to(viewer(me, sees_all)).only("display_name", "industry", "domain")
    return loaded.filter(pk__in=ids)


def find_entries(user: User, query: Query, limit: int) -> list[Hit]:
    """Find what was written down, newest first, of people and companies that `user` may know of. Three queries.

    Five for somebody who may see so few that it has to look further back.
    """
    if len(query.folded) < 3 or query.is_number or query.text.startswith("#") or "@" in query.text:
        return []
    ids, names = _newest_with(user, query, read := min(limit * ENTRIES_READ, ENTRIES_MOST))
    if len(names) < limit and read // 3 <= len(ids) and read < ENTRIES_MOST:
        ids, names = _newest_with(user, query, ENTRIES_MOST)
    shown = {entry.pk: entry for entry in _entries([pk for pk in ids if pk in names][:limit])}
    return [_entry_hit(shown[pk], names[pk], query.parts) for pk in ids if pk in shown]


def _newest_with(user: User, query: Query, read: int) -> tuple[list[int], dict[int, tuple[Any, ...]]]:
    """The newest entries with the words, at most `read`, and whom those that the user may see are about."""
    ids = words.newest_ids(query.text, read)
    names: dict[int, tuple[Any, ...]] = {}
    for entry_id, *whom in _whom(ids, user.pk, user.sees_all):
        names.setdefault(entry_id, tuple(whom))
    return ids, names


@prepared
def _whom(entries: list[int], me: int, sees_all: bool) -> QuerySet[Involvement, Any]:
    rows = Involvement.objects.filter(entry__in=entries, is_implied=False, entry__removed_at=None)
    columns = ("entry_id", "contact_id", "company_id", "contact__display_name", "company__display_name")
    return rows.visible_to(viewer(me, sees_all)).order_by("-entry_id", "pk").values_list(*columns)


@prepared
def _entries(ids: list[int]) -> QuerySet[Entry]:
    return Entry.objects.filter(pk__in=ids)


def _entry_hit(entry: Entry, whom: tuple[Any, ...], parts: Sequence[str]) -> Hit:
    contact, company, person, firm = whom
    page = reverse("contact", args=[contact]) if contact else reverse("company", args=[company])
    detail = f"{person or firm} · {short(entry.occurred_at)}"
    return Hit("entry", entry.pk, excerpt(entry.text, parts), detail, f"{page}#entry-{entry.pk}", entry.kind_info.icon)


def excerpt(text: str, parts: Iterable[str]) -> str:
    """Return the piece of `text` around the first of `parts`, in one line."""
    line = " ".join(text.split())
    at = min((at for part in parts if (at := fold(line).find(part)) >= 0), default=0)
    start = line.rfind(" ", 0, max(at - 30, 0)) + 1
    return ("…" if start else "") + str(Truncator(line[start:]).chars(DETAIL_LENGTH))


def recent_people(user: User, limit: int) -> list[Hit]:
    """Return the people touched last: one's own before the others among the newest. Two queries."""
    rows = _touched_last(user.pk, user.sees_all, Fixed(limit * 4))
    mine_first = sorted(rows, key=lambda row: row[1] != user.pk)
    return person_hits(user, [row[0] for row in mine_first[:limit]])


@prepared
def _touched_last(me: int, sees_all: bool, limit: int) -> QuerySet[Contact, Any]:
    visible = Contact.objects.visible_to(viewer(me, sees_all))
    return visible.order_by("-touched_at", "-pk").values_list("pk", "owner_id")[:limit]
