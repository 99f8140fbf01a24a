"""Thanks: occasions are found once, settled by one person, rest after a thank-you, and the figures count."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.bringing import bring
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge
from regulars.contacts.models import Contact
from regulars.contacts.moments import bring_back_moment, remove_moment
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.tests.pages import sign_in
from regulars.promises.actions.thanking import SettledAlready, take_back, thank
from regulars.promises.models import Occasion, Thanks, ThanksSettings
from regulars.promises.thanks.figures import figures_for
from regulars.promises.thanks.occasions import FRESH, Found, OccasionRule, register_rule, remember, say, search_all
from regulars.promises.thanks.words import read_thanks

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte", role="owner")


def occasion(contact: Contact, days: int = 1, **fields: Any) -> Occasion:
    number = Occasion.objects.count()
    at = timezone.now() - timedelta(days=days)
    values = {"rule": "brought", "key": f"test:{number}", "why": "brought somebody new", "occurred_at": at, **fields}
    return Occasion.objects.create(contact=contact, **values)


def test_bringing_somebody_is_an_occasion_at_once_and_only_once(
    ines: User, django_capture_on_commit_callbacks: Any
) -> None:
    tomas, maya, ana = (make_contact(name, by=ines) for name in ("Tomás", "Maya", "Ana"))
    with django_capture_on_commit_callbacks(execute=True):
        bring(maya, tomas, by=ines)
    search_all()
    found = Occasion.objects.get()
    assert say([Occasion.objects.for_list().get()], ines)[0].words == "brought Maya"
    assert found.holder == tomas
    with django_capture_on_commit_callbacks(execute=True):
        bring(maya, ana, by=ines)
    search_all()
    assert Occasion.objects.get().holder == ana, "nothing is owed for what was said by mistake"
    Contact.objects.filter(pk=maya.pk).update(visibility="owner", owner=ines)
    assert say([Occasion.objects.for_list().get()], make_user())[0].words == "brought somebody new"


def test_years_with_us_kind_words_and_help_are_found_by_themselves(ines: User) -> None:
    three, five, leap, silent, entries = (make_contact(n, by=ines) for n in ("3", "5", "leap", "silent", "entries"))
    today = timezone.localtime()
    for contact, years in ((three, 3), (five, 5), (silent, 2)):
        at = today.replace(year=today.year - years, day=min(today.day, 28))
        Contact.objects.filter(pk=contact.pk).update(created_at=at, last_contact_at=NOW)
    Contact.objects.filter(pk=silent.pk).update(last_contact_at=NOW - timedelta(days=400))
    make_entry(entries, kind="praise", text="Best coffee in town", by=ines)
    gone = make_entry(entries, kind="favour", text="Lent us a grinder", by=ines)
    search_all()
    search_all()
    found = {(row.holder, row.rule) for row in Occasion.objects.all()}
    assert found == {(three, "year"), (five, "loyalty"), (entries, "kind_words"), (entries, "help")}
    assert Occasion.objects.get(rule="loyalty").why == "has been with us for 5 years"
    assert "Best coffee" in Occasion.objects.get(rule="kind_words").why
    remove_moment(gone, by=ines)
    assert not Occasion.objects.filter(rule="help").exists()
    assert str(leap) == "leap"


def test_a_29th_of_february_comes_round_each_year() -> None:
    from datetime import date

    from regulars.promises.thanks.occasion_rules import _earlier

    def days(day: date, years: int) -> set[date]:
        begin, end = _earlier(day, years), _earlier(day + timedelta(days=1), years)
        return {(begin + timedelta(days=n)).date() for n in range((end - begin).days)}

    assert days(date(2026, 2, 28), 2) == {date(2024, 2, 28), date(2024, 2, 29)}
    assert days(date(2028, 2, 29), 1) == set()
    assert days(date(2028, 2, 29), 4) == {date(2024, 2, 29)}


def test_a_context_adds_a_rule_and_the_business_switches_it(ines: User) -> None:
    maya = make_contact("Maya", by=ines)

    def find(position: str, limit: int) -> tuple[list[Found], str]:
        old = Found("old", "ordered", timezone.now() - FRESH - timedelta(days=1), contact_id=maya.pk)
        return [Found("1", "ordered for the first time", timezone.now(), contact_id=maya.pk), old], "done"

    rule = OccasionRule("first_order", "First order", "…", find=find)
    register_rule(rule)
    try:
        client, url = sign_in(ines), reverse("thanks-settings")
        assert client.post(url, {"rest_days": "10"}).status_code == 302
        assert search_all() == 0
        assert client.post(url, {"rest_days": "10", "rule-first_order": "on"}).status_code == 302
        assert search_all() == 1
        assert search_all() == 0
        assert client.post(url, {"rest_days": "-1"}).status_code == 422
        assert sign_in(make_user()).get(url).status_code == 403
    finally:
        from regulars.promises.thanks import occasions

        del occasions._rules["first_order"]


def test_thanks_answer_an_occasion_let_the_others_rest_and_stand_on_the_timeline(ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines)
    first, second = occasion(maya), occasion(maya, rule="year", why="has been with us for 1 year")
    given = thank(maya, by=ines, reason="referral", way="card", note="Studio Norte", occasion=first)
    assert given.entry is not None
    assert given.entry.text == "with a card for bringing somebody: Studio Norte"
    first.refresh_from_db()
    assert (first.status, first.thanks) == ("thanked", given)
    assert not Occasion.objects.open().exists(), "the other one rests"
    assert Occasion.objects.open(timezone.now() + timedelta(days=31)).get() == second
    third = remember(OccasionRule("help", "", ""), [Found("9", "helped", timezone.now(), contact_id=maya.pk)])
    assert third == 1
    assert not Occasion.objects.open().exists(), "what is found later rests too"
    with pytest.raises(SettledAlready):
        thank(maya, by=make_user("Rui"), occasion=first)
    assert Thanks.objects.count() == 1
    remove_moment(given.entry, by=ines)
    first.refresh_from_db()
    assert first.status == "open"
    assert not Thanks.objects.of(maya).exists()
    bring_back_moment(given.entry)
    first.refresh_from_db()
    assert first.status == "thanked"
    assert take_back(given, by=ines) is True
    assert Occasion.objects.open().count() == 3


def test_one_line_thanks_and_answers_what_is_open_for_the_same_reason(ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines)
    waiting = occasion(maya)
    client = sign_in(ines)
    line = {
        "text": "Thanked her with a card for bringing Studio Norte, €4.50",
        "on": f"contact-{maya.pk}",
        "kind": "note",
    }
    assert client.post("/capture/", line).status_code in (200, 204, 302)
    given = Thanks.objects.get()
    assert (given.way, given.reason, str(given.cost), given.holder) == ("card", "referral", "4.50", maya)
    waiting.refresh_from_db()
    assert waiting.status == "thanked"
    assert given.entry is not None
    assert given.entry.kind == "thanks"
    page = client.get(maya.get_absolute_url()).content.decode()
    assert "<b>Thanked</b> with a card for bringing Studio Norte" in page
    assert read_thanks("mit Blumen für die Geduld").way == "gift"
    assert read_thanks("com um cartão pela ajuda").reason == "help"


def test_thanking_skipping_and_letting_rest_happen_in_place(ines: User) -> None:
    maya = make_contact("Maya Okafor", by=ines)
    one, two, three, four = (occasion(maya, days=n) for n in range(1, 5))
    client = sign_in(ines)
    page = client.get(reverse("thanks")).content.decode()
    assert page.count('class="row"') == 4
    htmx = {"HX-Request": "true"}
    form = client.get(reverse("occasion-thank", args=[one.pk]) + "?row=1", headers=htmx)
    assert 'value="referral" selected' in form.content.decode()
    skip = reverse("occasion-skip", args=[two.pk])
    assert client.post(skip, {"reason": "", "row": "1"}, headers=htmx).status_code == 422
    assert "Is our cousin" in client.post(skip, {"reason": "Is our cousin", "row": "1"}, headers=htmx).content.decode()
    assert client.post(reverse("occasion-rest", args=[three.pk]), {"row": "1"}, headers=htmx).status_code == 200
    assert client.delete(skip).status_code == 204
    quick = client.post(reverse("occasion-thank", args=[four.pk]), {"quick": "1", "row": "1"}, headers=htmx)
    assert "Thanked" in quick.content.decode()
    said = {"way": "gift", "reason": "referral", "day": timezone.localdate(), "cost": "12.5", "row": "1"}
    later = {**said, "day": timezone.localdate() + timedelta(days=2)}
    assert client.post(reverse("occasion-thank", args=[one.pk]), later, headers=htmx).status_code == 422
    assert client.post(reverse("occasion-thank", args=[one.pk]), said, headers=htmx).status_code == 200
    again = client.post(reverse("occasion-thank", args=[one.pk]), said, headers=htmx)
    assert "was faster" in again.headers["HX-Trigger"]
    assert [row.status for row in Occasion.objects.order_by("pk")] == ["thanked", "open", "rested", "thanked"]
    panel = client.get(reverse("contact-thanks", args=[maya.pk])).content.decode()
    assert "12.50" in panel
    csv = b"".join(client.get(reverse("thanks-export"))).decode()
    assert "Maya Okafor,Bringing somebody,Gift" in csv


def test_nobody_learns_of_thanks_to_people_they_may_not_know_of(ines: User) -> None:
    secret = make_contact("Secret", by=ines, visibility="owner")
    waiting = occasion(secret)
    given = thank(secret, by=ines)
    stranger = sign_in(make_user())
    for name in ("thanks", "thanks-given", "thanks-figures"):
        assert "Secret" not in stranger.get(reverse(name)).content.decode()
    for name, pk in (("occasion-thank", waiting.pk), ("occasion-skip", waiting.pk), ("contact-thanks", secret.pk)):
        assert stranger.get(reverse(name, args=[pk])).status_code == 404
    assert stranger.post(reverse("thanks-take-back", args=[given.pk])).status_code == 404
    reader = sign_in(make_user(role="reader"))
    assert reader.post(reverse("occasion-rest", args=[occasion(make_contact(by=ines)).pk])).status_code == 403


def test_merging_takes_thanks_along_and_erasing_takes_them_away(ines: User) -> None:
    maya, maia, company = make_contact("Maya", by=ines), make_contact("Maia", by=ines), make_company(by=ines)
    thank(maia, by=ines, note="Told Zebedee about us")
    thank(company, by=ines)
    occasion(maia)
    merge(maya, maia, {}, by=ines)
    assert {row.contact for row in Thanks.objects.exclude(contact=None)} == {maya}
    assert Occasion.objects.get().contact == maya
    erase_contact(maya, by=ines)
    assert Thanks.objects.get().company == company
    assert not Occasion.objects.exists()


def test_the_figures_count_and_compare_without_proving(ines: User) -> None:
    def long_ago(name: str) -> tuple[Contact, datetime]:
        contact = make_contact(name, by=ines)
        return contact, timezone.now() - timedelta(days=120)

    for number in range(12):
        contact, at = long_ago(f"P{number}")
        status: dict[str, Any] = {"status": "skipped", "settled_at": at, "settled_by": ines}
        if number < 6:
            status = {"status": "thanked", "settled_at": at + timedelta(days=4), "settled_by": ines}
        Occasion.objects.create(
            contact=contact, rule="help", key=f"f:{number}", why="helped us", occurred_at=at, **status
        )
        if number < 4 or number == 8:
            make_entry(contact, kind="visit", occurred_at=at + timedelta(days=20), by=ines)
    found = figures_for(ines)
    assert (found.found, found.thanked, found.days) == (12, 6, 4)
    assert found.compared is not None
    thanked, others = found.compared
    assert (thanked.people, thanked.back, others.people, others.back) == (6, 4, 6, 1)
    page = sign_in(ines).get(reverse("thanks-figures")).content.decode()
    assert "not a proof" in page
    Organisation.objects.update(modules=[])
    assert search_all() == 0
    assert ThanksSettings.current().rest_days == 30
