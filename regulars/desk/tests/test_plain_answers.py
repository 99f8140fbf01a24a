"""Answers that others leave plain: invalid forms of sign-in, and verbs opened as addresses."""

import pytest
from django.test import Client
from django.urls import reverse

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.tests.factories import make_contact

pytestmark = pytest.mark.django_db


def test_a_wrong_password_comes_back_as_invalid(client: Client) -> None:
    ines = make_user("Inês Duarte")
    answer = client.post(reverse("account_login"), {"login": ines.email, "password": "not this one"})
    assert answer.status_code == 422
    assert b"password" in answer.content


def test_a_verb_opened_as_an_address_says_so(client: Client) -> None:
    ines: User = make_user("Inês Duarte", role="owner")
    maya = make_contact("Maya Okafor", by=ines)
    client.force_login(ines, backend="regulars.access.backends.Backend")
    answer = client.get(reverse("contact-bin", args=[maya.pk]))
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert b"Nothing was changed" in answer.content
    maya.refresh_from_db()
    assert maya.binned_at is None


def test_htmx_gets_the_bare_refusal(client: Client) -> None:
    ines = make_user("Inês Duarte", role="owner")
    maya = make_contact("Maya Okafor", by=ines)
    client.force_login(ines, backend="regulars.access.backends.Backend")
    answer = client.get(reverse("contact-bin", args=[maya.pk]), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (405, b"")


@pytest.mark.parametrize("name", ["contact", "company", "promise", "task", "appointment", "moment"])
def test_an_address_with_a_number_beyond_all_is_not_found(client: Client, name: str) -> None:
    client.force_login(make_user("Nora Pine", role="owner"))
    for number in (2**31, 2**63 - 1, 2**63, 10**30):
        assert client.get(reverse(name, args=[number])).status_code == 404
