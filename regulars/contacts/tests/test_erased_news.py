"""What colleagues were told of somebody who is erased."""

import pytest

from regulars.access.models import Notification
from regulars.access.notices import notify
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.tests.factories import make_contact

pytestmark = pytest.mark.django_db


def test_an_erased_person_is_named_nowhere_in_the_news() -> None:
    boss, rui = make_user(role="owner"), make_user("Rui Silva")
    maya = make_contact("Maya Okafor", by=rui)
    notify([rui], kind="mention", text="Late: Quote, promised to Maya Okafor", url="/promises/5/")
    notify([rui], kind="mention", text="Late: Invoice, promised to Maya Okaforsson", url="/promises/6/")
    erase_contact(maya, by=boss)
    texts = list(Notification.objects.order_by("pk").values_list("text", flat=True))
    assert "Okafor" not in texts[0]
    assert texts[0].startswith("Late: Quote, promised to ")
    assert "Okaforsson" in texts[1]
