"""What a context registers is a filter of the list at once, with its form and its words."""

from collections.abc import Iterator
from datetime import date

import pytest
from django import forms
from django.db.models import Q
from django.http import QueryDict

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts import filters
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.contacts.filters import Scope, base, filter_named, read_conditions
from regulars.contacts.lists.listing import PeopleList
from regulars.contacts.tests.factories import make_contact

pytestmark = pytest.mark.django_db


class LettersForm(forms.Form):
    many = forms.IntegerField(min_value=1, initial=4)


class LongName(Condition):
    key, label, form = "letters", "Letters", LettersForm

    def q(self, value: Value, user: User, today: date) -> Q:
        return Q(display_name__regex=f"^.{{{value['many']},}}$")

    def words(self, value: Value) -> str:
        return f"A name of {value['many']} letters or more"


@pytest.fixture
def long_name() -> Iterator[None]:
    register_condition(LongName())
    yield
    base._filters.pop("letters")


def test_a_registered_condition_filters_the_list(long_name: None) -> None:
    ines = make_user("Inês Duarte")
    maya = make_contact("Maya Okafor", owner=ines)
    scope = Scope("contact", ines)
    people = PeopleList(QueryDict("letters.many=4"), scope)
    assert [c.words for c in people.conditions] == ["A name of 4 letters or more"]
    assert people.page().ids == [maya.pk]
    assert PeopleList(QueryDict("letters.many=40"), scope).page().ids == []
    assert read_conditions(QueryDict("letters.many=none"), scope) == []  # nonsense is left out
    chosen = filter_named("letters", scope)
    assert chosen is not None
    assert 'name="letters.many"' in str(chosen.form(None, scope))
    assert chosen in filters.filters_for(scope)
