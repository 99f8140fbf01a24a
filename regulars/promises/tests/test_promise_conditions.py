"""People are chosen by what we promised them."""

import pytest
from django.test import Client

from regulars.access.models import User
from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.promises.ledger.conditions import KeptRate
from regulars.promises.tests.promises import make_promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    make_organisation(modules=["promises"])
    return make_user()


def test_people_are_chosen_by_promises_and_rates(client: Client, user: User) -> None:
    late, kept, nobody = (make_contact(name, by=user) for name in ("Late One", "Kept One", "Nobody Yet"))
    make_promise(to=late, owner=user, days=-2)
    make_promise(to=late, owner=user, days=2)
    for _n in range(5):
        make_promise(to=kept, owner=user).keep(by=user)
    client.force_login(user)

    def shown(query: str) -> set[str]:
        text = client.get(f"/contacts/?{query}").content.decode()
        return {name for name in ("Late One", "Kept One", "Nobody Yet") if name in text}

    assert shown("promises.state=late&promises.many=1") == {"Late One"}
    assert shown("promises.state=open&promises.many=2") == {"Late One"}
    assert shown("promises.state=open&promises.many=3") == set()
    assert shown("promises.state=none&promises.many=1") == {"Nobody Yet"}
    assert shown("kept_rate.how=from&kept_rate.percent=100") == {"Kept One"}
    below = KeptRate().q({"how": "below", "percent": 100}, user, kept.created_at.date())
    assert not Contact.objects.filter(below).exists()
    assert nobody.display_name in shown("")
