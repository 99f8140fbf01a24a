"""The Brief: which sentences, in which order, for whom."""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.bringing import bring
from regulars.contacts.brief import parts
from regulars.contacts.brief.reading import Brief, build_brief, sentences
from regulars.contacts.models import Consent, Contact, Fact, ImportantDate, Opener, Profile, Relationship, Source, Stage
from regulars.contacts.moments import remove_moment, settle_moment
from regulars.contacts.rhythm import usual_rhythm
from regulars.contacts.tests.factories import make_company, make_contact, make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def rui() -> User:
    return make_user("Rui Matos", role="owner")


@pytest.fixture
def maya(rui: User) -> Contact:
    return make_contact(
        "Maya Okafor", owner=rui, phone="+351912555014", email="maya@lumen.example", profile={"pronouns": "she/her"}
    )


def ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


def read(contact: Contact, user: User) -> Brief:
    loaded = Contact.objects.select_related("company", "owner", "stage", "profile", "referral", "rhythm")
    return build_brief(loaded.get(pk=contact.pk), user)


def opener(contact: Contact, text: str, days: int = 1, **fields: Any) -> Opener:
    return Opener.objects.create(contact=contact, text=text, noted_at=ago(days), **fields)


def test_open_openers_come_newest_first_with_what_they_ask_about_marked(maya: Contact, rui: User) -> None:
    opener(maya, "How was the trip to Porto?", 9)
    opener(maya, "Did the sign arrive?", 2)
    opener(maya, "Something asked long ago", 1, asked_at=ago(0))
    brief = read(maya, rui)
    assert sentences(brief.ask_about) == ["“Did the sign arrive?”", "“How was the trip to Porto?”"]
    assert brief.ask_about[1].emphasis == ("trip to Porto",)
    assert "How was the <mark>trip to Porto</mark>?" in brief.ask_about[1].html


def test_what_is_personal_goes_before_a_newer_question_and_brings_its_fact(maya: Contact, rui: User) -> None:
    Fact.objects.create(contact=maya, kind="pet", text="dachshund Biscuit, leg surgery on 28 October")
    opener(maya, "How is Biscuit's leg?", 20)
    opener(maya, "Did the sign arrive?", 2)
    said = sentences(read(maya, rui).ask_about)
    assert said[0] == "“How is Biscuit's leg?”"
    assert said[1] == "Dachshund Biscuit, leg surgery on 28 October."
    assert said[2] == "“Did the sign arrive?”"


def test_openers_of_removed_moments_are_not_asked(maya: Contact, rui: User) -> None:
    entry = make_entry(maya, openers=["And the dog?"])
    assert read(maya, rui).ask_about
    remove_moment(entry, by=rui)
    assert not read(maya, rui).ask_about


@pytest.mark.parametrize(("days", "said"), [(0, "today"), (12, "in 12 days"), (-3, "3 days ago"), (40, ""), (-20, "")])
def test_dates_that_are_near(maya: Contact, rui: User, days: int, said: str) -> None:
    when = timezone.localdate() + timedelta(days=days)
    ImportantDate.objects.create(contact=maya, kind="birthday", day=when.day, month=when.month, year=when.year - 40)
    found = sentences(read(maya, rui).ask_about)
    if said:
        assert "Her birthday" in found[0]
        assert said in found[0]
        assert "turns 40" in found[0] or "turned 40" in found[0]
    else:
        assert found == []


def test_a_birthday_on_29_february_falls_on_the_28th(maya: Contact, rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: date(2027, 2, 20))
    ImportantDate.objects.create(contact=maya, kind="birthday", day=29, month=2)
    assert sentences(read(maya, rui).ask_about)[0].startswith("Her birthday is on 28 February")


