"""While a person is typed: do we know them already?"""

import pytest

from regulars.access.tests.factories import make_user
from regulars.contacts.finding.duplicates import similar_contacts
from regulars.contacts.tests.factories import make_contact
from regulars.contacts.tests.pages import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Maya Okafor", True),
        ("maya okafor", True),
        ("Okafor Maya", True),
        ("Maia Okafor", True),
        ("Maya Okafro", True),
        ("Maya Okaforr", True),
        ("Mayá Okafor", True),
        ("Maya", False),
        ("Ma", False),
        ("Maya Prado", False),
        ("", False),
        ("%_\\", False),
    ],
)
def test_names_are_found_as_typed_turned_round_and_with_one_wrong_letter(typed: str, found: bool) -> None:
    owner = make_user()
    make_contact("Maya Okafor", owner=owner)
    make_contact("Helena Prado", owner=owner)
    assert [match.contact.display_name for match in similar_contacts(owner, typed)] == (
        ["Maya Okafor"] if found else []
    )


def test_email_and_phone_are_found_however_they_are_written() -> None:
    owner = make_user()
    make_contact("Maya", owner=owner, email="Maya@Lumen.example", phone="+351 912 555 014")
    assert similar_contacts(owner, emails=["maya@lumen.EXAMPLE"])[0].reason == "email"
    assert similar_contacts(owner, phones=["+351-912555014"])[0].reason == "phone"
    assert not similar_contacts(owner, phones=["+351"])


def test_hidden_and_binned_people_are_never_offered() -> None:
    boss = make_user()
    make_contact("Hidden Person", owner=boss, visibility="owner", email="h@h.example")
    assert similar_contacts(make_user(), "Hidden Person", ["h@h.example"]) == []
    assert len(similar_contacts(boss, "Hidden Person", ["h@h.example"])) == 1


def test_the_form_warns_and_offers_to_open_the_one_that_exists() -> None:
    owner = make_user()
    maya = make_contact("Maya Okafor", owner=owner, phone="+351912555014")
    client = sign_in(owner)
    ask = {"given_name": "Maia", "family_name": "Okafor", "points-TOTAL_FORMS": "1"}
    text = client.get("/contacts/similar/", ask).content.decode()
    assert f'href="/contacts/{maya.pk}/"' in text
    ask = {"points-TOTAL_FORMS": "1", "points-0-kind": "phone", "points-0-value": "+351 912555014"}
    assert "same phone" in client.get("/contacts/similar/", ask).content.decode()
    assert client.get("/contacts/similar/", {"given_name": "Nobody"}).content.decode().strip() == ""
    assert sign_in(make_user(role="reader")).get("/contacts/similar/").status_code == 403
