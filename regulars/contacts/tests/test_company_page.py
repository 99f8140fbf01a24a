"""Companies: their page, adding and editing, whom one may see there."""

import pytest

from regulars.access.models import AuditEvent
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Company
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.tests.pages import form_data, hidden, sign_in

pytestmark = pytest.mark.django_db


def test_the_page_shows_people_with_roles_parts_and_the_timeline_of_its_people() -> None:
    owner = make_user()
    group = make_company("Lumen Group", by=owner)
    lumen = make_company(
        "Lumen Studios", by=owner, parent=group, industry="Events", domain="lumen.example", tags=["b2b"]
    )
    make_company("Lumen Kids", by=owner, parent=lumen)
    maya = make_contact("Maya Okafor", owner=owner, company=lumen, role="Head of events")
    make_entry(maya, by=owner, text="Asked about the tasting")
    page = sign_in(owner).get(f"/companies/{lumen.pk}/")
    text = page.content.decode()
    for part in ("Lumen Group", "Lumen Kids", "Maya Okafor", "Head of events", "the tasting", "lumen.example", "b2b"):
        assert part in text, part
    assert AuditEvent.objects.filter(verb="saw", kind="company", object_id=lumen.pk).exists()


def test_hidden_people_parents_and_parts_do_not_show() -> None:
    boss = make_user()
    group = make_company("Secret Group", by=boss, visibility="owner")
    lumen = make_company("Lumen", by=boss, parent=group)
    make_company("Secret Part", by=boss, parent=lumen, visibility="owner")
    make_contact("Secret Person", owner=boss, company=lumen, visibility="owner")
    client = sign_in(make_user())
    for address in (f"/companies/{lumen.pk}/", f"/companies/{lumen.pk}/edit/", "/companies/pick/?q=secret"):
        assert "Secret" not in client.get(address).content.decode(), address
    assert client.get(f"/companies/{group.pk}/").status_code == 404


def test_a_company_is_added_and_edited_and_two_editors_are_told() -> None:
    owner = make_user()
    client = sign_in(owner)
    data = form_data(
        ("phone", "+351 21 000 000"), display_name="Lumen", domain="https://www.Lumen.example/about", tags=["b2b"]
    )
    assert client.post("/companies/new/", data).status_code == 302
    lumen = Company.objects.get()
    assert (lumen.domain, lumen.points.count(), lumen.owner) == ("lumen.example", 1, None)
    address = f"/companies/{lumen.pk}/edit/"
    stale = hidden(client, address)
    edited = form_data(display_name="Lumen Studios", parent="Lumen Group")
    assert client.post(address, edited | hidden(client, address)).status_code == 302
    lumen.refresh_from_db()
    assert (lumen.display_name, str(lumen.parent), lumen.version) == ("Lumen Studios", "Lumen Group", 2)
    conflict = client.post(address, form_data(display_name="Lumen Ltd") | stale)
    assert conflict.status_code == 409
    assert "Lumen Studios" in conflict.content.decode()
    assert client.post(address, form_data(display_name="") | hidden(client, address)).status_code == 422


def test_a_company_can_not_be_part_of_itself() -> None:
    owner = make_user()
    lumen = make_company("Lumen", by=owner)
    part = make_company("Part", by=owner, parent=lumen)
    client = sign_in(owner)
    address = f"/companies/{lumen.pk}/edit/"
    answer = client.post(address, form_data(display_name="Lumen", parent=f"id:{part.pk}") | hidden(client, address))
    assert answer.status_code == 422
    assert "part of itself" in answer.content.decode()


def test_the_ladder() -> None:
    boss = make_user()
    lumen = make_company("Lumen", by=boss, visibility="owner")
    seen = make_company("Seen", by=boss)
    assert sign_in(make_user()).get(f"/companies/{lumen.pk}/").status_code == 404
    assert sign_in(make_user(role="manager")).get(f"/companies/{lumen.pk}/").status_code == 200
    reader = sign_in(make_user(role="reader"))
    assert reader.get(f"/companies/{seen.pk}/").status_code == 200
    assert reader.get(f"/companies/{seen.pk}/edit/").status_code == 403
    assert reader.get("/companies/new/").status_code == 403
    assert reader.get("/companies/987654/").status_code == 404
    assert reader.post(f"/companies/{seen.pk}/").status_code == 405
