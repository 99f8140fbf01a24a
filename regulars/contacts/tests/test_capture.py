"""Logging a moment through the capture box: preview, save, people by name, undo, and who may."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from regulars.access.models import Notification, Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Company, Contact, Involvement, Opener, Tag
from regulars.contacts.tests.factories import make_company, make_contact
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
    return make_contact("Maya Okafor", owner=rui, given_name="Maya", family_name="Okafor")


def save(client: Client, **data: Any) -> Any:
    return client.post(reverse("capture"), {"kind": "note", **data}, headers=HTMX)


def preview(client: Client, **data: Any) -> str:
    return client.post(reverse("capture-preview"), {"kind": "note", **data}, headers=HTMX).content.decode()


def people_of(entry: Entry) -> set[Contact | Company]:
    return {row.holder for row in entry.involvements.all()}


def test_one_line_on_a_persons_page_is_a_moment_on_their_timeline(client: Client, maya: Contact, rui: User) -> None:
    answer = save(client, text="came in for beans yesterday ? how is Biscuit's leg #wholesale", on=f"contact-{maya.pk}")
    assert answer.status_code == 200
    entry = Entry.objects.get()
    assert (entry.kind, entry.author, entry.text) == ("visit", rui, "Came in for beans")
    assert timezone.localdate(entry.occurred_at) < timezone.localdate()
    assert people_of(entry) == {maya}
    assert Opener.objects.get().text == "How is Biscuit's leg?"
    assert [tag.name for tag in maya.tags.all()] == ["wholesale"]
    maya.refresh_from_db()
    assert maya.last_contact == entry.occurred_at


def test_a_tag_of_two_words_is_found_by_a_dash(client: Client, maya: Contact) -> None:
    Tag.objects.create(name="Brings friends")
    save(client, text="Came with Rui #brings-friends", on=f"contact-{maya.pk}")
    assert [tag.name for tag in maya.tags.all()] == ["Brings friends"]
    assert Tag.objects.count() == 1


def test_the_answer_refreshes_the_page_and_offers_undo(client: Client, maya: Contact) -> None:
    answer = save(client, text="hello", on=f"contact-{maya.pk}")
    events = json.loads(answer.headers["HX-Trigger"])
    assert {"moment-changed", "brief-changed", "dialog:close", "toast"} <= set(events)
    (word,) = events["toast"]["toasts"]
    assert "Maya Okafor" in word["text"]
    entry = Entry.objects.get()
    assert client.post(word["undo"], headers=HTMX).status_code == 200
    assert not Entry.objects.present().filter(pk=entry.pk).exists()


def test_without_javascript_it_leads_to_the_persons_page(client: Client, maya: Contact) -> None:
    answer = client.post(reverse("capture"), {"text": "hello", "on": f"contact-{maya.pk}"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == maya.get_absolute_url()


@pytest.mark.parametrize(
    "text", ["Called Maya Okafor", "called maya okafor", "Okáfor was here", "called maya about it", "Maya’s order"]
)
def test_people_are_recognised_by_name(client: Client, maya: Contact, text: str) -> None:
    make_contact("Tomás Reis")
    assert save(client, text=text).status_code == 200
    assert people_of(Entry.objects.get()) == {maya}


def test_somebody_named_on_anothers_page_is_added(client: Client, maya: Contact) -> None:
    tomas = make_contact("Tomás Reis", company=make_company("Lumen Studios"))
    save(client, text="Came with Tomás Reis", on=f"contact-{maya.pk}")
    assert people_of(Entry.objects.get()) == {maya, tomas, tomas.company}
    assert Involvement.objects.get(company=tomas.company).is_implied


def test_companies_are_recognised_by_name(client: Client, rui: User) -> None:
    lumen = make_company("Lumen Studios")
    save(client, text="Delivered to Lumen Studios today")
    assert people_of(Entry.objects.get()) == {lumen}


def test_a_name_that_several_have_is_asked_about(client: Client, maya: Contact) -> None:
    other = make_contact("Maya Silva")
    shown = preview(client, text="Called Maya about beans")
    assert "Which Maya?" in shown
    assert "Maya Silva" in shown
    assert "Whom is this about?" in shown
    assert save(client, text="Called Maya about beans").status_code == 422
    assert "Which Maya?" not in preview(client, text="Called Maya about beans", pick=other.pk)
    assert save(client, text="Called Maya about beans", contact=other.pk).status_code == 200
    assert people_of(Entry.objects.get()) == {other}


def test_hidden_people_are_neither_found_nor_taken(client: Client, rui: User) -> None:
    hidden = make_contact("Secret Person", visibility="owner")
    assert "Secret Person" not in preview(client, text="Called Secret Person").replace("Called Secret Person", "")
    assert save(client, text="Called Secret Person").status_code == 422
    assert save(client, text="hello", contact=hidden.pk, on=f"contact-{hidden.pk}").status_code == 422
    assert not Entry.objects.exists()


def test_nobody_and_nothing_are_refused_with_a_sentence(client: Client, maya: Contact) -> None:
    nobody = save(client, text="something happened", box="dialog")
    assert nobody.status_code == 422
    assert b"Say whom this is about." in nobody.content
    assert nobody.headers["HX-Retarget"] == "#dialog-found"
    nothing = save(client, text="   ", on=f"contact-{maya.pk}")
    assert b"Say what happened." in nothing.content


def test_chips_show_what_was_understood_and_can_be_taken_away(client: Client, maya: Contact) -> None:
    ines = make_user("Inês Duarte")
    text = "Called Maya Okafor yesterday ? the dog #vip @inês"
    shown = preview(client, text=text)
    for word in ("Maya Okafor", "Call", "12:00", "The dog?", "vip", "Inês Duarte"):
        assert word in shown
    less = preview(client, text=text, drop="date:yesterday")
    assert "12:00" not in less
    assert 'name="not" value="date:yesterday"' in less
    save(client, text=text, **{"not": ["date:yesterday", "person:maya okafor", "tag:vip"], "contact": maya.pk})
    entry = Entry.objects.get()
    assert timezone.now() - entry.occurred_at < timedelta(minutes=1)
    assert not maya.tags.exists()
    assert Notification.objects.get().user == ines


def test_a_kind_chosen_by_hand_wins_over_the_words(client: Client, maya: Contact) -> None:
    save(client, text="called about beans", kind="email", on=f"contact-{maya.pk}")
    assert Entry.objects.get().kind == "email"


def test_an_unknown_kind_is_a_note(client: Client, maya: Contact) -> None:
    save(client, text="hm", kind="milestone", on=f"contact-{maya.pk}")
    assert Entry.objects.get().kind == "note"


def test_promises_are_plain_text_where_there_is_no_such_module(client: Client, maya: Contact) -> None:
    Organisation.objects.update(modules=[])
    save(client, text="! send the quote by friday", on=f"contact-{maya.pk}")
    entry = Entry.objects.get()
    assert (entry.kind, entry.text) == ("note", "! send the quote by friday")


def test_the_dialog_knows_whose_page_it_was_called_from(client: Client, maya: Contact) -> None:
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{maya.get_absolute_url()}"}
    assert b"Log a moment with Maya Okafor" in client.get(reverse("capture"), headers=headers).content
    other = client.get(reverse("capture"), headers={**HTMX, "HX-Current-URL": "http://testserver/"})
    assert b"with Maya" not in other.content
    page = client.get(reverse("capture"), {"on": f"contact-{maya.pk}"})
    assert b"<html" in page.content


@pytest.mark.parametrize(
    ("sign", "word", "expected"), [("@", "in", "@Inês Duarte"), ("#", "wh", "#wholesale"), ("", "Ok", "Maya Okafor")]
)
def test_suggestions(client: Client, maya: Contact, sign: str, word: str, expected: str) -> None:
    make_user("Inês Duarte")
    save(client, text="x #wholesale", on=f"contact-{maya.pk}")
    answer = client.get(reverse("capture-suggest"), {"q": word, "sign": sign})
    assert f'data-insert="{expected}"' in answer.content.decode()


def test_preview_and_save_take_few_queries(
    client: Client, maya: Contact, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    text = "Called Maya Okafor and Tomás with Ana and Rita and Bia and Eva yesterday ? the dog #vip"
    with django_assert_max_num_queries(14):
        preview(client, text=text)


@pytest.mark.parametrize("name", ["capture", "capture-preview", "capture-suggest"])
def test_who_may_log(client: Client, name: str) -> None:
    maya = make_contact("Maya Okafor")
    url, data = reverse(name), {"text": "hello", "on": f"contact-{maya.pk}"}
    method = client.get if name == "capture-suggest" else client.post
    assert method(url, data).status_code == 302
    assert not Entry.objects.exists()
    client.force_login(make_user(role="reader"))
    assert method(url, data).status_code == 403
    client.force_login(make_user(role="front_desk"))
    assert method(url, data, headers=HTMX).status_code == 200
    assert client.delete(url).status_code == 405


@pytest.mark.parametrize("on", ["contact-", "contact-x", "person-1", "contact-99999999999999999999", "company-1"])
def test_a_made_up_holder_is_nobody(client: Client, rui: User, on: str) -> None:
    assert save(client, text="hello", on=on).status_code == 422
