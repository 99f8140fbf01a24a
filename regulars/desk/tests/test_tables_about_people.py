"""Every table that holds something of a person takes part in merging, erasing and the person's own export.

The tables are found by looking at the models, so a new one can't be forgotten: it fails here until it takes part, or
until its reason not to stands below.
"""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from regulars.access.models import User
from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge
from regulars.contacts.exporting import everything_about
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.contacts.tests.rows import make_row

pytestmark = pytest.mark.django_db
Field = tuple[type[models.Model], "models.ForeignKey[Any, Any]"]

# What is counted again from the rest for whoever is left: it need not move when two become one.
COUNTED_AGAIN = {
    "contacts.introducertotal", "contacts.nameword", "contacts.profile", "contacts.rhythm", "insights.atrisk",
    "insights.besttime", "insights.habit", "insights.prediction", "insights.standing", "orders.customerfacts",
    "orders.customermonth",
}  # fmt: skip
# One introducer each: merging chooses between the two by itself (contacts/actions/merging_introducers.py).
CHOSEN = {("contacts.referral", "contact"), ("contacts.referral", "company")}
# What stays with a person who was erased, without anything personal: what was sold stays sold.
KEPT = {
    ("orders.order", "contact"), ("contacts.contact", "merged_into"), ("orders.customerfacts", "contact"),
    ("orders.customermonth", "contact"),
}  # fmt: skip
# Under which key the export tells of it; "" for what says nothing of its own, with the reason beside it.
TOLD = {
    "contacts.address": "record", "contacts.consent": "consents", "contacts.contact": "",  # where an old address leads
    "contacts.contactpoint": "record", "contacts.contacttag": "record", "contacts.employment": "companies",
    "contacts.fact": "facts", "contacts.importantdate": "important_dates",
    "contacts.introducertotal": "",  # what those whom they brought come to
    "contacts.involvement": "timeline",
    "contacts.nameword": "",  # the words of the name, for the search
    "contacts.opener": "openers", "contacts.profile": "record", "contacts.referral": "referrals",
    "contacts.referralcode": "",  # a made-up word in a link
    "contacts.relationship": "relationships",
    "contacts.rhythm": "",  # what the moments come to
    "contacts.segmentmember": "",  # what the conditions of a list choose
    "insights.atrisk": "",  # warnings of the day, out of the orders that are told
    "insights.attempt": "win_back", "insights.besttime": "best_time", "insights.habit": "habits",
    "insights.prediction": "prediction", "insights.riskword": "win_back", "insights.standing": "value",
    "insights.tierchange": "value", "insights.why": "win_back",
    "orders.buyerkey": "",  # what a shop calls them
    "orders.coupon": "loyalty", "orders.couponuse": "loyalty",
    "orders.customerfacts": "",  # what the orders come to
    "orders.customermonth": "",
    "orders.giftcard": "loyalty", "orders.loyaltycard": "loyalty", "orders.order": "orders",
    "promises.appointmentcontact": "appointments", "promises.occasion": "",  # a day of theirs that is told already
    "promises.promise": "promises", "promises.task": "tasks", "promises.thanks": "thanks",
}  # fmt: skip


def fields_about(*hosts: type[models.Model]) -> list[Field]:
    """Every foreign key of ours to these models."""
    return [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("regulars.") or model._meta.app_label == "promises"
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model in hosts
    ]


def fill(contact: Contact, fields: list[Field], by: User) -> None:
    """Keep a row of every table about `contact`."""
    problems = []
    for model, field in fields:
        try:
            with transaction.atomic():
                make_row(model, by, **{field.name: contact})
        except IntegrityError as problem:
            problems.append(f"{model._meta.label_lower} ({field.name}): {problem}")
    assert not problems, "say in VALUES what a row of these needs"


@pytest.fixture
def ines() -> User:
    make_organisation()
    return make_user("Inês Duarte", role="owner")


def left(fields: list[Field], holder: models.Model, excused: set[tuple[str, str]]) -> list[tuple[str, str]]:
    found = [(model._meta.label_lower, field.name) for model, field in fields
             if model._base_manager.filter(**{field.name: holder}).exists()]  # fmt: skip
    return [one for one in found if one not in excused]


def test_merging_takes_every_table_along(ines: User) -> None:
    fields = fields_about(Contact)
    assert len(fields) > 35
    into, other = make_contact("Ana Prado", by=ines), make_contact("Ana Prado Lima", by=ines)
    fill(other, fields, ines)
    merge(into, other, {}, by=ines)
    counted = {(model._meta.label_lower, field.name) for model, field in fields
               if model._meta.label_lower in COUNTED_AGAIN}  # fmt: skip
    assert left(fields, other, counted | CHOSEN) == []


def test_erasing_reaches_every_table(ines: User) -> None:
    fields = fields_about(Contact)
    ana = make_contact("Ana Prado", by=ines)
    fill(ana, fields, ines)
    erase_contact(ana, by=ines)
    assert left(fields, ana, KEPT) == []


def test_the_export_tells_of_every_table(ines: User) -> None:
    fields = fields_about(Contact)
    told = {model._meta.label_lower for model, _field in fields}
    assert told == TOLD.keys(), "say in TOLD under which key a person's export tells of it"
    bare, ana = make_contact("Bea Prado", by=ines), make_contact("Ana Prado", by=ines)
    fill(ana, fields, ines)
    nothing, everything = (everything_about(one, ines, []) for one in (bare, ana))
    for label, key in TOLD.items():
        if key and key not in ("record", "timeline"):
            assert len(json.dumps(everything[key], default=str)) > len(json.dumps(nothing[key], default=str)), label
