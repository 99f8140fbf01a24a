"""What can be done with a moment: edit, pin, settle, remove, bring back, people; and who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Company, Contact, Involvement
from regulars.contacts.moments import revise_moment
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.timeline import timeline_page
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def rui(client: Client) -> User:
    user = make_user("Rui Matos")
    client.force_login(user)
    return user


@pytest.fixture
def maya(rui: User) -> Contact:
    return make_contact("Maya Okafor", owner=rui)


def url(name: str, entry: Entry) -> str:
    return reverse(f"moment-{name}", args=[entry.pk])


def edit(client: Client, entry: Entry, **data: Any) -> Any:
    when = timezone.localtime(entry.occurred_at).strftime("%Y-%m-%dT%H:%M")
    fields = {"text": entry.text, "kind": entry.kind, "occurred_at": when, "outcome": "", **data}
    return client.post(url("edit", entry), fields, headers=HTMX)


def test_editing_keeps_the_earlier_text_to_be_seen(client: Client, maya: Contact, rui: User) -> None:
    entry = make_entry(maya, by=rui, text="Came for bean")
    assert edit(client, entry, text="Came for beans").status_code == 200
    entry.refresh_from_db()
    assert entry.text == "Came for beans"
    assert entry.edited_at is not None
    history = client.get(url("history", entry), headers=HTMX).content.decode()
    assert "Came for bean<" in history
    assert "edited" in client.get(reverse("timeline", args=[maya.pk])).content.decode()


def test_saving_without_a_change_leaves_no_trace(client: Client, maya: Contact, rui: User) -> None:
    entry = make_entry(maya, by=rui)
    edit(client, entry)
    entry.refresh_from_db()
    assert entry.edited_at is None
    assert not entry.revisions.exists()


def test_moving_a_moment_moves_it_on_every_timeline_and_last_contact(maya: Contact, rui: User) -> None:
    now = timezone.now()
    make_entry(maya, by=rui, kind="visit", text="older", occurred_at=now - timedelta(days=5))
    entry = make_entry(maya, by=rui, kind="call", text="moved", occurred_at=now - timedelta(days=1))
    revise_moment(entry, text="moved", kind="call", occurred_at=now - timedelta(days=9), by=rui)
    maya.refresh_from_db()
    assert maya.last_contact == now - timedelta(days=5)
    lines = [line.entry.text for month in timeline_page(maya, rui).months for line in month.lines]
    assert lines == ["older", "moved"]
    assert Involvement.objects.get(entry=entry).occurred_at == now - timedelta(days=9)


@pytest.mark.parametrize(
    "data", [{"text": "  "}, {"occurred_at": "2999-01-01T10:00"}, {"occurred_at": "0001-01-01T10:00"},
             {"occurred_at": "2026-02-31T10:00"}, {"kind": "milestone"}, {"text": "x" * 20_001}],
)  # fmt: skip
def test_what_makes_no_sense_comes_back_with_a_reason(
    client: Client, maya: Contact, rui: User, data: dict[str, str]
) -> None:
    entry = make_entry(maya, by=rui)
    answer = edit(client, entry, **data)
    assert answer.status_code == 422
    assert b"errors" in answer.content
    assert not entry.revisions.exists()


def test_removing_takes_it_off_and_undo_brings_it_back(client: Client, maya: Contact, rui: User) -> None:
    earlier = make_entry(maya, by=rui, kind="call", occurred_at=timezone.now() - timedelta(days=3))
    entry = make_entry(maya, by=rui, kind="visit")
    answer = client.post(url("remove", entry), headers=HTMX)
    assert answer.status_code == 200
    assert url("remove", entry) in answer.headers["HX-Trigger"]
    maya.refresh_from_db()
    assert maya.last_contact == earlier.occurred_at
    assert client.get(reverse("moment", args=[entry.pk])).status_code == 404
    assert client.delete(url("remove", entry), headers=HTMX).status_code == 200
    maya.refresh_from_db()
    assert maya.last_contact == entry.occurred_at
    assert client.get(reverse("moment", args=[entry.pk])).status_code == 200


def test_removing_never_moves_back_a_last_contact_that_came_from_elsewhere(
    client: Client, maya: Contact, rui: User
) -> None:
    imported = timezone.now() - timedelta(days=1)
    Contact.objects.filter(pk=maya.pk).update(last_contact_at=imported)
    entry = make_entry(maya, by=rui, kind="visit", occurred_at=timezone.now() - timedelta(days=9))
    client.post(url("remove", entry), headers=HTMX)
    maya.refresh_from_db()
    assert maya.last_contact == imported


def test_pinning_and_settling_and_back(client: Client, maya: Contact, rui: User) -> None:
    entry = make_entry(maya, by=rui, kind="request", text="A tasting for 40?")
    client.post(url("pin", entry), headers=HTMX)
    client.post(url("settle", entry), headers=HTMX)
    entry.refresh_from_db()
    assert entry.pinned_at
    assert entry.settled_at
    assert [line.entry for line in timeline_page(maya, rui).pinned] == [entry]
    client.delete(url("pin", entry), headers=HTMX)
    client.delete(url("settle", entry), headers=HTMX)
    entry.refresh_from_db()
    assert (entry.pinned_at, entry.settled_at) == (None, None)


def test_only_requests_are_settled(client: Client, maya: Contact, rui: User) -> None:
    assert client.post(url("settle", make_entry(maya, by=rui)), headers=HTMX).status_code == 422


def people_of(entry: Entry) -> set[Contact | Company]:
    return {row.holder for row in entry.involvements.all()}


def test_people_are_added_and_taken_away_and_their_companies_follow(client: Client, maya: Contact, rui: User) -> None:
    lumen = make_company("Lumen Studios")
    tomas = make_contact("Tomás Reis", company=lumen)
    entry = make_entry(maya, by=rui, kind="visit")
    assert client.post(url("people", entry), {"contacts": [maya.pk, tomas.pk]}, headers=HTMX).status_code == 200
    assert people_of(entry) == {maya, tomas, lumen}
    tomas.refresh_from_db()
    assert tomas.last_contact == entry.occurred_at
    client.post(url("people", entry), {"contacts": [maya.pk]}, headers=HTMX)
    assert people_of(entry) == {maya}
    tomas.refresh_from_db()
    assert tomas.last_contact is None
    assert client.post(url("people", entry), {}, headers=HTMX).status_code == 422


def test_whom_one_may_not_see_stays_on_the_moment(client: Client, maya: Contact, rui: User) -> None:
    hidden = make_contact("Hidden", owner=make_user(), visibility="owner")
    entry = make_entry(maya, hidden, by=rui)
    client.post(url("people", entry), {"contacts": [maya.pk]}, headers=HTMX)
    assert people_of(entry) == {maya, hidden}
    assert client.post(url("people", entry), {"contacts": [maya.pk, hidden.pk]}, headers=HTMX).status_code == 422


VERBS = ["edit", "remove", "pin", "settle", "people", "files"]


@pytest.mark.parametrize("name", VERBS)
def test_the_ladder(client: Client, name: str, maya: Contact, rui: User) -> None:
    entry = make_entry(maya, by=rui, kind="request")
    data = {"contacts": [maya.pk]}
    client.force_login(make_user(role="reader"))
    assert client.post(url(name, entry), data, headers=HTMX).status_code == 403
    client.force_login(make_user("A colleague"))
    expected = {403} if name in ("edit", "remove") else {200, 422}
    assert client.post(url(name, entry), data, headers=HTMX).status_code in expected
    client.force_login(make_user(role="manager"))
    assert client.post(url(name, entry), data, headers=HTMX).status_code in (200, 422)
    assert client.put(url(name, entry)).status_code == 405
    assert client.post(reverse(f"moment-{name}", args=[999999])).status_code == 404
    Contact.objects.filter(pk=maya.pk).update(visibility="owner")
    client.force_login(make_user("A stranger"))
    assert client.post(url(name, entry), data, headers=HTMX).status_code == 404
    client.logout()
    assert client.post(url(name, entry), data).status_code == 302


def test_a_colleague_may_add_but_not_take_away_people(client: Client, maya: Contact, rui: User) -> None:
    entry = make_entry(maya, by=rui)
    tomas = make_contact("Tomás")
    client.force_login(make_user(role="front_desk"))
    assert client.post(url("people", entry), {"contacts": [maya.pk, tomas.pk]}, headers=HTMX).status_code == 200
    assert client.post(url("people", entry), {"contacts": [tomas.pk]}, headers=HTMX).status_code == 403
    assert people_of(entry) == {maya, tomas}


def test_forms_are_pages_without_javascript(client: Client, maya: Contact, rui: User) -> None:
    entry = make_entry(maya, by=rui)
    for name in ("edit", "people", "files", "history"):
        page = client.get(url(name, entry))
        assert page.status_code == 200
        assert b"<html" in page.content
    dialog = client.get(url("edit", entry), headers=HTMX)
    assert b"<dialog" in dialog.content
    assert client.post(url("pin", entry)).status_code == 302
