"""The page of a contact: everything about them, for those who may know of them."""

import pytest
from django.test import Client

from regulars.access.tests.factories import make_user
from regulars.contacts.models import Fact, ImportantDate, Opener, Relationship
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.contacts.tests.pages import sign_in

pytestmark = pytest.mark.django_db


def test_the_page_shows_who_they_are_and_how_to_reach_them() -> None:
    owner = make_user("Inês Duarte")
    maya = make_contact(
        "Maya Okafor",
        owner=owner,
        email="maya@lumen.example",
        phone="+351 912 555 014",
        company=make_company("Lumen Studios", by=owner),
        role="Head of events",
        profile={"pronouns": "she/her", "pronunciation": "MY-ah"},
        tags=["events"],
    )
    Fact.objects.create(contact=maya, kind="limit", text="Allergic to hazelnut")
    Opener.objects.create(contact=maya, text="How is Biscuit's leg?")
    ImportantDate.objects.create(contact=maya, kind="birthday", day=9, month=2)
    page = sign_in(owner).get(f"/contacts/{maya.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    for part in (
        "Maya Okafor",
        "MY-ah",
        "she/her",
        "Head of events",
        "Lumen Studios",
        "tel:+351912555014",
        "mailto:maya@lumen.example",
        "https://wa.me/351912555014",
        "Allergic to hazelnut",
        "Biscuit",
        "9 February",
        "events",
        "Inês Duarte",
    ):
        assert part in text, part


def test_relationships_read_right_from_both_ends() -> None:
    owner = make_user()
    ana, rui = make_contact("Ana", owner=owner), make_contact("Rui", owner=owner)
    Relationship.objects.create(contact=ana, other=rui, kind="mother")
    client = sign_in(owner)
    assert "mother of" in client.get(f"/contacts/{ana.pk}/sections/around/").content.decode()
    assert "child of" in client.get(f"/contacts/{rui.pk}/sections/around/").content.decode()


def test_people_and_companies_that_are_hidden_do_not_show_through() -> None:
    boss, colleague = make_user(), make_user()
    firm = make_company("Secret Firm", owner=boss, visibility="owner")
    hidden = make_contact("Hidden Person", owner=boss, visibility="owner")
    open_one = make_contact("Open Person", owner=boss, company=firm, profile={"source_contact": hidden})
    Relationship.objects.create(contact=hidden, other=open_one, kind="spouse")
    text = sign_in(colleague).get(f"/contacts/{open_one.pk}/").content.decode()
    assert "Hidden Person" not in text
    assert "Secret Firm" not in text
    assert "Secret Firm" in sign_in(boss).get(f"/contacts/{open_one.pk}/").content.decode()


def test_a_stranger_gets_404_and_nobody_is_let_in_without_signing_in() -> None:
    boss, stranger = make_user(), make_user()
    hidden = make_contact("Hidden Person", owner=boss, visibility="owner")
    client = sign_in(stranger)
    for address in (f"/contacts/{hidden.pk}/", f"/contacts/{hidden.pk}/edit/", f"/contacts/{hidden.pk}/photo/"):
        assert client.get(address).status_code == 404
    assert client.get("/contacts/987654321/").status_code == 404
    assert Client().get(f"/contacts/{hidden.pk}/").status_code == 302
    assert client.post(f"/contacts/{hidden.pk}/").status_code == 405


def test_a_reader_sees_the_page_without_the_means_to_change_it() -> None:
    maya = make_contact("Maya Okafor")
    reader = sign_in(make_user(role="reader"))
    text = reader.get(f"/contacts/{maya.pk}/").content.decode()
    assert "Maya Okafor" in text
    assert f"/contacts/{maya.pk}/edit/" not in text
    assert reader.get(f"/contacts/{maya.pk}/edit/").status_code == 403
