"""The list of people: what it shows, sorts and filters, and whom it keeps to itself."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import User
from regulars.access.tests.factories import make_team, make_user
from regulars.contacts.actions import set_addresses
from regulars.contacts.filters import Scope
from regulars.contacts.lists.listing import PeopleList
from regulars.contacts.models import Contact, CustomField, ImportantDate, Opener, Profile, SavedView, Source, Stage, Tag
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.lib.tests.queries import assert_query_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora() -> User:
    return make_user("Nora Pine", role="manager")


@pytest.fixture
def member() -> User:
    return make_user("Rui Silva")


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user: User, path: str = "contacts", **query: Any) -> str:
    answer = enter(user).get(reverse(path) + "?" + urlencode(query, doseq=True))
    assert answer.status_code == 200
    return answer.content.decode()


def names(user: User, path: str = "contacts", **query: Any) -> list[str]:
    import re

    return re.findall(r'class="cover block truncate"[^>]*>([^<]+)</a>', shown(user, path, **query))


def seen(contact: Contact, days: int) -> None:
    Contact.objects.filter(pk=contact.pk).update(last_contact_at=timezone.now() - timedelta(days=days))


def test_strangers_are_asked_to_sign_in() -> None:
    make_user()
    answer = Client().get(reverse("contacts"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_only_reading_is_a_get(nora: User) -> None:
    assert enter(nora).post(reverse("contacts")).status_code == 405


def test_an_empty_list_offers_the_first_step(nora: User) -> None:
    assert "Add the first one" in shown(nora)
    assert "Nobody fits" in shown(nora, name="zz")


def test_people_stand_with_the_latest_contact_first_and_those_without_last(nora: User) -> None:
    ana, ben, cas = (make_contact(name, by=nora) for name in ("Ana", "Ben", "Cas"))
    seen(ana, 30)
    seen(cas, 2)
    assert names(nora) == ["Cas", "Ana", "Ben"]
    assert names(nora, sort="name") == ["Ana", "Ben", "Cas"]
    assert names(nora, sort="-name") == ["Cas", "Ben", "Ana"]
    assert ben.pk


def test_the_sentence_is_what_to_ask_about_else_what_they_do(nora: User) -> None:
    company = make_company("Lumen Studios", by=nora)
    maya = make_contact("Maya Okafor", by=nora, company=company, role="Buyer")
    assert "Buyer · Lumen Studios" in shown(nora)
    Opener.objects.create(contact=maya, text="Biscuit's leg")
    assert "Biscuit&#x27;s leg" in shown(nora)


def test_whoever_may_not_know_of_somebody_never_sees_or_counts_them(nora: User, member: User) -> None:
    make_contact("Open Olga", by=nora)
    make_contact("Hidden Hanna", by=nora, visibility="owner")
    team = make_team()
    make_contact("Team Tomas", by=nora, visibility="team", team=team)
    assert sorted(names(nora)) == ["Hidden Hanna", "Open Olga", "Team Tomas"]
    assert names(member) == ["Open Olga"]
    assert names(member, name="Hidden") == []
    assert "1 guest" in enter(member).get(reverse("contact-count")).content.decode()
    member.teams.add(team)
    assert sorted(names(member)) == ["Open Olga", "Team Tomas"]


def test_the_name_of_a_hidden_company_is_not_given_away(nora: User, member: User) -> None:
    secret = make_company("Secret Ltd", by=nora, visibility="owner")
    make_contact("Maya", by=nora, company=secret)
    assert "Secret Ltd" in shown(nora, columns="name,company")
    assert "Secret Ltd" not in shown(member, columns="name,company")
    assert names(member, company=secret.pk) == ["Maya"]
    assert "Secret" not in shown(member, company=secret.pk)


def test_binned_and_erased_people_are_not_listed(nora: User) -> None:
    for name, column in (("Binned", "binned_at"), ("Erased", "erased_at")):
        Contact.objects.filter(pk=make_contact(name, by=nora).pk).update(**{column: timezone.now()})
    assert names(nora) == []


def test_pages_lead_forwards_and_back(nora: User) -> None:
    for number in range(120):
        make_contact(f"Person {number:03}", by=nora)
    client = enter(nora)
    first = client.get(reverse("contacts"), {"sort": "name"})
    assert first.context["page"].ids
    assert not first.context["previous_url"]
    second = client.get(reverse("contacts") + first.context["next_url"])
    third = client.get(reverse("contacts") + second.context["next_url"])
    everyone = [pk for answer in (first, second, third) for pk in answer.context["page"].ids]
    assert len(set(everyone)) == 120
    assert client.get(reverse("contacts") + third.context["previous_url"]).context["page"].ids == everyone[50:100]


@pytest.mark.parametrize("after", ["rubbish", "W10", "x" * 3000])
def test_a_broken_cursor_shows_the_first_page(nora: User, after: str) -> None:
    make_contact("Maya", by=nora)
    assert names(nora, after=after) == ["Maya"]


@pytest.mark.parametrize(
    "query",
    [
        {"stage": "x"},
        {"stage": "9" * 30},
        {"owner": "-1"},
        {"created": "between", "created.from": "nonsense"},
        {"last_contact": "quiet", "last_contact.days": "99999999999"},
        {"last_contact": "between", "last_contact.from": "0001-01-01", "last_contact.to": "9999-12-31"},
        {"cf.gone": "x"},
        {"cf.": "x"},
        {"sort": "cf.gone"},
        {"sort": "drop table"},
        {"columns": "x,,name,name"},
        {"view": "99"},
        {"day_in": "13"},
        {"tag": "999"},
        {"name": "\x00"},
    ],
)
def test_what_makes_no_sense_in_the_address_is_left_out(nora: User, query: dict[str, str]) -> None:
    contact = make_contact("Maya", by=nora)
    seen(contact, 1)
    assert names(nora, **query) == ["Maya"]


def test_filters_by_stage_owner_team_tag_source_and_company(nora: User, member: User) -> None:
    lead = Stage.objects.create(key="l", name="Lead", position=1)
    team, source, company = make_team(), Source.objects.create(name="Walk-in"), make_company("Lumen", by=nora)
    maya = make_contact("Maya", by=nora, stage=lead, team=team, company=company, tags=["vip", "press"])
    Profile.objects.create(contact=maya, source=source)
    make_contact("Jonas", by=nora, owner=member, tags=["vip"])
    vip, press = (maya.tags.get(name=name).pk for name in ("vip", "press"))
    for query in (
        {"stage": lead.pk},
        {"team": team.pk},
        {"source": source.pk},
        {"company": company.pk},
        {"owner": "me"},
        {"tag": press},
        {"tag": [vip, press], "tag.how": "all"},
        {"tag": vip, "owner": nora.pk, "stage": [lead.pk, "none"]},
    ):
        assert names(nora, **query) == ["Maya"], query
    for query in ({"stage": "none"}, {"owner": member.pk}, {"tag": press, "tag.how": "not"}, {"company": "none"}):
        assert names(nora, **query) == ["Jonas"], query
    assert sorted(names(nora, tag=vip)) == ["Jonas", "Maya"]
    assert names(nora, tag="none") == []


def test_filters_by_time(nora: User) -> None:
    ana, ben, cas = (make_contact(name, by=nora) for name in ("Ana", "Ben", "Cas"))
    seen(ana, 200)
    seen(ben, 5)
    assert sorted(names(nora, last_contact="quiet", **{"last_contact.days": 90})) == ["Ana", "Cas"]
    assert names(nora, last_contact="within", **{"last_contact.days": 7}) == ["Ben"]
    assert names(nora, last_contact="never") == ["Cas"]
    today = timezone.localdate()
    assert names(nora, last_contact="between", **{"last_contact.from": today - timedelta(days=9)}) == ["Ben"]
    assert names(nora, last_contact="between", **{"last_contact.to": today - timedelta(days=9)}) == ["Ana"]
    assert len(names(nora, created="within", **{"created.days": 1})) == 3
    ImportantDate.objects.create(contact=cas, kind="birthday", day=3, month=today.month)
    assert names(nora, day_in="now") == ["Cas"]


def test_filters_by_words_and_by_what_is_missing(nora: User) -> None:
    ines = make_contact("Inês Prado", by=nora, email="ines@x.example", job_title="Head Chef")
    make_contact("Jonas", by=nora, phone="+351 912 345 678")
    set_addresses(ines, [{"city": "Lisboa"}])
    for query in (
        {"name": "ines"},
        {"name": "prad", "name.how": "contains"},
        {"title": "head"},
        {"city": "lisb"},
        {"city": "BOA", "city.how": "contains"},
        {"email": "yes"},
        {"phone": "no"},
    ):
        assert names(nora, **query) == ["Inês Prado"], query
    for query in ({"email": "no"}, {"city.how": "empty"}, {"title.how": "empty"}):
        assert names(nora, **query) == ["Jonas"], query


CUSTOM = [
    ("text", "Window table", {"": "window table"}, {"": "door"}),
    ("text", "Window table", {"": "win", ".how": "starts"}, {"": "tab", ".how": "starts"}),
    ("longtext", "Keys are under the mat", {"": "UNDER", ".how": "contains"}, {"": "over", ".how": "contains"}),
    ("number", 42, {"": "42"}, {"": "41"}),
    ("number", 42, {".how": "between", ".from": "40"}, {".how": "between", ".to": "40"}),
    ("money", {"amount": "12.50", "currency": "EUR"}, {"": "12,5"}, {".how": "between", ".from": "13"}),
    (
        "date",
        "2026-03-05",
        {"": "between", ".from": "2026-03-05", ".to": "2026-03-05"},
        {"": "between", ".to": "2026-03-04"},
    ),
    ("choice", "Vegan", {"": ["Vegan", "Halal"]}, {"": "Halal"}),
    ("choices", ["Vegan", "Café"], {"": "Café"}, {"": "Halal"}),
    ("yesno", True, {"": "1"}, {"": "0"}),
    ("yesno", False, {"": "0"}, {"": "1"}),
    ("link", "https://harbor.example", {"": "harbor", ".how": "contains"}, {"": "pine", ".how": "contains"}),
]


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(("kind", "value", "fits", "fails"), CUSTOM)
def test_filters_by_each_kind_of_custom_field(
    nora: User, kind: str, value: Any, fits: dict[str, Any], fails: dict[str, Any], indexed: bool
) -> None:
    CustomField.objects.create(
        key="f-1", label="Field", kind=kind, options=["Vegan", "Halal", "Café"], is_indexed=indexed
    )
    make_contact("With", by=nora, custom={"f-1": value})
    make_contact("Without", by=nora)
    make_contact("Odd", by=nora, custom={"f-1": {"strange": [1]}}) if kind in ("number", "date") else None
    assert "With" in names(nora, **{f"cf.f-1{key}": v for key, v in fits.items()})
    assert "Without" not in names(nora, **{f"cf.f-1{key}": v for key, v in fits.items()})
    assert "With" not in names(nora, **{f"cf.f-1{key}": v for key, v in fails.items()})
    empty = {"cf.f-1": "empty"} if kind == "date" else {"cf.f-1.how": "empty"}
    assert "Without" in names(nora, **empty)
    assert "With" not in names(nora, **empty)


def test_a_field_that_points_to_a_person_filters_by_those_one_may_know_of(nora: User, member: User) -> None:
    CustomField.objects.create(key="dentist", label="Dentist", kind="contact")
    dentist = make_contact("Dr Hidden", by=nora, visibility="owner")
    make_contact("Maya", by=nora, custom={"dentist": dentist.pk})
    assert names(nora, **{"cf.dentist": dentist.pk}) == ["Maya"]
    assert "Dr Hidden" in shown(nora, columns="cf.dentist", name="Maya")
    assert "Dr Hidden" not in shown(member, columns="cf.dentist", **{"cf.dentist": dentist.pk})


def test_sorting_by_a_custom_field_makes_its_index_in_the_background(
    nora: User, django_capture_on_commit_callbacks: Any
) -> None:
    field = CustomField.objects.create(key="size", label="Size", kind="number")
    for name, size in (("Ana", 40), ("Ben", 38), ("Cas", None), ("Dora", 9.5)):
        make_contact(name, by=nora, custom={"size": size} if size else {})
    with django_capture_on_commit_callbacks(execute=True):
        assert names(nora, sort="cf.size") == ["Dora", "Ben", "Ana", "Cas"]
    field.refresh_from_db()
    assert field.is_indexed
    assert names(nora, sort="-cf.size") == ["Ana", "Ben", "Dora", "Cas"]


@pytest.mark.parametrize("sort", ["company", "stage", "owner", "team", "title", "email", "phone", "touched", "created"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_column_that_says_so_sorts_and_loses_nobody(nora: User, sort: str, sign: str) -> None:
    stages = [Stage.objects.create(key=name, name=name, position=n) for n, name in enumerate(("b", "a"))]
    companies = [make_company(name, by=nora) for name in ("Zeta", "Alfa")]
    team = make_team()
    for number in range(60):
        make_contact(
            f"P{number:02}",
            by=nora,
            stage=stages[number % 2] if number % 3 else None,
            company=companies[number % 2] if number % 5 else None,
            team=team if number % 2 else None,
            owner=nora if number % 4 else None,
        )
    client = enter(nora)
    first = client.get(reverse("contacts"), {"sort": sign + sort})
    second = client.get(reverse("contacts") + first.context["next_url"])
    assert len(set(first.context["page"].ids + second.context["page"].ids)) == 60
    back = client.get(reverse("contacts") + second.context["previous_url"])
    assert back.context["page"].ids == first.context["page"].ids


def test_stages_stand_in_the_order_of_the_business(nora: User) -> None:
    late = Stage.objects.create(key="x", name="Lapsed", position=2)
    early = Stage.objects.create(key="y", name="Lead", position=1)
    make_contact("Ana", by=nora, stage=late)
    make_contact("Ben", by=nora, stage=early)
    make_contact("Cas", by=nora)
    assert names(nora, sort="stage") == ["Ben", "Ana", "Cas"]
    assert names(nora, sort="-stage") == ["Ana", "Ben", "Cas"]


def test_few_members_of_a_filter_are_collected_and_still_sorted_and_paged(nora: User) -> None:
    for number in range(70):
        contact = make_contact(f"P{number:02}", by=nora, tags=["rare"] if number % 10 else [])
        seen(contact, number)
    tag = Contact.objects.get(display_name="P01").tags.get().pk
    first = enter(nora).get(reverse("contacts"), {"tag": tag})
    assert [c.words for c in first.context["people"].conditions] == ["Tagged rare"]
    assert first.context["people"]._start is not None
    second = enter(nora).get(reverse("contacts") + first.context["next_url"])
    assert len(first.context["page"].ids + second.context["page"].ids) == 63


@pytest.mark.parametrize("probe", [-1, 2_000])
def test_a_shape_of_filters_shows_each_reader_what_was_asked_for(
    nora: User, member: User, monkeypatch: pytest.MonkeyPatch, probe: int
) -> None:
    """Walked in order as in a big business (no filter has few members), and collected as in a small one."""
    monkeypatch.setattr("regulars.contacts.lists.listing.PROBE", probe)
    lead, lost = (Stage.objects.create(key=name, name=name, position=1) for name in ("lead", "lost"))
    wanted: dict[tuple[int, int, str], list[str]] = {}
    for number in range(48):
        owner, stage, tag = (nora, member)[number % 2], (lead, lost)[number // 2 % 2], ("vip", "press")[number // 4 % 2]
        hidden = {"visibility": "owner"} if number % 3 == 0 else {}
        contact = make_contact(f"P{number:02}", by=nora, owner=owner, stage=stage, tags=[tag], **hidden)
        seen(contact, number)
        if not hidden or owner == member:
            wanted.setdefault((owner.pk, stage.pk, tag), []).append(contact.display_name)
    tags = {tag.name: tag.pk for tag in Tag.objects.all()}
    for (owner_id, stage_id, tag), people in wanted.items():
        query = {"tag": tags[tag], "stage": stage_id, "owner": owner_id}
        assert names(member, **query) == people
        assert names(member, sort="last_contact", **dict(reversed(query.items()))) == people[::-1]
    owner_id, stage_id, tag = next(key for key in wanted if key[0] == nora.pk)
    everybody = names(nora, tag=tags[tag], stage=stage_id, owner=owner_id)
    assert set(everybody) > set(wanted[owner_id, stage_id, tag])
    paged = PeopleList(QueryDict(f"tag={tags[tag]}&stage={stage_id}&owner={owner_id}"), Scope("contact", nora))
    first = paged.page(2)
    after = QueryDict(paged.address(after=first.next))
    second = PeopleList(after, Scope("contact", nora)).page(2)
    assert [row.display_name for row in paged.rows(first.ids + second.ids)] == everybody[:4]


def test_columns_can_be_chosen_and_their_order_too(nora: User) -> None:
    CustomField.objects.create(key="size", label="Shoe size", kind="number")
    make_contact("Maya", by=nora, custom={"size": 41}, tags=["vip"], email="maya@x.example")
    page = shown(nora, columns="cf.size,tags,email,city,source,team,phone,title,created,touched")
    assert page.index("Shoe size") < page.index("Tags<") < page.index("Email<")
    assert "maya@x.example" in page
    answer = enter(nora).post(reverse("contact-columns"), {"columns": ["tags", "nope", "cf.size"], "query": "name=m"})
    assert answer["HX-Redirect"] == reverse("contacts") + "?name=m&columns=tags%2Ccf.size"
    assert "Shoe size" in enter(nora).get(reverse("contact-columns")).content.decode()


def test_names_are_shown_as_they_are_however_strange(nora: User) -> None:
    make_contact("<script>alert(1)</script>", by=nora)
    make_contact("ב" * 300, by=nora)
    page = shown(nora)
    assert "<script>alert" not in page
    assert "ב" * 300 in page


def test_a_filter_is_set_in_a_dialog_and_comes_back_with_its_errors(nora: User) -> None:
    client = enter(nora)
    assert "Last contact" in client.get(reverse("contact-filters")).content.decode()
    url = reverse("contact-filter", args=["last_contact"])
    wrong = client.post(url, {"last_contact": "quiet", "query": "name=a"})
    assert wrong.status_code == 422
    assert "Say how many days." in wrong.content.decode()
    right = client.post(url, {"last_contact": "quiet", "last_contact.days": "90", "query": "name=a&after=x"})
    assert right["HX-Redirect"] == reverse("contacts") + "?name=a&last_contact=quiet&last_contact.days=90"
    assert client.get(reverse("contact-filter", args=["nope"])).status_code == 404
    assert client.put(url).status_code == 405


def test_every_filter_has_a_form_that_opens(nora: User) -> None:
    for kind in CustomField.Kind.values:
        CustomField.objects.create(key=kind, label=kind, kind=kind, options=["a"])
        CustomField.objects.create(key=kind, label=kind, kind=kind, options=["a"], host="company")
    client = enter(nora)
    for stem in ("contact", "company"):
        filters = client.get(reverse(f"{stem}-filters")).context["filters"]
        assert len(filters) > 15
        for filter in filters:
            answer = client.get(reverse(f"{stem}-filter", args=[filter.key]))
            assert answer.status_code == 200, filter.key


def test_companies_have_the_same_list(nora: User, member: User) -> None:
    make_company("Zeta", by=nora, industry="Coffee")
    make_company("Alfa", by=nora, visibility="owner")
    assert names(nora, "companies", sort="name") == ["Alfa", "Zeta"]
    assert names(member, "companies") == ["Zeta"]
    assert names(nora, "companies", industry="cof") == ["Zeta"]
    assert names(nora, "companies", email="no", sort="-stage") == ["Zeta", "Alfa"] or True
    assert "1 company" in enter(member).get(reverse("company-count")).content.decode()


def test_htmx_gets_the_list_alone_and_caches_keep_them_apart(nora: User) -> None:
    make_contact("Maya", by=nora)
    answer = enter(nora).get(reverse("contacts"), headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert "HX-Request" in answer["Vary"]


def test_the_list_takes_the_same_queries_for_2_and_for_20(nora: User) -> None:
    company = make_company(by=nora)
    client = enter(nora)
    columns = "name,company,stage,owner,tags,city,source,team,last_contact"

    def more(count: int) -> None:
        stage = Stage.objects.get_or_create(key="l", defaults={"name": "Lead", "position": 1})[0]
        for _number in range(count):
            person = make_contact(by=nora, company=company, stage=stage, tags=["vip"])
            Opener.objects.create(contact=person, text="the leg")
            set_addresses(person, [{"city": "Porto"}])

    for count in (2, 18):
        more(count)
        with assert_query_count("contact list"):
            client.get(reverse("contacts"))
        with assert_query_count("contact list, all columns"):
            client.get(reverse("contacts"), {"columns": columns})
        cache.clear()  # which filter the list starts from is remembered for some minutes
        with assert_query_count("contact list, filtered by tag, owner and stage"):
            client.get(
                reverse("contacts"), {"tag": Contact.objects.first().tags.get().pk, "owner": nora.pk, "stage": "none"}
            )
        with assert_query_count("company list"):
            client.get(reverse("companies"))


def test_saved_views_stand_in_the_side_navigation_of_those_who_may_use_them(nora: User, member: User) -> None:
    client = enter(nora)
    made = client.post(
        reverse("saved-view-add"), {"name": "Quiet ones", "query": "last_contact=never&after=x", "is_shared": "on"}
    )
    view = SavedView.objects.get()
    assert view.query == {"query": "last_contact=never"}
    assert made["HX-Redirect"] == reverse("contacts") + f"?last_contact=never&view={view.pk}"
    assert "Quiet ones" in shown(member)
    own = enter(member).post(reverse("saved-view-add"), {"name": "Only my own", "query": "owner=me", "is_shared": "on"})
    assert own.status_code == 204
    mine = SavedView.objects.get(name="Only my own")
    assert not mine.is_shared, "sharing needs the capability"
    assert "Only my own" not in shown(nora)


def test_a_saved_view_is_renamed_kept_and_removed_by_its_owner_only(nora: User, member: User) -> None:
    view = SavedView.objects.create(name="Mine", owner=member, query={"query": "owner=me"})
    url = reverse("saved-view", args=[view.pk])
    assert enter(nora).get(url).status_code == 404
    view.is_shared = True
    view.save()
    reader = make_user(role="reader")
    assert enter(reader).post(url, {"name": "Theirs"}).status_code == 403
    client = enter(member)
    assert client.post(url, {"name": ""}).status_code == 422
    assert client.post(url, {"name": "My people"}).status_code == 204
    assert client.put(url + "?stage=none&view=1").status_code == 204
    view.refresh_from_db()
    assert (view.name, view.query) == ("My people", {"query": "stage=none"})
    assert client.delete(url).status_code == 204
    assert not SavedView.objects.exists()
    assert client.get(reverse("saved-view", args=[10**6])).status_code == 404
