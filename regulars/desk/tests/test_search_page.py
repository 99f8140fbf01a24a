"""The palette's answers, the search page and `bin/regulars search`."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.tests.factories import make_company, make_contact, make_entry

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="regulars.access.backends.Backend")
    return client


def ask(user: User, text: str) -> str:
    response = client_of(user).get("/search/palette/", {"q": text})
    assert response.status_code == 200
    return response.content.decode()


def test_the_palette_finds_people_and_marks_what_matched(owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner, company=make_company("Lumen Studios", by=owner))
    answer = ask(owner, "oka may")
    assert f'data-href="/contacts/{maya.pk}/"' in answer
    assert "<mark>May</mark>a <mark>Oka</mark>for" in answer
    assert "Lumen Studios" in answer
    assert f'data-log="contact-{maya.pk}"' in answer
    assert "Guests" in answer


def test_accents_are_marked_as_they_are_written(owner: User) -> None:
    make_contact("Inês <Sá>", by=owner)
    assert "<mark>Inês</mark> &lt;Sá&gt;" in ask(owner, "ines")


def test_before_typing_it_shows_recent_people_and_commands(owner: User) -> None:
    make_contact("Maya Okafor", by=owner)
    answer = ask(owner, "")
    assert answer.index("Recent") < answer.index("Maya Okafor") < answer.index("Log a moment")


def test_people_stand_above_commands_unless_it_begins_with_the_sign(owner: User) -> None:
    make_contact("Adda Lovelace", by=owner)
    both = ask(owner, "add")
    assert both.index("Lovelace") < both.index("Add a person")
    only = ask(owner, ">add")
    assert "Lovelace" not in only
    assert "Add a person" in only


@pytest.mark.parametrize(
    ("role", "sees"), [("owner", True), ("member", True), ("front_desk", False), ("reader", False)]
)
def test_commands_show_only_to_those_who_may(owner: User, role: str, sees: bool) -> None:
    user = make_user("Robin Reader", role=role)
    answer = ask(user, ">")
    assert ("Import people" in answer) is sees
    assert ("Log a moment" in answer) is (role != "reader")
    assert "Switch between light and dark" in answer


def test_nothing_found_says_what_else_works(owner: User) -> None:
    assert "Nothing found for “zzzz”" in ask(owner, "zzzz")


@pytest.mark.parametrize("path", ["/search/", "/search/palette/"])
def test_strangers_are_asked_to_sign_in_and_nothing_can_be_posted(owner: User, path: str) -> None:
    assert Client().get(path, {"q": "ma"}).status_code == 302
    assert client_of(owner).post(path).status_code == 405


def test_hidden_people_are_not_in_the_answer(owner: User) -> None:
    make_contact("Maya Okafor", by=owner, visibility="owner")
    colleague = make_user("Colin Colleague")
    assert "Okafor" not in ask(colleague, "may")
    assert "Okafor" not in ask(colleague, "")


def test_the_page_shows_every_kind_and_can_be_narrowed(owner: User) -> None:
    maya = make_contact("Maya Biscuit", by=owner)
    make_entry(maya, by=owner, text="Biscuit is well")
    client = client_of(owner)
    page = client.get("/search/", {"q": "biscuit"}).content.decode()
    assert "Maya" in page
    assert "is well" in page
    narrowed = client.get("/search/", {"q": "biscuit", "kind": "entry"}).content.decode()
    assert f'href="/contacts/{maya.pk}/"' not in narrowed
    assert "is well" in narrowed
    assert client.get("/search/", {"q": "biscuit", "kind": "nonsense"}).status_code == 200
    assert client.get("/search/").status_code == 200
    fragment = client.get("/search/", {"q": "zzzz"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Nothing found" in fragment


def test_the_page_finds_no_more_with_more_queries(owner: User, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for n in range(30):
        make_contact(f"Maya Number{n}", by=owner)
    client = client_of(owner)
    with django_assert_max_num_queries(22):
        assert "Show more" in client.get("/search/", {"q": "maya"}).content.decode()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("search", *arguments, stdout=out)
    return out.getvalue()


def test_the_terminal_finds_the_same(owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner, email="maya@lumen.example")
    expected = {
        "kind": "contact", "id": maya.pk, "title": "Maya Okafor", "detail": "maya@lumen.example",
        "url": f"/contacts/{maya.pk}/",
    }  # fmt: skip
    assert json.loads(run("oka", "may", "--json")) == [expected]
    assert "Maya Okafor" in run("okafor")
    assert run("zzzz").strip() == "Nothing found."
    assert json.loads(run("zzzz", "--json")) == []


def test_the_terminal_looks_with_a_colleagues_eyes(owner: User) -> None:
    make_contact("Maya Okafor", by=owner, visibility="owner")
    colleague = make_user("Colin Colleague")
    assert json.loads(run("maya", "--json", "--as", colleague.email.upper())) == []
    with pytest.raises(CommandError, match="no colleague"):
        run("maya", "--as", "nobody@harbor.example")


def test_the_terminal_says_when_there_is_no_account() -> None:
    with pytest.raises(CommandError, match="no account"):
        run("maya")
