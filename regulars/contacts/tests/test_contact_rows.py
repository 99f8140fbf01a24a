"""What hangs on a contact: facts, openers, dates, people around, companies, consents, points; added in place."""

from typing import Any

import pytest

from regulars.access.models import AuditEvent
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Consent, Contact, Employment, Fact, ImportantDate, Opener, Relationship
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.contacts.tests.pages import sign_in
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db


def new(contact: Contact, kind: str) -> str:
    return f"/contacts/{contact.pk}/{kind}/new/"


def at(contact: Contact, kind: str, row: Any) -> str:
    return f"/contacts/{contact.pk}/{kind}/{row.pk}/"


def test_a_fact_is_added_confirmed_edited_and_retired_with_undo() -> None:
    owner = make_user()
    maya, client = make_contact("Maya", owner=owner), sign_in(owner)
    assert client.get(new(maya, "facts")).status_code == 200
    answer = client.post(new(maya, "facts"), {"text": "Oat milk", "kind": "like", "said_by": "her brother"})
    assert answer.status_code == 200
    assert "Oat milk" in answer.content.decode()
    fact = Fact.objects.get()
    assert (fact.noted_by, fact.said_by) == (owner, "her brother")
    colleague = make_user()
    sign_in(colleague).post(f"{at(maya, 'facts', fact)}confirmation/")
    fact.refresh_from_db()
    assert fact.confirmed_by == colleague
    client.post(at(maya, "facts", fact), {"text": "Oat milk on Mondays", "kind": "like"})
    fact.refresh_from_db()
    assert fact.text == "Oat milk on Mondays"
    client.post(f"{at(maya, 'facts', fact)}retirement/")
    assert "Oat milk" not in client.get(f"/contacts/{maya.pk}/sections/about/").content.decode()
    client.delete(f"{at(maya, 'facts', fact)}retirement/")
    assert "Oat milk" in client.get(f"/contacts/{maya.pk}/sections/about/").content.decode()
    assert AuditEvent.objects.filter(verb="changed", object_id=maya.pk).exists()


def test_an_empty_fact_is_refused_beside_the_field() -> None:
    owner = make_user()
    maya = make_contact("Maya", owner=owner)
    answer = sign_in(owner).post(new(maya, "facts"), {"text": "", "kind": "like"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert answer["HX-Retarget"] == "#row-form-facts"


def test_limits_stand_before_everything_else() -> None:
    owner = make_user()
    maya = make_contact("Maya", owner=owner)
    for kind, text in (("like", "Guji"), ("limit", "Hazelnut"), ("pet", "Biscuit")):
        Fact.objects.create(contact=maya, kind=kind, text=text)
    text = sign_in(owner).get(f"/contacts/{maya.pk}/sections/about/").content.decode()
    assert text.index("Hazelnut") < text.index("Guji") < text.index("Biscuit")


def test_an_opener_is_asked_and_its_answer_becomes_a_fact_or_a_note() -> None:
    owner = make_user()
    maya, client = make_contact("Maya", owner=owner), sign_in(owner)
    client.post(new(maya, "openers"), {"text": "How is Biscuit's leg?"})
    opener = Opener.objects.get()
    asking = f"{at(maya, 'openers', opener)}asking/"
    assert "Biscuit" in client.get(asking).content.decode()
    client.post(asking, {"answer": "Running again", "keep": "fact:pet"})
    opener.refresh_from_db()
    assert (opener.asked_by, opener.answer) == (owner, "Running again")
    assert Fact.objects.get().text == "Running again"
    client.delete(asking)
    opener.refresh_from_db()
    assert opener.asked_at is None
    client.post(asking, {"answer": "All well", "keep": "note"})
    assert "All well" in Entry.objects.get(kind="note").text


def test_dates_come_with_or_without_a_year_and_29_february_is_one() -> None:
    owner = make_user()
    maya, client = make_contact("Maya", owner=owner), sign_in(owner)
    birthday = {"kind": "birthday", "day": 29, "month": 2, "recurs": "on"}
    assert client.post(new(maya, "dates"), birthday).status_code == 200
    assert "29 February" in client.get(f"/contacts/{maya.pk}/sections/dates/").content.decode()
    again = client.post(new(maya, "dates"), {**birthday, "day": 1})
    assert again.status_code == 422
    assert ImportantDate.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "month", "year", "reason"),
    [
        (31, 2, "", "no such day"),
        (30, 2, "", "no such day"),
        (29, 2, "2023", "no such day"),
        (31, 4, "", "no such day"),
        (1, 1, "1", "between 1900 and 2200"),
        (32, 1, "", "less than or equal to 31"),
    ],
)
def test_days_that_no_calendar_has_are_refused(day: int, month: int, year: str, reason: str) -> None:
    owner = make_user()
    maya = make_contact("Maya", owner=owner)
    data = {"kind": "other", "label": "X", "day": day, "month": month, "year": year, "recurs": "on"}
    answer = sign_in(owner).post(new(maya, "dates"), data)
    assert answer.status_code == 422
    assert reason in answer.content.decode()


def test_a_relationship_is_written_once_and_read_and_edited_from_both_ends() -> None:
    owner = make_user()
    ana, rui = make_contact("Ana Sá", owner=owner), make_contact("Rui Sá", owner=owner)
    client = sign_in(owner)
    assert client.post(new(ana, "relationships"), {"kind": "parent", "other": rui.pk}).status_code == 200
    tie = Relationship.objects.get()
    assert "child of" in client.get(at(rui, "relationships", tie)).content.decode()
    double = client.post(new(rui, "relationships"), {"kind": "child", "other": ana.pk})
    assert double.status_code == 422
    edited = {"kind": "sibling", "other": ana.pk, "since": "2001-02-03", "until": "2000-01-01"}
    assert client.post(at(rui, "relationships", tie), edited).status_code == 422
    assert client.post(at(rui, "relationships", tie), {**edited, "until": ""}).status_code == 200
    assert "sibling of" in client.get(f"/contacts/{ana.pk}/sections/around/").content.decode()


