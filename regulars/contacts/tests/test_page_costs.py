"""What the pages of people cost: the same number of queries for a little and for a lot."""

import pytest
from django.core.cache import cache

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Company, Contact, CustomField, Fact, ImportantDate, Opener, Relationship
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.tests.pages import sign_in
from regulars.lib.tests.queries import assert_query_count

pytestmark = pytest.mark.django_db


def fill(contact: Contact, company: Company, by: User, times: int) -> None:
    for n in range(times):
        friend = make_contact(f"Friend {n}", owner=by, company=company, profile={"source_contact": contact})
        Relationship.objects.create(contact=contact, other=friend, kind="friend")
        Fact.objects.create(contact=contact, kind="like", text=f"Likes {n}")
        Opener.objects.create(contact=contact, text=f"How is {n}?")
        ImportantDate.objects.create(contact=contact, kind="other", label=f"Day {n}", day=n % 28 + 1, month=3)
        make_entry(contact, friend, by=by, text=f"Met {n}", kind="visit")


def test_the_pages_of_a_contact_and_a_company_cost_a_fixed_number_of_queries() -> None:
    owner = make_user()
    CustomField.objects.create(key="table", label="Table", kind="text")
    company = make_company("Lumen", by=owner)
    maya = make_contact(
        "Maya",
        owner=owner,
        company=company,
        email="m@a.example",
        tags=["a"],
        custom={"table": "1"},
        profile={"source_contact": make_contact("Rui", owner=owner)},
    )
    client = sign_in(owner)
    for times in (2, 10):
        fill(maya, company, owner, times)
        client.get(f"/contacts/{maya.pk}/")
        client.get(f"/companies/{company.pk}/")
        with assert_query_count("contact page"):
            client.get(f"/contacts/{maya.pk}/")
        with assert_query_count("company page"):
            client.get(f"/companies/{company.pk}/")
        with assert_query_count("contact edit form"):
            client.get(f"/contacts/{maya.pk}/edit/")
    cache.clear()
