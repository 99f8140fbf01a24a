"""Promises as people meet them: typed in the capture box, ticked in a list, broken with an honest word."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_organisation, make_user
from regulars.contacts.brief.reading import build_brief, sentences
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.lib.tests.queries import assert_query_count
from regulars.promises.ledger import rates
from regulars.promises.ledger.brief import late_step, we_promised
from regulars.promises.models import Promise, PromiseDay
from regulars.promises.tests.promises import make_promise
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def user() -> User:
    make_organisation(modules=["promises"])
    return make_user("Inês Duarte", role="member")


@pytest.fixture
def desk(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def maya(user: User) -> Contact:
    return make_contact("Maya Okafor", by=user, email="maya@lumen.example", company=make_company("Lumen", by=user))


def capture(desk: Client, text: str, on: Contact, **more: str) -> int:
    data = {"text": text, "on": f"contact-{on.pk}", "kind": "note", **more}
    return desk.post(reverse("capture"), data, headers=HTMX).status_code


def test_a_line_becomes_a_moment_and_a_promise(desk: Client, user: User, maya: Contact) -> None:
    rui = make_user("Rui Tavares")
    assert capture(desk, "Called about beans ! send the quote by friday @rui #wholesale ? how is the leg", maya) == 200
    promise, entry = Promise.objects.get(), Entry.objects.get(kind="call")
    assert (promise.what, promise.owner, promise.given_by, promise.entry) == ("Send the quote", rui, user, entry)
    assert (promise.contact, promise.company, promise.has_time) == (maya, maya.company, False)
    assert promise.due_on.weekday() == 4
    assert entry.text == "Called about beans"
    assert entry.snapshot["hung"][0]["url"] == promise.get_absolute_url()
    assert maya.openers.get().text == "How is the leg?"
    assert {tag.name for tag in maya.tags.all()} == {"wholesale"}
    assert not entry.mentions.exists()


def test_a_promise_alone_is_an_entry_of_its_own(desk: Client, maya: Contact) -> None:
    assert capture(desk, "! hold 3 kg until 24 Dec, 16:00", maya) == 200
    entry = Entry.objects.get()
    assert (entry.kind, entry.text.split(" (")[0]) == ("promise", "Hold 3 kg")
    assert Promise.objects.get().has_time
    assert "Promised" in desk.get(f"/contacts/{maya.pk}/").content.decode()


@pytest.mark.parametrize(("text", "asked"), [
    ("! send the quote", "By when?"), ("! send it by 30 February", "no such day"),
    ("! send it by 3 May 2020", "has passed"),
])  # fmt: skip
def test_without_a_day_nothing_is_saved_and_it_asks(desk: Client, maya: Contact, text: str, asked: str) -> None:
    assert capture(desk, f"Called {text}", maya) == 422
    assert not Promise.objects.exists()
    assert not Entry.objects.exists()
    shown = desk.post(reverse("capture-preview"), {"text": text, "on": f"contact-{maya.pk}"}).content.decode()
    assert asked in shown
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert f"promise:{tomorrow}" in shown
    assert capture(desk, text, maya, answer=f"promise:{tomorrow}") == 200
    assert Promise.objects.get().due_on == tomorrow


def test_chips_say_what_and_by_when_and_the_check_is_honest(desk: Client, user: User, maya: Contact) -> None:
    for days in range(3):
        make_promise(owner=user, to=maya, days=1)
        for _n in range(3):
            make_promise(owner=user, to=maya, days=-10 - days).keep(by=user)
    shown = desk.post(
        reverse("capture-preview"), {"text": "! call tomorrow", "on": f"contact-{maya.pk}"}
    ).content.decode()
    assert "by " in shown
    assert "You have 3 promises due tomorrow. On such days 100 % were kept." in shown
    dropped = {"text": "! call tomorrow", "not": "promise:call"}
    assert "handshake" not in desk.post(reverse("capture-preview"), dropped).content.decode()


def test_one_click_keeps_and_undoes(desk: Client, user: User, maya: Contact) -> None:
    promise = make_promise(owner=user, to=maya)
    answer = desk.post(f"/promises/{promise.pk}/keeping/", headers=HTMX)
    assert "checked" in answer.content.decode()
    assert set(json.loads(answer.headers["HX-Trigger"])) >= {"brief-changed", "moment-changed", "toast"}
    assert Promise.objects.get().status == "kept"
    again = desk.post(f"/promises/{promise.pk}/keeping/", headers=HTMX)
    assert "was faster" in json.loads(again.headers["HX-Trigger"])["toast"]["toasts"][0]["text"]
    desk.delete(f"/promises/{promise.pk}/keeping/", headers=HTMX)
    assert Promise.objects.get().is_open


def test_breaking_asks_for_a_line_and_offers_a_letter(desk: Client, user: User, maya: Contact) -> None:
    promise = make_promise("Send the quote", owner=user, to=maya)
    url = f"/promises/{promise.pk}/breaking/"
    assert desk.get(url, headers=HTMX).status_code == 200
    assert desk.post(url, {"why": ""}, headers=HTMX).status_code == 422
    letter = desk.post(url, {"why": "the beans never came"}, headers=HTMX).content.decode()
    assert "mailto:maya@lumen.example?subject=" in letter
    assert "The beans never came." in letter
    assert "Could not keep it" in desk.get(f"/contacts/{maya.pk}/timeline/").content.decode()


def test_moving_withdrawing_and_handing_over(desk: Client, user: User, maya: Contact) -> None:
    promise = make_promise(owner=user, to=maya)
    url = f"/promises/{promise.pk}/renegotiation/"
    later = timezone.localdate() + timedelta(days=9)
    assert desk.post(url, {"day": "2020-01-01"}, headers=HTMX).status_code == 422
    assert desk.post(url, {"day": "2027-02-30"}, headers=HTMX).status_code == 422
    assert desk.post(url, {"day": f"{later}", "clock": "16:00"}, headers=HTMX).status_code == 200
    follower = Promise.objects.open().get()
    assert "moved once" in desk.get(follower.get_absolute_url()).content.decode()
    rui, gone = make_user("Rui Tavares"), make_user(is_active=False)
    hand = f"/promises/{follower.pk}/handing-over/"
    assert desk.post(hand, {"owner": gone.pk}, headers=HTMX).status_code == 422
    assert desk.post(hand, {"owner": rui.pk}, headers=HTMX).status_code == 200
    assert desk.post(f"/promises/{follower.pk}/withdrawal/", {"why": ""}).status_code == 302
    assert Promise.objects.get(pk=follower.pk).status == "withdrawn"


def test_proof_is_a_line_or_a_moment(desk: Client, user: User, maya: Contact) -> None:
    capture(desk, "Visit: picked up the quote", maya)
    promise, entry = make_promise(owner=user, to=maya), Entry.objects.get()
    desk.post(f"/promises/{promise.pk}/evidence/", {"evidence": "In her hands", "entry": entry.pk})
    promise.refresh_from_db()
    assert (promise.status, promise.evidence, promise.evidence_entry) == ("kept", "In her hands", entry)
    assert "In her hands" in desk.get(promise.get_absolute_url()).content.decode()


def test_the_ledger_narrows_and_exports(desk: Client, user: User, maya: Contact) -> None:
    rui = make_user("Rui Tavares")
    make_promise("Late one", owner=user, to=maya, days=-1)
    make_promise("Far one", owner=rui, days=20)
    make_promise("Kept one", owner=rui, days=-3).keep(by=rui)
    hidden = make_promise("Hidden", to=make_contact(by=rui, owner=rui, visibility="owner"), owner=rui)

    def shown(query: str) -> str:
        return desk.get(f"/promises/?{query}").content.decode()

    assert "Late one" in shown("")
    assert "Far one" in shown("")
    assert "Kept one" not in shown("")
    assert "Far one" not in shown("status=late")
    assert "Far one" not in shown("due=week")
    assert "Late one" not in shown(f"who={rui.pk}")
    assert "Far one" not in shown(f"to=contact-{maya.pk}")
    assert "Kept one" in shown("status=kept&who=x&from=nonsense")
    assert "Hidden" not in shown("status=all")
    assert desk.get(hidden.get_absolute_url()).status_code == 404
    exported = desk.get("/promises/export/?status=all&format=csv")
    text = b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\n") == 4
    assert "Hidden" not in text
    assert desk.get("/promises/export/?format=xlsx").status_code == 200
    assert desk.get("/promises/rates/").status_code == 200
    assert desk.get(f"/contacts/{maya.pk}/promises/").content.decode().count("data-row") == 1


def test_the_ledger_costs_the_same_at_2_and_at_40(desk: Client, user: User, maya: Contact) -> None:
    for number in (2, 30):
        for _n in range(number):
            make_promise(owner=user, to=maya)
        with assert_query_count("promise ledger"):
            desk.get("/promises/")


def test_the_brief_says_late_first_then_open_then_the_rate(desk: Client, user: User, maya: Contact) -> None:
    for _n in range(4):
        make_promise(owner=user, to=maya, days=-9).keep(by=user)
    make_promise("Hold 3 kg", owner=user, to=maya, days=5)
    make_promise("Quote", owner=user, to=maya, days=-1)
    brief = build_brief(maya, user)
    said = {key: sentences(part) for key, _title, part in brief.parts()}
    assert said["we_promised"][0].startswith("Quote — due yesterday")
    assert said["we_promised"][1].startswith("Hold 3 kg — by")
    assert said["we_promised"][2] == "4 of 4 promises to them kept."
    assert said["next_best_step"][0].startswith("Keep “Quote” or tell them when")


def test_promises_cost_the_brief_two_queries(
    user: User, maya: Contact, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days in (-2, 1, 3):
        make_promise(owner=user, to=maya, days=days)
    maya = Contact.objects.select_related("profile").get(pk=maya.pk)
    page = ContactPage(maya, user)
    with django_assert_num_queries(2):
        assert len([*we_promised(maya, user, page), *late_step(maya, user, page)]) == 4


def test_the_day_is_that_of_the_business_wherever_a_colleague_is(desk: Client, user: User, maya: Contact) -> None:
    Organisation.objects.update(time_zone="Europe/Lisbon")
    User.objects.filter(pk=user.pk).update(time_zone="Pacific/Kiritimati")
    capture(desk, "! bring the cake by 24 Dec", maya)
    promise = Promise.objects.get()
    assert (f"{promise.due_at:%m-%d %H:%M:%S}", f"{promise.due_on:%m-%d}") == ("12-24 23:59:59", "12-24")


def test_the_rate_of_thousands_of_promises_is_added_up_once_a_minute(
    desk: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept_more(number: int) -> str:
        PromiseDay.shift(user.pk, timezone.localdate(), kept=number)
        return desk.get("/promises/").text

    assert "6 of 6 kept" in kept_more(6)
    assert "7 of 7 kept" in kept_more(1), "few are added up each time"
    monkeypatch.setattr(rates, "MANY", 5)
    assert "8 of 8 kept" in kept_more(1)
    assert "8 of 8 kept" in kept_more(1)
    cache.clear()
    assert "10 of 10 kept" in kept_more(1)
