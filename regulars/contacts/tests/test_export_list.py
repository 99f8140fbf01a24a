"""Exporting a list: what is shown, in its order, nobody hidden, nothing a spreadsheet would run."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from regulars.access.models import AuditEvent, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import CustomField
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.contacts.views import lists_export
from regulars.lib.exports import harmless

pytestmark = pytest.mark.django_db


@pytest.fixture
def rui() -> User:
    return make_user("Rui Silva")


def export(user: User, stem: str = "contact", **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"{stem}-export"), query)


def rows(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_file_holds_what_the_list_shows_in_its_order(rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists_export, "BATCH", 2)
    CustomField.objects.create(key="budget", label="Budget", kind="money")
    for name in ("Cas", "Ana", "Ben", "Dora", "Emil"):
        make_contact(name, by=rui, tags=["a", "b"], custom={"budget": {"amount": "12.50", "currency": "EUR"}})
    make_contact("Other", by=rui)
    make_contact("Hidden", by=make_user(), visibility="owner", tags=["a"])
    answer = export(rui, sort="name", columns="name,tags,cf.budget", **{"cf.budget": "12.5"})
    assert "attachment" in answer["Content-Disposition"]
    table = rows(answer)
    assert table[0] == ["Name", "Tags", "Budget"]
    assert [row[0] for row in table[1:]] == ["Ana", "Ben", "Cas", "Dora", "Emil"]
    assert table[1][1:] == ["a; b", "12.50 EUR"]
    event = AuditEvent.objects.get(verb="exported")
    assert event.actor == rui
    assert event.changes == {"format": "csv", "filters": "Budget: 12.5"}


def test_formulas_are_made_harmless_and_numbers_stay(rui: User) -> None:
    make_contact('=HYPERLINK("http://evil.example")', by=rui, phone="+351 912 345 678")
    row = rows(export(rui, columns="name,phone"))[1]
    assert row == ['\'=HYPERLINK("http://evil.example")', "+351 912 345 678"]
    assert [harmless(text) for text in ("-12.5", "@x", "-cmd", "a=b", "")] == ["-12.5", "'@x", "'-cmd", "a=b", ""]


def test_a_spreadsheet_has_the_same_rows_as_text(rui: User) -> None:
    make_company("=1+1", by=rui)
    answer = export(rui, "company", format="xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[0][0] == "Name"
    assert cells[1][0] == "=1+1"
    assert book.active["A2"].data_type == "s"


@pytest.mark.parametrize("role", ["reader", "front_desk"])
def test_roles_without_the_capability_get_403(role: str) -> None:
    assert export(make_user(role=role)).status_code == 403


def test_an_unknown_format_is_not_found_and_only_get_is_allowed(rui: User) -> None:
    assert export(rui, format="exe").status_code == 404
    client = Client()
    client.force_login(rui)
    assert client.post(reverse("contact-export")).status_code == 405
