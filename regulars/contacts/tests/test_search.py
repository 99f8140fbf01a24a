"""Finding people, companies, tags and moments."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_team, make_user
from regulars.contacts.actions import touch
from regulars.contacts.finding import matching
from regulars.contacts.finding.matching import is_near
from regulars.contacts.indexing import index_names, index_owners
from regulars.contacts.models import Contact, ContactPoint, NameVariant, NameWord
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.lib.search import search
from regulars.lib.text import fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user("Nora Pine", role="owner")


def titles(user: User, text: str, kind: str = "contact") -> list[str]:
    return [hit.title for group in search(user, text) for hit in group.hits if hit.kind == kind]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Maya Okafor", "ma"),
        ("Maya Okafor", "m"),
        ("Maya Okafor", "oka may"),
        ("Maya Okafor", "may oka"),
        ("Maya Okafor", "OKAFOR, Maya"),
        ("Maya Okafor", "m okafor"),
        ("Maya Okafor", "m o"),
        ("Inês Sá", "ines"),
        ("Inês Sá", "sa in"),
        ("Sean O'Brien", "obrien"),
        ("Sean O’Brien", "o'br"),
        ("Anne-Marie Weiß", "marie weiss"),
        ("Maria João da Silva Santos", "santos joao"),
        ("Maria João da Silva Santos", "da maria sil"),
        ("王小明", "王"),
        ("Мария Петрова", "петр"),
        ("100% Coffee_Person", "100%"),
    ],
)
def test_a_person_is_found_by_parts_of_the_name_in_any_order(owner: User, name: str, text: str) -> None:
    make_contact("Somebody Else", by=owner)
    make_contact(name, by=owner)
    assert titles(owner, text) == [name]


@pytest.mark.parametrize("common", [False, True])
def test_names_are_found_the_same_whether_few_or_many_share_them(
    owner: User, common: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if common:
        monkeypatch.setattr(matching, "FEW", 0)
    for name in ("Maya Okafor", "Max Okonkwo", "Mayra Smith", "Oki Mayer"):
        make_contact(name, by=owner)
    make_company("Mayfair Foods", by=owner)
    assert set(titles(owner, "may")) == {"Maya Okafor", "Mayra Smith", "Oki Mayer"}
    assert set(titles(owner, "ok ma")) == {"Maya Okafor", "Max Okonkwo", "Oki Mayer"}
    assert set(titles(owner, "o")) == {"Maya Okafor", "Max Okonkwo", "Oki Mayer"}
    assert titles(owner, "may", "company") == ["Mayfair Foods"]


def test_mine_come_first_then_those_touched_last(owner: User) -> None:
    colleague = make_user()
    mine = make_contact("Maya One", by=owner)
    old, new = make_contact("Maya Two", by=colleague), make_contact("Maya Three", by=colleague)
    make_entry(old, by=colleague)
    make_entry(new, by=colleague)
    assert titles(owner, "maya") == ["Maya One", "Maya Three", "Maya Two"]
    Contact.objects.filter(pk=old.pk).update(owner=owner)
    index_owners([old.pk])
    assert titles(owner, "maya") == ["Maya Two", "Maya One", "Maya Three"]
    touch([mine], NameWord.objects.latest("touched_at").touched_at.replace(year=2099))
    assert titles(owner, "maya") == ["Maya One", "Maya Two", "Maya Three"]


@pytest.mark.parametrize("text", ["5550", "1715", "0123", "+49 171 5550", "0171 5550", "0049171", "(0171) 5550-123"])
def test_a_person_is_found_by_any_four_digits_of_a_phone(owner: User, text: str) -> None:
    Organisation.objects.update(country="DE")
    make_contact("Maya Okafor", by=owner, phone="+49 171 5550123")
    make_contact("Somebody Else", by=owner, phone="+1 212 664 7665")
    assert titles(owner, text) == ["Maya Okafor"]


def test_a_changed_phone_is_found_by_its_new_digits_only(owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner, phone="+49 171 5550123")
    point = ContactPoint.objects.get(contact=maya, kind="phone")
    point.key = "491718889999"
    point.save()
    assert titles(owner, "5550") == []
    assert titles(owner, "8889") == ["Maya Okafor"]
    point.delete()
    assert titles(owner, "8889") == []


@pytest.mark.parametrize("text", ["maya@", "maya@lumen.example", "MAYA@LUMEN", "may"])
def test_a_person_is_found_by_email(owner: User, text: str) -> None:
    make_contact("Dr. O.", by=owner, email="maya@lumen.example")
    assert titles(owner, text) == ["Dr. O."]


def test_parts_of_a_company_s_name_find_it_in_any_order(owner: User) -> None:
    colleague = make_user()
    make_company("Harbor & Pine Coffee Roasters of Maine", by=owner)
    make_company("Pine Harbor Café", by=owner, owner=colleague)
    make_company("Harbor Secrets of Pine", by=owner, visibility="owner")
    assert titles(colleague, "har pin", "company") == ["Pine Harbor Café", "Harbor & Pine Coffee Roasters of Maine"]
    assert titles(colleague, "PIN har caf", "company") == ["Pine Harbor Café"]
    assert titles(owner, "maine har", "company") == ["Harbor & Pine Coffee Roasters of Maine"]
    assert titles(colleague, "har sec", "company") == []
    assert titles(owner, "har sec", "company") == ["Harbor Secrets of Pine"]


def test_a_company_brings_its_people(owner: User) -> None:
    company = make_company("Lumen Studios", by=owner)
    make_contact("Maya Okafor", by=owner, company=company)
    assert titles(owner, "lumen", "company") == ["Lumen Studios"]
    assert titles(owner, "lumen") == ["Maya Okafor"]


def test_a_tag_is_found_and_brings_those_who_carry_it(owner: User) -> None:
    make_contact("Maya Okafor", by=owner, tags=["Wholesale"])
    assert titles(owner, "#whole", "tag") == ["Wholesale"]
    assert titles(owner, "wholesale") == ["Maya Okafor"]


def test_words_in_entries_are_found_with_whom_they_are_about(owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner)
    entry = make_entry(maya, by=owner, text="Her dachshund Biscuit had a leg surgery")
    (group,) = search(owner, "biscuit")
    (hit,) = group.hits
    assert (hit.kind, hit.id) == ("entry", entry.pk)
    assert "Maya Okafor" in hit.detail
    assert hit.url == f"/contacts/{maya.pk}/#entry-{entry.pk}"
    entry.remove(by=owner)
    assert search(owner, "biscuit") == []


@pytest.mark.parametrize(
    "text", ["okaofr", "okafr", "okafior", "okafur", "kafor", "oxafo", "may okafro", "myaa okafor", "mya ok"]
)
def test_one_wrong_letter_is_forgiven(owner: User, text: str) -> None:
    make_contact("Maya Okafor", by=owner)
    make_contact("Boris Lindqvist", by=owner)
    assert titles(owner, text) == ["Maya Okafor"]


def test_a_wrong_letter_counts_only_when_nothing_fits_as_typed(owner: User) -> None:
    make_contact("Anna Meier", by=owner)
    make_contact("Anna Meyer", by=owner)
    assert titles(owner, "meier") == ["Anna Meier"]
    assert set(titles(owner, "meoer")) == {"Anna Meier", "Anna Meyer"}


@pytest.mark.parametrize("text", ["okzzor", "ok", "xx", "kofaro"])
def test_two_wrong_letters_are_too_many(owner: User, text: str) -> None:
    make_contact("Maya Tokarev", by=owner)
    make_contact("Maya Okafor", by=owner)
    assert titles(owner, text) == (["Maya Okafor"] if text == "ok" else [])


def test_is_near_means_exactly_one_letter() -> None:
    assert all(is_near(typed, "okafor") for typed in ("okaofr", "okxfor", "okfor", "okkafor", "okaforx", "koa"))
    assert not any(is_near(typed, "okafor") for typed in ("okafor", "oka", "kofa", "okxfxr"))


def test_what_one_may_see_is_found_behind_much_that_one_may_not(owner: User) -> None:
    jo, secret = make_contact("Jo Open", by=owner), make_contact("Maya Okafor", by=owner, visibility="owner")
    make_entry(jo, by=owner, text="Her dachshund Biscuit")
    for number in range(40):
        make_entry(secret, by=owner, text=f"Biscuit again, the {number}th time")
    stranger = make_user("Sam Stranger", role="member")
    assert [hit.title for group in search(stranger, "biscuit") for hit in group.hits] == ["Her dachshund Biscuit"]
    assert [len(group.hits) for group in search(owner, "biscuit")] == [6]


@pytest.mark.parametrize(
    ("visibility", "role"), [("owner", "member"), ("team", "member"), ("owner", "reader"), ("team", "front_desk")]
)
def test_hidden_ones_neither_show_nor_count(owner: User, visibility: str, role: str) -> None:
    stranger, friend = make_user("Sam Stranger", role=role), make_user("Fay Friend")
    team = make_team("Counter")
    friend.teams.add(team)
    company = make_company("Secret Labs", by=owner, visibility=visibility, team=team)
    maya = make_contact(
        "Maya Okafor", by=owner, visibility=visibility, team=team, company=company, phone="+49 171 5550123",
        email="maya@secret.example", tags=["Spy"],
    )  # fmt: skip
    make_entry(maya, by=owner, text="Her dachshund Biscuit")
    other = make_contact("Jo Open", by=owner, company=company)
    for text in ("ma", "m", "oka may", "okaofr", "5550", "maya@", "secret", "biscuit"):
        assert [h for g in search(stranger, text) for h in g.hits if h.id != other.pk] == [], text
    assert titles(stranger, "spy") == []
    assert search(stranger, "open")[0].hits[0].detail == ""
    assert titles(owner, "5550") == ["Maya Okafor"]
    assert titles(friend, "5550") == (["Maya Okafor"] if visibility == "team" else [])


def test_the_bin_is_not_searched(owner: User) -> None:
    maya = make_contact("Maya Okafor", by=owner, phone="+49 171 5550123")
    Contact.objects.filter(pk=maya.pk).update(binned_at=maya.created_at)
    assert [search(owner, text) for text in ("maya", "5550", "mayz")] == [[], [], []]


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "'", '"', "\\", "_", "-", "*", "a" * 500, "\x00", "😀", "'; --", "#", "@", ">"]
)
def test_odd_questions_find_nothing_and_break_nothing(owner: User, text: str) -> None:
    make_contact("Boris Lindqvist", by=owner)
    assert titles(owner, text) == []


def test_a_batch_is_indexed_with_few_queries(owner: User) -> None:
    fields = {"touched_at": owner.created_at, "created_at": owner.created_at, "owner": owner}
    names = [f"Maya Person{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(200)]
    batch = Contact.objects.bulk_create([Contact(display_name=name, sort_name=fold(name), **fields) for name in names])
    with CaptureQueriesContext(connection) as queries:
        index_names(batch, new=True)
    assert len(queries) < 12
    assert titles(owner, "personbb") == ["Maya Personbb"]
    assert NameVariant.objects.filter(word="maya").exists()


def test_the_number_of_queries_does_not_grow_with_the_people(owner: User) -> None:
    def queries(text: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            search(owner, text)
        return len(captured)

    for n in range(2):
        make_entry(make_contact(f"Maya Okafor{n}", by=owner, phone=f"+49171555012{n}"), text="Biscuit")
    before = {text: queries(text) for text in ("ma", "ma ok", "5550", "biscuit")}
    for n in range(2, 20):
        make_entry(make_contact(f"Maya Okafor{n}", by=owner, phone=f"+49171555{n:04}"), text="Biscuit")
    assert all(queries(text) <= count + 1 for text, count in before.items())
    assert max(before.values()) <= 16
    assert queries("okaofr") <= 26