def test_nobody_is_related_to_themselves_or_to_somebody_hidden() -> None:
    boss, colleague = make_user(), make_user()
    hidden_one = make_contact("Hidden", owner=boss, visibility="owner")
    maya = make_contact("Maya", owner=colleague)
    client = sign_in(colleague)
    for other in (maya, hidden_one):
        assert client.post(new(maya, "relationships"), {"kind": "friend", "other": other.pk}).status_code == 422
    tie = Relationship.objects.create(contact=maya, other=hidden_one, kind="friend")
    assert client.get(at(maya, "relationships", tie)).status_code == 404
    assert client.delete(at(maya, "relationships", tie)).status_code == 404
    assert "Hidden" not in client.get("/contacts/pick/?q=hid").content.decode()


def test_several_companies_with_roles_and_the_main_one_stands_on_the_contact() -> None:
    owner = make_user()
    maya = make_contact("Maya", owner=owner, company=make_company("Lumen", by=owner), role="Events")
    client = sign_in(owner)
    data = {"company": "Norte Studio", "role": "Partner", "since": "2024-01-01", "is_main": "on"}
    answer = client.post(new(maya, "companies"), data)
    assert answer.status_code == 200
    maya.refresh_from_db()
    assert maya.company is not None
    assert (maya.company.display_name, maya.job_title) == ("Norte Studio", "Partner")
    assert Employment.objects.filter(contact=maya).count() == 2
    work = Employment.objects.get(is_main=True)
    client.delete(at(maya, "companies", work))
    maya.refresh_from_db()
    assert maya.company is None


def test_each_word_on_consent_is_kept_and_the_newest_counts() -> None:
    owner = make_user()
    maya, client = make_contact("Maya", owner=owner), sign_in(owner)
    yes = {"channel": "email", "is_given": "yes", "basis": "consent", "given_on": "2025-01-01"}
    assert client.post(new(maya, "consents"), {**yes, "basis": ""}).status_code == 422
    assert client.post(new(maya, "consents"), {**yes, "given_on": "2099-01-01"}).status_code == 422
    client.post(new(maya, "consents"), yes)
    first = Consent.objects.get()
    client.post(at(maya, "consents", first), {**yes, "is_given": "no", "given_on": "2026-01-01"})
    assert [consent.is_given for consent in Consent.objects.order_by("pk")] == [True, False]
    assert "not allowed" in client.get(f"/contacts/{maya.pk}/sections/reach/").content.decode()


def test_points_and_addresses_are_added_starred_and_removed_with_undo() -> None:
    owner = make_user()
    maya, client = make_contact("Maya", owner=owner, phone="+351 912 555 014"), sign_in(owner)
    client.post(new(maya, "points"), {"kind": "phone", "value": "+351 912 555 015", "is_preferred": "on"})
    maya.refresh_from_db()
    assert (maya.phone, maya.points.count()) == ("+351 912 555 015", 2)
    assert client.post(new(maya, "points"), {"kind": "email", "value": "nonsense"}).status_code == 422
    assert client.post(new(maya, "addresses"), {"label": "home"}).status_code == 422
    client.post(new(maya, "addresses"), {"city": "Lisbon"})
    client.delete(at(maya, "addresses", maya.addresses.get()))
    assert not maya.addresses.exists()
    answer = client.delete(at(maya, "points", maya.points.get(is_preferred=True)), headers={"HX-Request": "true"})
    maya.refresh_from_db()
    assert (maya.phone, maya.points.count()) == ("+351 912 555 014", 1)
    assert "/removals/" in answer["HX-Trigger"]


def test_a_removed_row_comes_back_with_undo_once() -> None:
    owner = make_user()
    maya, client = make_contact("Maya", owner=owner), sign_in(owner)
    fact = Fact.objects.create(contact=maya, kind="like", text="Guji", noted_by=owner)
    client.delete(at(maya, "facts", fact))
    assert not Fact.objects.exists()
    from regulars.access.models import Operation

    removal = Operation.objects.get(kind="removal")
    assert sign_in(make_user(role="reader")).delete(f"/removals/{removal.pk}/").status_code == 403
    assert client.delete(f"/removals/{removal.pk}/").status_code == 204
    assert Fact.objects.get().text == "Guji"
    client.delete(f"/removals/{removal.pk}/")
    assert Fact.objects.count() == 1


@pytest.mark.parametrize(
    "kind", ["facts", "openers", "dates", "relationships", "companies", "consents", "points", "addresses"]
)
def test_the_ladder_for_every_kind_of_row(kind: str) -> None:
    boss = make_user()
    maya = make_contact("Maya", owner=boss, visibility="owner")
    seen = make_contact("Seen", owner=boss)
    address = new(maya, kind)
    assert sign_in(boss).get(address).status_code == 200
    assert sign_in(make_user()).get(address).status_code == 404
    assert sign_in(make_user()).post(address).status_code == 404
    assert sign_in(make_user(role="reader")).get(new(seen, kind)).status_code == 403
    assert sign_in(make_user(role="front_desk")).get(new(seen, kind)).status_code == 200
    assert sign_in(boss).get(f"/contacts/{maya.pk}/{kind}/987654/").status_code == 404
    assert sign_in(boss).put(address).status_code == 405
