"""The business that everything belongs to: read once for a page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.access.models import Organisation
from regulars.access.tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_a_page_reads_it_once_and_the_next_one_reads_what_was_changed(client: Client) -> None:
    make_organisation(name="Harbor & Pine", currency="EUR")
    client.force_login(make_user(role="owner"))
    with CaptureQueriesContext(connection) as captured:
        assert "Harbor &amp; Pine" in client.get("/").text
    assert sum('FROM "access_organisation"' in query["sql"] for query in captured) == 1
    Organisation.objects.update(name="Lighthouse Books")
    assert "Lighthouse Books" in client.get("/").text


def test_outside_of_a_page_it_is_read_anew() -> None:
    business = make_organisation(name="Harbor & Pine")
    with business.known():
        Organisation.objects.update(name="Lighthouse Books")
        assert Organisation.current() is business
    found = Organisation.current()
    assert found is not None
    assert found.name == "Lighthouse Books"
