"""Whoever buys for the first time becomes a customer, once, and a colleague has the last word."""

import pytest

from regulars.access.models import AuditEvent
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact, Involvement, Stage
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.orders.actions.changing import cancel, give_to, reinstate
from regulars.orders.models import Order
from regulars.orders.recording import record_many, remove
from regulars.orders.tests.factories import make_draft, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stages() -> None:
    for position, key in enumerate(("lead", "prospect", "customer", "regular", "lapsed", "partner")):
        is_customer = key in ("customer", "regular", "lapsed")
        Stage.objects.create(key=key, name=key.title(), position=position, is_customer=is_customer)


def stage_of(holder: Contact) -> str:
    holder.refresh_from_db()
    return holder.stage.key if holder.stage else ""


def put(holder: Contact, key: str) -> None:
    Contact.objects.filter(pk=holder.pk).update(stage=Stage.objects.get(key=key))


def told(holder: Contact) -> int:
    return Involvement.objects.filter(contact=holder, kind="milestone").count()


def test_the_first_order_makes_a_customer_of_a_lead_and_only_the_first() -> None:
    lumen = make_company("Lumen")
    maya, rui, tom = make_contact("Maya Okafor"), make_contact("Rui Costa"), make_contact("Tom Lima")
    put(maya, "lead")
    put(rui, "partner")
    Contact.objects.filter(pk=maya.pk).update(company=lumen)
    maya.refresh_from_db()
    record_many([make_draft(days=3), make_draft(days=9)], holder=maya)
    for holder in (rui, tom):
        make_order(holder)
    lumen.refresh_from_db()
    assert [stage_of(one) for one in (maya, rui, tom)] == ["customer", "partner", "customer"]
    assert (lumen.stage and lumen.stage.key, told(maya), told(rui)) == ("customer", 1, 0)
    line = Involvement.objects.get(contact=maya, kind="milestone").entry
    assert (line.text, line.occurred_at.date()) == ("Became a customer", Order.objects.earliest("placed_at").placed_on)
    event = AuditEvent.objects.get(kind="contact", object_id=maya.pk, verb="changed")
    assert (event.changes, event.actor) == ({"Stage": ["Lead", "Customer"]}, None)
    put(maya, "prospect")
    make_order(maya)
    record_many([make_draft(days=400)], holder=maya)
    assert (stage_of(maya), told(maya)) == ("prospect", 1)


def test_the_stage_goes_back_with_the_order_unless_somebody_changed_it() -> None:
    ines, maya, rui = make_user(role="owner"), make_contact("Maya Okafor"), make_contact("Rui Costa")
    put(maya, "prospect")
    first, second = make_order(maya, days=2), make_order(maya, days=1)
    cancel(first, by=ines)
    assert stage_of(maya) == "customer", "the other one is still theirs"
    cancel(second, by=ines)
    assert (stage_of(maya), told(maya)) == ("prospect", 0)
    reinstate(second, by=ines)
    assert stage_of(maya) == "customer"
    give_to(second, rui, by=ines)
    assert (stage_of(maya), stage_of(rui)) == ("prospect", "customer")
    put(rui, "regular")
    remove([second])
    assert (stage_of(rui), told(rui)) == ("regular", 0)
