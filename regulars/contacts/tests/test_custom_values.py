"""Values of custom fields are stored in one shape, whatever way people write them."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.fields.custom import as_text, clean, clean_all, display, people_in, put
from regulars.contacts.models import CustomField
from regulars.contacts.tests.factories import make_contact

OPTIONS = ["vegan", "nut allergy", "bread, butter"]


def field(kind: str) -> CustomField:
    return CustomField(key="f", label="Field", kind=kind, options=OPTIONS)


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        ("text", "  window   table ", "window table"),
        ("text", " ", None),
        ("longtext", "one\n\ntwo", "one\n\ntwo"),
        ("number", "42", 42),
        ("number", "12,5", 12.5),
        ("number", "1.234,56", 1234.56),
        ("number", "1,234.56", 1234.56),
        ("number", "1,234", 1234),
        ("number", "0,125", 0.125),
        ("number", "1 234", 1234),
        ("number", 0, 0),
        ("money", "12.5", {"amount": "12.50", "currency": "EUR"}),
        ("money", "$1,200", {"amount": "1200.00", "currency": "USD"}),
        ("money", "1200 chf", {"amount": "1200.00", "currency": "CHF"}),
        ("money", {"amount": "7", "currency": "gbp"}, {"amount": "7.00", "currency": "GBP"}),
        ("money", {"amount": "", "currency": "EUR"}, None),
        ("date", "2026-11-21", "2026-11-21"),
        ("date", "21.11.2026", "2026-11-21"),
        ("date", "11/21/2026", "2026-11-21"),
        ("date", date(2026, 11, 21), "2026-11-21"),
        ("choice", "VEGAN", "vegan"),
        ("choices", "nut allergy; vegan", ["vegan", "nut allergy"]),
        ("choices", "bread, butter", ["bread, butter"]),
        ("choices", [], None),
        ("yesno", "ja", True),
        ("yesno", False, False),
        ("link", "harbor.example/menu", "https://harbor.example/menu"),
    ],
)
def test_a_value_is_stored_in_one_shape_and_cleaning_it_again_changes_nothing(kind: str, raw: Any, stored: Any) -> None:
    assert clean(field(kind), raw) == stored
    assert clean(field(kind), stored) == stored
    assert clean(field(kind), as_text(field(kind), stored)) == stored


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("text", "x" * 301),
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e400"),
        ("money", "a lot"),
        ("date", "2026-02-31"),
        ("date", "soon"),
        ("choice", "keto"),
        ("choices", ["vegan", "keto"]),
        ("yesno", "perhaps"),
        ("link", "javascript:alert(1)"),
        ("link", "just words"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(kind: str, raw: Any) -> None:
    with pytest.raises(ValidationError) as problem:
        clean(field(kind), raw)
    assert problem.value.messages[0].endswith(".")


@pytest.mark.parametrize("kind", CustomField.Kind.values)
def test_showing_never_fails_whatever_is_stored(kind: str) -> None:
    for stored in (None, "", "text", 3, 2.5, True, ["a"], {"amount": "x"}, {}):
        assert isinstance(display(field(kind), stored), str)


def test_values_read_well() -> None:
    assert display(field("money"), {"amount": "1200.50", "currency": "EUR"}) == "1,200.50 EUR"
    assert display(field("date"), "2026-11-21") == "21 Nov 2026"
    assert display(field("choices"), ["vegan", "nut allergy"]) == "vegan, nut allergy"
    assert display(field("yesno"), False) == "No"


def test_several_fields_are_cleaned_at_once_and_empty_ones_leave_the_record() -> None:
    fields = [CustomField(key="size", kind="number"), CustomField(key="diet", kind="choice", options=["vegan"])]
    values, errors = clean_all(fields, {"size": "", "diet": "keto"})
    assert values == {"size": None}
    assert list(errors) == ["diet"]
    assert put({"size": 4, "other": 1}, values) == {"other": 1}


@pytest.mark.django_db
def test_a_person_in_a_field_must_exist_and_is_shown_only_to_those_who_may_know_of_them() -> None:
    make_organisation()
    nora, stranger = make_user(), make_user()
    hidden = make_contact("Maya Okafor", owner=nora, visibility="owner")
    person = field("contact")
    assert clean(person, str(hidden.pk), user=nora) == hidden.pk
    with pytest.raises(ValidationError):
        clean(person, hidden.pk, user=stranger)
    assert display(person, hidden.pk, people=people_in([person], [{"f": hidden.pk}], nora)) == "Maya Okafor"
    assert display(person, hidden.pk, people=people_in([person], [{"f": hidden.pk}], stranger)) == ""
