"""Keyset pages: every row once, in order, forwards and backwards, whatever the values."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regulars.access.tests.factories import make_user
from regulars.contacts.models import NEVER, Contact
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.lib.keyset import Page, Position, Section, behind_barrier, by, read_page, walked

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> None:
    nora = make_user()
    now = timezone.now()
    company = make_company(owner=nora)
    for number in range(23):
        contact = make_contact(f"Same name {number % 4}", owner=nora)
        seen = NEVER if number % 3 == 0 else now - timedelta(days=number % 5)
        where = company if number % 2 else None
        Contact.objects.filter(pk=contact.pk).update(last_contact_at=seen, company=where)


@walked
def everybody() -> QuerySet[Contact]:
    return Contact.objects.all()


@pytest.fixture(params=["queryset", "prepared"])
def rows(request: Any) -> Any:
    """The same people, read either way."""
    return Contact.objects.all() if request.param == "queryset" else everybody()


def walk(rows: Any, sections: list[Section], size: int = 4) -> list[Page]:
    pages, cursor = [], ""
    while True:
        page = read_page(rows, sections, cursor, size)
        pages.append(page)
        if not page.next:
            return pages
        cursor = page.next


ORDERS = {
    "name": (by("sort_name"), ["sort_name", "pk"]),
    "name backwards": (by("sort_name", descending=True), ["-sort_name", "-pk"]),
    "last contact, with those who never were": (by("last_contact_at", descending=True), ["-last_contact_at", "-pk"]),
    "not from an index": (behind_barrier(by("sort_name")), ["sort_name", "pk"]),
    "a column that may be empty": (by("company__sort_name", nullable=True), ["company__sort_name", "pk"]),
}


@pytest.mark.parametrize("name", ORDERS)
def test_walking_shows_everybody_once_in_order_and_back_again(people: None, rows: Any, name: str) -> None:
    sections, order = ORDERS[name]
    pages = walk(rows, sections)
    seen = [pk for page in pages for pk in page.ids]
    expected = list(Contact.objects.order_by(*order).values_list("pk", flat=True))
    if name == "a column that may be empty":
        expected = list(Contact.objects.exclude(company=None).order_by(*order).values_list("pk", flat=True))
        expected += list(Contact.objects.filter(company=None).order_by("pk").values_list("pk", flat=True))
    assert seen == expected
    assert pages[0].previous == ""
    back = []
    page = pages[-1]
    while page.previous:
        page = read_page(rows, sections, page.previous, 4)
        back.append(page.ids)
    assert back == [page.ids for page in reversed(pages[:-1])]


def test_sections_are_read_one_after_the_other(people: None, rows: Any) -> None:
    company = Contact.objects.exclude(company=None)[0].company_id
    sections = [
        Section(by("last_contact_at")[0].expression, True, "2", Q(company=company)),
        Section(by("last_contact_at")[0].expression, True, "0", Q(company=None)),
    ]
    seen = [pk for page in walk(rows, sections) for pk in page.ids]
    assert len(seen) == len(set(seen)) == 23
    assert Contact.objects.filter(pk__in=seen[:11], company=company).count() == 11


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "####",
        "ÿ",
        "W10",
        Position("", "not a time", 3).encode(),
        Position("", None, 3).encode(),
        Position("", 2**80, 3).encode(),
        Position("elsewhere", "2026-01-01", 3).encode(),
        Position("", "2026-01-01T00:00:00+00:00", 2**70).encode(),
        Position("", "a\x00b", 1).encode(),
    ],
)
def test_a_broken_cursor_leads_to_the_first_page(people: None, rows: Any, cursor: str) -> None:
    first = read_page(rows, by("last_contact_at", descending=True), "", 4)
    assert read_page(rows, by("last_contact_at", descending=True), cursor, 4) == first


def test_a_page_whose_neighbours_were_removed_is_the_first_again(people: None) -> None:
    page = read_page(Contact.objects.all(), by("sort_name"), "", 4)
    second = read_page(Contact.objects.all(), by("sort_name"), page.next, 4)
    Contact.objects.filter(pk__in=page.ids[:2]).delete()
    again = read_page(Contact.objects.all(), by("sort_name"), second.previous, 4)
    assert again.ids == [*page.ids[2:], *second.ids[:2]]
    assert again.previous == ""


def test_nothing_at_all_is_an_empty_page() -> None:
    assert read_page(Contact.objects.all(), by("sort_name")) == Page([])


@pytest.mark.sqlite
def test_the_position_is_found_in_the_index(people: None, rows: Any) -> None:
    order = by("last_contact_at", descending=True)
    cursor = read_page(rows, order, "", 4).next
    with CaptureQueriesContext(connection) as asked:
        read_page(rows, order, cursor, 4)
    with connection.cursor() as database:
        database.execute("EXPLAIN QUERY PLAN " + asked[0]["sql"])
        plan: list[Any] = database.fetchall()
    assert len(asked) == 1
    assert "contact_by_last_contact" in str(plan)
    assert "SEARCH" in str(plan)
    assert "B-TREE" not in str(plan)
