"""Harbor & Pine comes with one command and goes with one click, and takes nothing of ours with it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from regulars.access.models import Operation, Organisation, User
from regulars.access.tests.factories import PASSWORD, make_user
from regulars.contacts.models import Company, Contact, Fact, Involvement, NameWord, Opener
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.desk.demo import DEMO_PASSWORD, load_demo, load_demo_business, remove_demo
from regulars.timeline import kinds
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db

FEW = 30  # the whole six hundred take seconds, and once is enough for them


@contextmanager
def _until_the_end(blocker: Any) -> Iterator[None]:
    """What is written here stands for all tests of a class: each takes back what it did itself."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


class TestTheCommand:
    """`regulars demo`, which loads everybody."""

    @pytest.fixture(scope="class")
    @classmethod
    def answer(cls, django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
        """What the command said."""
        with _until_the_end(django_db_blocker):
            call_command("demo", "--json", stdout=(out := StringIO()))
            yield json.loads(out.getvalue())

    def test_the_command_says_how_to_sign_in(self, answer: dict[str, Any]) -> None:
        assert answer["contact"] == 600
        assert Client().login(email=answer["email"], password=answer["password"])
        assert answer["password"] != PASSWORD

    def test_it_is_a_whole_business_with_people_one_remembers(self, answer: dict[str, Any]) -> None:
        assert Contact.objects.count() == 600
        assert Company.objects.count() == 60
        assert set(User.objects.values_list("role", flat=True)) == {
            "owner",
            "manager",
            "member",
            "front_desk",
            "reader",
        }
        maya = Contact.objects.get(display_name="Maya Okafor")
        assert maya.company.display_name == "Lumen Studios"
        assert maya.openers.get().text == "How is Biscuit’s leg?"
        surgery = maya.involvements.get(kind="visit", entry__text__contains="Biscuit").occurred_at
        assert maya.facts.get(kind="pet").text == f"Dachshund Biscuit, leg surgery on {date_format(surgery, 'j F')}"
        assert maya.referral.by_contact.display_name == "Tomás Reis"
        assert Entry.objects.count() > 3000
        assert not Entry.objects.filter(occurred_at__gt=timezone.now()).exists()
        assert Entry.objects.annotate(on=Count("involvements")).filter(on=0).count() == 0


class TestABusinessOfItsOwn:
    """A demo is all there is."""

    @pytest.fixture(scope="class")
    @classmethod
    def loaded(cls, django_db_setup: None, django_db_blocker: Any) -> Iterator[Operation]:
        """Loaded once."""
        with _until_the_end(django_db_blocker):
            yield load_demo_business(people=FEW)

    @pytest.fixture
    def demo(self, loaded: Operation, db: None) -> Operation:
        """As the database has it."""
        return Operation.objects.get(pk=loaded.pk)

    def test_what_lists_and_search_rely_on_is_true(self, demo: Operation) -> None:
        for contact in Contact.objects.order_by("?")[:20]:
            latest = contact.involvements.filter(kind__in=kinds.contact_kinds()).order_by("-occurred_at").first()
            assert contact.last_contact == (latest.occurred_at if latest else None)
        words = set(NameWord.objects.filter(contact__display_name="Maya Okafor").values_list("word", flat=True))
        assert words == {"maya", "okafor"}

    def test_removing_a_whole_demo_leads_back_to_set_up(self, client: Client, demo: Operation) -> None:
        client.force_login(demo.by)
        answer = client.post("/demo/removal/")
        assert answer.status_code == 302
        assert Contact.objects.count() == 0
        assert Organisation.current() is None
        assert not User.objects.filter(is_active=True).exists()
        assert client.get("/", follow=True).redirect_chain[-1][0] == "/setup/"

    def test_a_visitor_is_told_that_it_is_a_demo(self, client: Client, demo: Operation) -> None:
        client.force_login(demo.by)
        page = client.get("/").content.decode()
        assert "This is a demo" in page
        assert 'action="/demo/removal/"' in page

    def test_the_demo_says_at_the_door_who_can_come_in(
        self, client: Client, django_assert_num_queries: Any, demo: Operation
    ) -> None:
        client.get("/account/login/")
        with django_assert_num_queries(1):  # whose door it is
            page = client.get("/account/login/").text
        assert DEMO_PASSWORD in page
        assert "rui@harborandpine.example" in page
        assert "Front desk" in page
        Organisation.objects.update(is_demo=False)
        assert DEMO_PASSWORD not in client.get("/account/login/").text

    def test_only_who_may_remove_the_demo_is_offered_to(self, client: Client, demo: Operation) -> None:
        client.force_login(User.objects.get(role="reader"))
        page = client.get("/").text
        assert "This is a demo" in page
        assert 'action="/demo/removal/"' not in page


class TestInARealBusiness:
    """Sample data beside a person of its own."""

    @pytest.fixture(scope="class")
    @classmethod
    def loaded(cls, django_db_setup: None, django_db_blocker: Any) -> Iterator[Operation]:
        """Loaded once, beside Zita Real."""
        with _until_the_end(django_db_blocker):
            owner = make_user("Ana Own", "owner")
            make_contact("Zita Real", by=owner)
            yield load_demo(by=owner, people=FEW)

    @pytest.fixture
    def demo(self, loaded: Operation, db: None) -> Operation:
        """As the database has it."""
        return Operation.objects.get(pk=loaded.pk)

    def test_the_same_seed_makes_the_same_people(self, demo: Operation) -> None:
        names = list(Contact.objects.order_by("pk").values_list("display_name", flat=True))
        remove_demo(by=demo.by)
        load_demo(by=demo.by, people=FEW)
        assert list(Contact.objects.order_by("pk").values_list("display_name", flat=True)) == names

    def test_a_second_time_is_refused_and_changes_nothing(self, demo: Operation) -> None:
        before = Contact.objects.count()
        with pytest.raises(ValueError, match="here already"):
            load_demo(by=demo.by, people=FEW)
        assert Contact.objects.count() == before

    def test_removing_leaves_what_people_added_themselves(self, demo: Operation) -> None:
        owner, mine = demo.by, Contact.objects.get(display_name="Zita Real")
        make_entry(mine, by=owner, text="A real moment")
        remove_demo(by=owner)
        assert list(Contact.objects.values_list("display_name", flat=True)) == ["Zita Real"]
        assert [entry.text for entry in Entry.objects.all()] == ["A real moment"]
        assert Company.objects.count() == Fact.objects.count() == Opener.objects.count() == 0
        assert Involvement.objects.count() == 1
        assert list(User.objects.all()) == [owner]

    def test_sample_colleagues_of_a_real_business_can_not_sign_in(self, demo: Operation) -> None:
        assert not Client().login(email="rui@harborandpine.example", password=DEMO_PASSWORD)

    @pytest.mark.parametrize(("role", "status"), [("member", 403), ("front_desk", 403), ("reader", 403)])
    def test_only_owners_and_managers_remove_it(self, client: Client, role: str, status: int, demo: Operation) -> None:
        client.force_login(make_user(role=role))
        assert client.post("/demo/removal/").status_code == status
        assert Contact.objects.count() == FEW + 1

    def test_sample_data_in_a_real_business_is_removed_where_it_shows(self, client: Client, demo: Operation) -> None:
        owner = demo.by
        client.force_login(make_user("Mia Member"))
        assert "Remove the sample data" not in client.get("/").text
        client.force_login(owner)
        for path in ("/", "/settings/business/"):
            assert 'action="/demo/removal/"' in client.get(path).text
        client.post("/demo/removal/")
        for path in ("/", "/settings/business/"):
            assert 'action="/demo/removal/"' not in client.get(path).text


def test_a_real_business_sees_no_word_of_it(client: Client) -> None:
    client.force_login(make_user(role="owner"))
    assert "demo" not in client.get("/").content.decode().lower()