def test_limits_stand_first_and_all_of_them(maya: Contact, rui: User) -> None:
    for number in range(6):
        Fact.objects.create(contact=maya, kind="like", text=f"like {number}")
    for text in ("allergic to hazelnut", "no milk"):
        Fact.objects.create(contact=maya, kind="limit", text=text)
    Fact.objects.create(contact=maya, kind="limit", text="over", retired_at=ago(1))
    Consent.objects.create(contact=maya, channel="phone", is_given=False, given_on=date(2026, 1, 1))
    Profile.objects.filter(contact=maya).update(preferred_channel="whatsapp", preferred_time="mornings")
    said = read(maya, rui).likes_and_limits
    assert {s.text for s in said[:2]} == {"Allergic to hazelnut.", "No milk."}
    assert said[2].text == "No Phone: she refused." or said[2].text == "No phone: she refused."
    assert said[0].tone == "risk"
    assert sentences(said)[-1] == "She prefers WhatsApp, mornings."
    assert sum("Like" in text for text in sentences(said)) == 4


def test_last_time_says_when_who_how_and_what_it_came_to(maya: Contact, rui: User) -> None:
    ines = make_user("Inês Duarte")
    make_entry(maya, kind="note", text="a thought of ours", by=rui)
    make_entry(
        maya, kind="visit", text="Picked up order #2291.", outcome="wants a tasting", occurred_at=ago(3), by=ines
    )
    first, quote, outcome = sentences(read(maya, rui).last_time)
    assert first.startswith("Visit with Inês on ")
    assert first.endswith(", 3 days ago.")
    assert quote == "“Picked up order #2291.”"
    assert outcome == "It came to: Wants a tasting."
    assert read(maya, ines).last_time[0].text.startswith("Visit with you on ")


def test_who_they_are_to_us(rui: User) -> None:
    stage = Stage.objects.create(key="regular", name="Regular", position=3)
    source = Source.objects.create(name="Walk-in")
    tomas = make_contact("Tomás Reis")
    maya = make_contact(
        "Maya Okafor", owner=rui, company=make_company("Lumen Studios"), job_title="Head of events", stage=stage,
        profile={"pronouns": "she/her", "source": source, "source_contact": tomas},
    )  # fmt: skip
    Relationship.objects.create(contact=make_contact("Ana Okafor"), other=maya, kind="mother")
    said = sentences(read(maya, make_user()).who)
    assert said[0] == "Head of events at Lumen Studios."
    assert said[1].startswith("Regular, known since ")
    assert said[2:] == ["Came through Tomás Reis.", "Rui Matos is the point of contact.", "Child of Ana Okafor."]


def test_people_one_may_not_know_of_are_not_named(maya: Contact, rui: User) -> None:
    hidden = make_contact("Secret Person", owner=make_user(), visibility="owner")
    Relationship.objects.create(contact=maya, other=hidden, kind="spouse")
    bring(maya, hidden, by=maya.owner)
    stranger = make_user()
    said = json.dumps([sentences(part) for _k, _t, part in read(maya, stranger).parts()])
    assert "Secret" not in said


def test_next_step_an_unanswered_request_goes_first(maya: Contact, rui: User) -> None:
    entry = make_entry(maya, kind="request", text="Could you do a tasting for 40?", occurred_at=ago(2))
    opener(maya, "How is the new office?", 70)
    steps = sentences(read(maya, rui).next_step)
    assert steps[0].startswith("Answer her request of ")
    assert "Could you do a tasting for 40?" in steps[0]
    assert "How is the new office?" in steps[1]
    assert "2 months" in steps[1]
    settle_moment(entry)
    assert "Answer" not in sentences(read(maya, rui).next_step)[0]


def test_next_step_when_silent_for_longer_than_usual(maya: Contact, rui: User) -> None:
    for days in (33, 42, 51, 60, 69):
        make_entry(maya, kind="visit", occurred_at=ago(days))
    Profile.objects.filter(contact=maya).update(preferred_channel="whatsapp")
    brief = read(maya, rui)
    assert brief.overdue_by == 24
    assert sentences(brief.next_step)[0] == (
        "Message her on WhatsApp. She is usually in touch every 9 days; 33 days have passed."
    )


@pytest.mark.parametrize(
    ("pronouns", "says"), [("he/him", "He is"), ("", "They are"), ("xe", "They are"), ("SHE/HER", "She is")]
)
def test_it_speaks_of_people_as_they_wish(rui: User, pronouns: str, says: str) -> None:
    sam = make_contact("Sam Lee", owner=rui, profile={"pronouns": pronouns})
    for days in (33, 42, 51, 60):
        make_entry(sam, kind="call", occurred_at=ago(days))
    assert says in sentences(read(sam, rui).next_step)[0]


