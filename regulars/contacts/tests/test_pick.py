"""Picking somebody by typing part of a name."""

import pytest

from regulars.access.tests.factories import make_user
from regulars.contacts.actions import find_or_add_tags
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.contacts.tests.pages import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["may", "oka may", "OKAFOR", "maya@lumen.example", "5550", "Mayq Okafor", ""])
def test_people_are_found_by_name_point_and_with_a_wrong_letter(typed: str) -> None:
    owner = make_user()
    make_contact("Maya Okafor", owner=owner, email="maya@lumen.example", phone="+351 912 555 014")
    text = sign_in(owner).get("/contacts/pick/", {"q": typed}).content.decode()
    assert "Maya Okafor" in text
    assert 'role="option"' in text


def test_companies_and_tags_are_found_and_the_one_at_hand_is_left_out() -> None:
    owner = make_user()
    lumen = make_company("Lumen Studios", by=owner)
    find_or_add_tags(["events"])
    client = sign_in(owner)
    assert f'data-value="{lumen.pk}"' in client.get("/companies/pick/?q=lum").content.decode()
    assert f'data-value="id:{lumen.pk}"' in client.get("/companies/pick-or-name/?q=lum").content.decode()
    assert "Lumen" not in client.get(f"/companies/pick/?q=lum&except={lumen.pk}").content.decode()
    assert "events" in client.get("/tags/pick/?q=%23eve").content.decode()
