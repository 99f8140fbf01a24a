"""Segments: rules in sentences, groups, what is gone, circles, lists, counts; over HTTP and by verbs."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.access import operations
from regulars.access.models import Operation, Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions import add_tags
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge
from regulars.contacts.filters import Scope
from regulars.contacts.lists.bulk import Selection, start_bulk_edit
from regulars.contacts.lists.bulk_changes import CHANGES
from regulars.contacts.models import Contact, CustomField, Fact, Profile, Segment, SegmentMember, Source, Stage, Tag
from regulars.contacts.segments.counts import count_segments, with_counts
from regulars.contacts.segments.reading import leads_back, people_in, read_rule
from regulars.contacts.segments.setup import hand_over_segments
from regulars.contacts.segments.sizes import size_of
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.contacts.tests.pages import sign_in
from regulars.lib.tests.queries import assert_query_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    Organisation.objects.create(name="Harbor & Pine", modules=["segments", "rhythm", "dates"])
    return make_user("Inês Duarte", role="manager")


@pytest.fixture
def maya(ines: User) -> Contact:
    """A customer who likes oat milk and was here today."""
    stage = Stage.objects.get_or_create(
        key="customer", defaults={"name": "Customer", "is_customer": True, "position": 3}
    )[0]
    maya = make_contact("Maya Okafor", owner=ines, stage=stage)
    Fact.objects.create(contact=maya, kind="like", text="Oat milk")
    make_entry(maya, by=ines, kind="visit")
    return maya


def leaf(key: str, **said: Any) -> dict[str, Any]:
    values = {
        name.replace("__", "."): [str(one) for one in (v if isinstance(v, list) else [v])] for name, v in said.items()
    }
    return {"if": key, "with": values}


def found(rule: dict[str, Any], user: User, **fields: Any) -> set[str]:
    segment = Segment.objects.create(owner=user, name=f"Segment {Segment.objects.count()}", rule=rule, **fields)
    return set(people_in(segment, Scope("contact", user)).values_list("display_name", flat=True))


def test_groups_of_conditions_find_people(ines: User, maya: Contact) -> None:
    rui = make_contact("Rui Pinto", owner=ines)
    add_tags(rui, ["vip"])
    customer = leaf("stage", stage=maya.stage_id)
    oat, vip = leaf("fact", fact__text="oat"), leaf("tag", tag=Tag.objects.get().pk)
    assert found({"all": [customer, oat]}, ines) == {"Maya Okafor"}
    assert found({"any": [customer, vip]}, ines) == {"Maya Okafor", "Rui Pinto"}
    assert found({"none": [customer]}, ines) == {"Rui Pinto"}  # nobody without a stage is forgotten
    assert found({"all": [{"any": [customer, vip]}, {"none": [oat]}]}, ines) == {"Rui Pinto"}
    assert found({"any": [{"none": [vip]}, {"all": [vip, customer]}]}, ines) == {"Maya Okafor"}
    assert found({"all": []}, ines) == {"Maya Okafor", "Rui Pinto"}


def test_none_of_keeps_people_who_have_no_value(ines: User, maya: Contact) -> None:
    walk_in = Source.objects.create(name="Walk-in")
    Profile.objects.update_or_create(contact=maya, defaults={"source": walk_in})
    CustomField.objects.create(key="diet", label="Diet", kind="choice", options=["vegan", "none"])
    Contact.objects.filter(pk=maya.pk).update(custom={"diet": "vegan"})
    make_contact("Rui Pinto", owner=ines)
    assert found({"none": [leaf("source", source=walk_in.pk)]}, ines) == {"Rui Pinto"}
    assert found({"none": [leaf("cf.diet", **{"cf.diet": "vegan"})]}, ines) == {"Rui Pinto"}
    assert found(
        {"any": [{"none": [leaf("source", source=walk_in.pk)]}, leaf("stage", stage=maya.stage_id)]}, ines
    ) == {
        "Maya Okafor",
        "Rui Pinto",
    }


def test_a_rule_reads_as_one_sentence(ines: User, maya: Contact) -> None:
    rule = {
        "all": [
            leaf("stage", stage=maya.stage_id),
            {"any": [leaf("fact", fact__kind="like", fact__text="oat"), leaf("email", email="yes")]},
            {"none": [leaf("last_contact", last_contact="within", last_contact__days=60)]},
        ]
    }
    assert read_rule(rule, Scope("contact", ines)).sentence == (
        "Stage: Customer, either remembered: Like with “oat” or has an email and not: in touch in the last 60 days."
    )


def test_what_is_gone_makes_it_empty_and_says_so(ines: User, maya: Contact) -> None:
    add_tags(maya, ["vip"])
    tag = Tag.objects.get()
    CustomField.objects.create(key="size", label="Size", kind="number")
    inner = Segment.objects.create(owner=ines, name="Inner", rule={"all": [leaf("tag", tag=tag.pk)]})
    outer = Segment.objects.create(
        owner=ines, name="Outer", rule={"any": [leaf("segment", segment=inner.pk), leaf("email", email="no")]}
    )
    assert "Maya Okafor" in sign_in(ines).get(outer.get_absolute_url()).content.decode()
    tag.delete()
    page = sign_in(ines).get(outer.get_absolute_url()).content.decode()
    assert "Maya Okafor" not in page
    assert "asks for a tag that is gone" in page
    assert found({"none": [leaf("cf.gone", **{"cf.gone": "1"})]}, ines) == set()
    assert found({"none": [leaf("segment", segment=999)]}, ines) == set()
    assert found({"all": ["nonsense", {"if": 5}, {"all": {"all": 3}}]}, ines) == set()
    assert sign_in(ines).get(reverse("contacts") + "?segment=999").context["page"].ids == []
    assert "asks for a tag that is gone" in sign_in(ines).get(reverse("segments")).content.decode()


def test_no_segment_refers_to_itself(ines: User, maya: Contact) -> None:
    one = Segment.objects.create(owner=ines, name="One", rule={"all": [leaf("email", email="no")]})
    two = Segment.objects.create(owner=ines, name="Two", rule={"all": [leaf("segment", segment=one.pk)]})
    circle = {"all": [{"any": [leaf("segment", segment=two.pk)]}]}
    assert leads_back(one.pk, circle)
    sent = {"name": "One", "version": 1, "rule": json.dumps(circle)}
    answer = sign_in(ines).post(reverse("segment", args=[one.pk]), sent)
    assert answer.status_code == 422
    assert "refer to itself" in answer.content.decode()
    Segment.objects.filter(pk=one.pk).update(rule=circle)  # even so, nothing goes round for ever
    assert list(people_in(two, Scope("contact", ines))) == []


def test_visibility_is_always_applied(ines: User, maya: Contact) -> None:
    secret = make_contact("Secret Person", owner=ines, visibility="owner")
    segment = Segment.objects.create(owner=ines, name="All", is_shared=True, rule={"all": [leaf("email", email="no")]})
    rui = make_user("Rui Silva")
    names = {c.display_name for c in people_in(segment, Scope("contact", rui))}
    assert "Maya Okafor" in names
    assert secret.display_name not in names
    private = Segment.objects.create(owner=ines, name="Mine", rule={"all": []})
    assert sign_in(rui).get(reverse("segment", args=[private.pk])).status_code == 404
    assert sign_in(rui).get(reverse("segment", args=[segment.pk])).status_code == 403
    assert "All" in sign_in(rui).get(reverse("segments")).content.decode()


def test_build_a_segment_by_clicking(ines: User, maya: Contact) -> None:
    client = sign_in(ines)
    page = client.get(reverse("segment-add") + f"?stage={maya.stage_id}&sort=name").content.decode()
    assert "Stage: Customer." in page
    assert "Worth remembering" in client.get(reverse("segment-conditions") + "?at=").content.decode()
    rule = json.dumps({"all": [leaf("stage", stage=maya.stage_id)]})
    answer = client.post(reverse("segment-rule"), {"rule": rule, "act": "group", "at": ""})
    assert json.loads(answer.context["rule"])["all"][1] == {"any": []}
    refused = client.post(reverse("segment-condition", args=["last_contact"]), {"rule": rule, "at": ""})
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#dialog-host")
    sent = {"rule": answer.context["rule"], "at": "1", "fact.text": "oat", "fact.kind": ""}
    answer = client.post(reverse("segment-condition", args=["fact"]), sent)
    assert answer.context["group"].sentence == "Stage: Customer and remembered: Something with “oat”."
    assert "1 customer now" in client.post(reverse("segment-count"), {"rule": answer.context["rule"]}).content.decode()
    rule = answer.context["rule"]
    answer = client.post(reverse("segment-rule"), {"rule": rule, "act": "mode", "at": "", "mode": "none"})
    assert "none" in json.loads(answer.context["rule"])
    answer = client.post(reverse("segment-rule"), {"rule": rule, "act": "remove", "at": "1.0"})
    assert answer.context["group"].count == 1
    assert client.post(reverse("segment-add"), {"name": "Empty", "rule": "nonsense"}).status_code == 422
    saved = client.post(reverse("segment-add"), {"name": "Oat", "tone": "gold", "rule": rule, "is_shared": "on"})
    segment = Segment.objects.get()
    assert saved["Location"] == segment.get_absolute_url()
    assert (segment.owner, segment.is_shared, segment.tone) == (ines, True, "gold")
    page = client.get(segment.get_absolute_url()).content.decode()
    assert "Stage: Customer and remembered" in page
    assert "Change segment" in page
    client.get(reverse("contact-count") + f"?segment={segment.pk}")
    assert with_counts(ines)[0].counted == "1"
    late = {"name": "Late", "version": 7, "rule": rule}
    assert client.post(reverse("segment", args=[segment.pk]), late).status_code == 422


def test_counts_are_kept_and_never_taken_on_a_page(ines: User, maya: Contact, django_assert_num_queries: Any) -> None:
    segment = Segment.objects.create(owner=ines, name="All", rule={"all": [leaf("email", email="no")]})
    assert with_counts(ines)[0].counted == ""
    with django_assert_num_queries(1):
        with_counts(ines)  # queued once, however many pages ask
    count_segments.func(ines.pk, [segment.pk])
    assert with_counts(ines)[0].counted == "1"


def test_a_list_is_changed_in_bulk_and_undone(ines: User, maya: Contact) -> None:
    change, scope = CHANGES["list-add"], Scope("contact", ines, Organisation.current())
    selection = Selection("contact", [maya.pk])
    operation = start_bulk_edit(selection, change, "Tasting", by=ines)
    tasting = Segment.objects.get()
    assert tasting.is_list
    assert [c.pk for c in people_in(tasting, scope)] == [maya.pk]
    assert operations.request_undo(operation, by=ines)
    operations.run(operation)
    assert list(people_in(tasting, scope)) == []
    client = sign_in(ines)
    client.post(reverse("contact-bulk", args=["list-add"]), {"ids": [maya.pk], "value": tasting.pk})
    assert "Tasting" in client.get(reverse("contact-lists", args=[maya.pk])).content.decode()
    client.delete(reverse("contact-on-list", args=[maya.pk, tasting.pk]))
    assert not tasting.members.exists()
    client.post(reverse("contact-lists", args=[maya.pk]), {"list": tasting.pk})
    assert tasting.members.count() == 1
    assert client.post(reverse("contact-bulk", args=["list-add"]), {"ids": [maya.pk]}).status_code == 422


def test_a_rule_becomes_a_list_and_current_again(ines: User, maya: Contact) -> None:
    segment = Segment.objects.create(owner=ines, name="All", rule={"all": [leaf("email", email="no")]})
    client = sign_in(ines)
    assert client.post(reverse("segment-list", args=[segment.pk])).status_code == 204
    make_contact("Newcomer", owner=ines)
    segment.refresh_from_db()
    assert segment.is_list
    assert {c.display_name for c in people_in(segment, Scope("contact", ines))} == {"Maya Okafor"}
    client.delete(reverse("segment-list", args=[segment.pk]))
    segment.refresh_from_db()
    assert people_in(segment, Scope("contact", ines)).count() == 2


def test_a_removed_segment_comes_back_with_its_people(ines: User, maya: Contact) -> None:
    segment = Segment.objects.create(owner=ines, name="Tasting", is_list=True)
    segment.add([maya.pk], by=ines)
    sign_in(ines).delete(reverse("segment", args=[segment.pk]))
    assert not Segment.objects.exists()
    operation = Operation.objects.get()
    operations.request_undo(operation, by=ines)
    operations.run(operation)
    assert [row.contact_id for row in Segment.objects.get().members.all()] == [maya.pk]


def test_merged_and_erased_people_leave_nothing_behind(ines: User, maya: Contact) -> None:
    twin = make_contact("M. Okafor", owner=ines)
    tasting = Segment.objects.create(owner=ines, name="Tasting", is_list=True)
    named = Segment.objects.create(owner=ines, name="Like Okafor", rule={"all": [leaf("name", name="Maya Okafor")]})
    tasting.add([twin.pk], by=ines)
    merge(maya, twin, {}, by=ines)
    assert [row.contact_id for row in tasting.members.all()] == [maya.pk]
    erase_contact(maya, by=ines)
    named.refresh_from_db()
    assert not SegmentMember.objects.exists()
    assert "Okafor" not in named.name + json.dumps(named.rule)


def test_four_conditions_are_one_statement(ines: User, maya: Contact, django_assert_num_queries: Any) -> None:
    add_tags(maya, ["vip"])
    rule = {
        "all": [
            leaf("stage", stage=maya.stage_id),
            leaf("tag", tag=Tag.objects.get().pk),
            leaf("fact", fact__kind="like"),
            {"none": [leaf("last_contact", last_contact="quiet", last_contact__days=30)]},
        ]
    }
    segment = Segment.objects.create(owner=ines, name="Four", rule=rule)
    people = people_in(segment, Scope("contact", ines))
    with django_assert_num_queries(1):
        assert len(people) == 1
    assert size_of(rule, Scope("contact", ines)).words == "1"


def test_export_of_a_segment(ines: User, maya: Contact) -> None:
    segment = Segment.objects.create(owner=ines, name="Oat", rule={"all": [leaf("fact", fact__text="oat")]})
    make_contact("Rui Pinto", owner=ines)
    answer = sign_in(ines).get(reverse("contact-export") + f"?segment={segment.pk}&format=csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Maya Okafor" in text
    assert "Rui Pinto" not in text


def test_a_visitor_is_asked_to_sign_in(ines: User) -> None:
    assert Client().get(reverse("segments")).status_code == 302


def test_shared_segments_go_to_a_successor(ines: User) -> None:
    rui = make_user("Rui Silva")
    Segment.objects.create(owner=rui, name="Ours", is_shared=True)
    Segment.objects.create(owner=ines, name="Ours", is_shared=True)
    Segment.objects.create(owner=ines, name="Mine")
    hand_over_segments(ines, rui, rui)
    assert set(Segment.objects.filter(owner=rui).values_list("name", flat=True)) == {"Ours", "Ours (Inês)"}


def test_the_page_of_all_segments_costs_the_same_for_2_and_for_20(ines: User, maya: Contact) -> None:
    add_tags(maya, ["vip"])
    tag = Tag.objects.get().pk
    rule = {"all": [leaf("stage", stage=maya.stage_id), leaf("tag", tag=tag), leaf("owner", owner="me")]}
    client = sign_in(ines)
    for many in (2, 20):
        for number in range(many):
            Segment.objects.create(owner=ines, name=f"{many}, {number}", rule=rule)
        with_counts(ines)
        with assert_query_count("segments"):
            client.get(reverse("segments"))