def test_a_rhythm_needs_four_days(maya: Contact) -> None:
    for days in (10, 20, 30):
        make_entry(maya, kind="call", occurred_at=ago(days))
    make_entry(maya, kind="note", occurred_at=ago(5))
    assert usual_rhythm(maya) is None
    make_entry(maya, kind="call", occurred_at=ago(41))
    rhythm = usual_rhythm(maya)
    assert rhythm is not None
    assert (rhythm.every, rhythm.days) == (10, 4)
    today = timezone.localdate()
    assert rhythm.overdue_by(today) == 0
    assert rhythm.overdue_by(today + timedelta(days=5)) == 0
    assert rhythm.overdue_by(today + timedelta(days=6)) == 6


def test_an_empty_brief_says_what_to_ask_first(rui: User) -> None:
    brief = read(make_contact("Somebody New", owner=rui), rui)
    assert brief.is_empty
    assert sentences(brief.next_step) == [
        "Ask for a phone number or an email: there is no way to reach them yet.",
        "Ask how they found us.",
        "Ask what they like.",
    ]


def test_words_of_people_are_escaped(maya: Contact, rui: User, client: Client) -> None:
    opener(maya, "How is <script>alert(1)</script>?")
    client.force_login(rui)
    page = client.get(reverse("brief", args=[maya.pk])).content
    assert b"<script>alert" not in page
    assert b"&lt;script&gt;" in page


@pytest.mark.parametrize("much", [1, 12])
def test_it_takes_a_fixed_number_of_queries(
    rui: User, much: int, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_parts", {})  # those of upper contexts are counted there
    monkeypatch.setattr(parts, "_steps", [])
    monkeypatch.setattr(parts, "_who", [])
    maya = make_contact("Maya", owner=rui, profile={"source_contact": make_contact("Tomás")})
    for number in range(much):
        Fact.objects.create(contact=maya, text=f"fact {number}", kind="like")
        opener(maya, f"opener {number}")
        make_entry(maya, kind="call", occurred_at=ago(number * 3))
        make_entry(maya, kind="request", occurred_at=ago(number * 3))
        Relationship.objects.create(contact=maya, other=make_contact(), kind="friend")
        ImportantDate.objects.create(contact=maya, day=1 + number, month=5)
    loaded = Contact.objects.select_related("company", "owner", "stage", "profile", "referral", "rhythm")
    loaded = loaded.get(pk=maya.pk)
    with django_assert_num_queries(8):
        build_brief(loaded, rui)


def test_card_and_page_are_for_those_who_may_see_the_person(client: Client, rui: User) -> None:
    hidden = make_contact("Hidden", owner=make_user("Nora"), visibility="owner")
    for name in ("brief", "brief-card"):
        url = reverse(name, args=[hidden.pk])
        assert client.get(url).status_code == 302
        client.force_login(rui)
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 405
        client.force_login(make_user(role="reader"))
        assert client.get(url).status_code == 404
        client.logout()


def command(*args: str) -> str:
    out = StringIO()
    call_command("brief", *args, stdout=out)
    return out.getvalue()


def test_the_command_prints_five_lists_of_sentences(maya: Contact) -> None:
    opener(maya, "How is Biscuit's leg?")
    for who in (str(maya.pk), "MAYA@lumen.example"):
        found = json.loads(command(who, "--json"))
        assert found["ask_about"] == ["“How is Biscuit's leg?”"]
        assert {"likes_and_limits", "last_time", "who_they_are", "next_best_step"} <= set(found)
    assert "How is Biscuit's leg?" in command(str(maya.pk))


def test_the_command_never_shows_what_the_colleague_may_not_see(rui: User) -> None:
    hidden = make_contact("Hidden", owner=rui, visibility="owner", email="hidden@x.example")
    stranger = make_user()
    for who in (str(hidden.pk), "hidden@x.example", "999999", "nobody@x.example"):
        with pytest.raises(CommandError, match="Nobody here"):
            command(who, "--as", stranger.email)
    with pytest.raises(CommandError, match="No colleague"):
        command(str(hidden.pk), "--as", "who@x.example")
