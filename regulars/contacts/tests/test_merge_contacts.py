"""Two that are one: merged field by field, nothing lost, undone for 30 days."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from regulars.access.models import AuditEvent, Operation
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.binning import empty_bins
from regulars.contacts.actions.bringing import bring
from regulars.contacts.actions.merging import merge
from regulars.contacts.actions.photos import set_photo
from regulars.contacts.models import (
    Company,
    Consent,
    Contact,
    CustomField,
    Fact,
    ImportantDate,
    Opener,
    Relationship,
)
from regulars.contacts.records.picture import picture_of
from regulars.contacts.records.removals import undo_now
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.tests.pages import sign_in
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db


def photo() -> ContentFile[bytes]:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "olive").save(out, "WEBP")
    return ContentFile(out.getvalue(), name="x.webp")


def two(owner: object) -> tuple[Contact, Contact]:
    """Two people with everything that can hang on one."""
    lumen, norte = make_company("Lumen", by=owner), make_company("Norte", by=owner)
    maya = make_contact(
        "Maya Okafor",
        owner=owner,
        email="maya@a.example",
        phone="+351912555014",
        company=lumen,
        role="Events",
        tags=["a", "b"],
    )
    maia = make_contact(
        "Maia Okafor",
        owner=owner,
        email="maya@a.example",
        phone="+351912555099",
        company=norte,
        role="Partner",
        tags=["b", "c"],
        profile={"pronouns": "she/her", "nickname": "May"},
        custom={"table": "Window"},
    )
    rui = make_contact("Rui", owner=owner)
    for contact, text in ((maya, "Guji"), (maia, "Oat milk"), (maia, "Guji")):
        Fact.objects.create(contact=contact, kind="like", text=text)
    Opener.objects.create(contact=maia, text="How is Biscuit?")
    ImportantDate.objects.create(contact=maya, kind="birthday", day=9, month=2)
    ImportantDate.objects.create(contact=maia, kind="birthday", day=10, month=2)
    Relationship.objects.create(contact=maia, other=rui, kind="spouse")
    Relationship.objects.create(contact=maya, other=maia, kind="sibling")
    Consent.objects.create(contact=maia, channel="email", is_given=True, basis="consent", given_on=date(2026, 1, 1))
    bring(rui, maia, by=rui.owner)
    make_entry(maya, by=owner, text="With Maya")
    make_entry(maia, by=owner, text="With Maia")
    make_entry(maya, maia, by=owner, text="With both")
    set_photo(maia, photo(), by=None)
    return Contact.objects.get(pk=maya.pk), Contact.objects.get(pk=maia.pk)


def everything(contact: Contact) -> dict[str, object]:
    """All that a contact has, to compare before and after."""
    contact = Contact.objects.get(pk=contact.pk)
    return {
        "picture": picture_of(contact),
        "repeated": (contact.email, contact.phone, contact.company_id, contact.created_at, contact.last_contact_at),
        "facts": sorted(contact.facts.values_list("text", flat=True)),
        "openers": sorted(contact.openers.values_list("text", flat=True)),
        "dates": sorted(contact.dates.values_list("kind", "label", "day", "month")),
        "ties": sorted(contact.relationships.values_list("other", "kind")),
        "ties back": sorted(contact.relationships_from_others.values_list("contact", "kind")),
        "work": sorted(contact.employments.values_list("company", "role", "is_main")),
        "consents": contact.consents.count(),
        "brought": sorted(contact.brought.values_list("contact", flat=True)),
        "entries": sorted(contact.involvements.values_list("entry", flat=True)),
        "words": sorted(word for word in contact.name_words.values_list("word", flat=True) if word),
        "photo": bool(contact.profile_or_blank.photo),
    }


def test_nothing_is_lost() -> None:
    owner = make_user()
    maya, maia = two(owner)
    merge(maya, maia, {"nickname": "other", "display_name": "into"}, by=owner)
    kept = Contact.objects.get(pk=maya.pk)
    now = everything(kept)
    assert sorted(point.value for point in kept.points.all()) == ["+351912555014", "+351912555099", "maya@a.example"]
    assert sorted(tag.name for tag in kept.tags.all()) == ["a", "b", "c"]
    assert now["facts"] == ["Guji", "Oat milk"]
    assert now["openers"] == ["How is Biscuit?"]
    assert [row[:2] for row in now["dates"]] == [("birthday", ""), ("other", "Birthday of Maia Okafor")]  # type: ignore[index]
    assert kept.employments.count() == 2
    assert kept.company is not None
    assert (kept.company.display_name, kept.profile.pronouns, kept.custom) == ("Lumen", "she/her", {"table": "Window"})
    assert kept.consents.count() == kept.brought.count() == 1
    assert kept.profile.photo
    texts = set(Entry.objects.filter(involvements__contact=kept).values_list("text", flat=True))
    assert {"With Maya", "With Maia", "With both"} < texts
    note = next(text for text in texts if text.startswith("Merged with Maia Okafor"))
    assert "Shown as: Maia Okafor" in note
    assert "Role: Partner" in note


def test_the_old_address_leads_to_the_kept_one_and_the_merged_one_is_nowhere() -> None:
    owner = make_user()
    maya, maia = two(owner)
    client = sign_in(owner)
    merge(maya, maia, {}, by=owner)
    answer = client.get(f"/contacts/{maia.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/contacts/{maya.pk}/")
    assert "Maia" not in client.get("/bin/").content.decode()
    assert "Maia" not in client.get("/contacts/pick/?q=maia").content.decode()
    assert client.get(f"/contacts/{maya.pk}/").status_code == 200


def test_undo_makes_exactly_the_same_two_again() -> None:
    owner = make_user()
    maya, maia = two(owner)
    before = everything(maya), everything(maia)
    operation = merge(maya, maia, {"job_title": "other", "company": "other"}, by=owner)
    assert everything(maya) != before[0]
    assert undo_now(operation, by=owner)
    assert (everything(maya), everything(maia)) == before
    assert not undo_now(Operation.objects.get(), by=owner)


def test_undo_works_after_later_edits_which_stay() -> None:
    owner = make_user()
    maya, maia = two(owner)
    operation = merge(maya, maia, {}, by=owner)
    kept = Contact.objects.get(pk=maya.pk)
    points = [*picture_of(kept)["points"], ["email", "new@a.example", "", False]]
    kept.revise({"pronouns": "they/them", "points": points}, expected_version=kept.version, by=owner)
    Fact.objects.create(contact=kept, kind="pet", text="Biscuit")
    Fact.objects.get(text="Oat milk").delete()
    assert undo_now(operation, by=owner)
    maya, maia = Contact.objects.get(pk=maya.pk), Contact.objects.get(pk=maia.pk)
    assert maya.profile.pronouns == "they/them"
    assert sorted(maya.points.values_list("value", flat=True)) == ["+351912555014", "maya@a.example", "new@a.example"]
    assert sorted(maia.points.values_list("value", flat=True)) == ["+351912555099", "maya@a.example"]
    assert sorted(maya.facts.values_list("text", flat=True)) == ["Biscuit", "Guji"]
    assert maia.phone == "+351912555099"


def test_an_earlier_merge_is_undone_after_the_later_one() -> None:
    owner = make_user()
    first, second, third = (make_contact(name, owner=owner) for name in ("Ana", "Bea", "Cy"))
    one = merge(first, second, {}, by=owner)
    two_ = merge(third, Contact.objects.get(pk=first.pk), {}, by=owner)
    client = sign_in(owner)
    assert client.get(f"/contacts/{second.pk}/")["Location"] == f"/contacts/{third.pk}/"
    assert not undo_now(one, by=owner)
    assert undo_now(two_, by=owner)


def test_custom_fields_that_name_the_merged_person_name_the_kept_one() -> None:
    owner = make_user()
    CustomField.objects.create(key="doctor", label="Doctor", kind="contact")
    ana, bea = make_contact("Ana", owner=owner), make_contact("Bea", owner=owner)
    rui = make_contact("Rui", owner=owner, custom={"doctor": bea.pk})
    operation = merge(ana, bea, {}, by=owner)
    rui.refresh_from_db()
    assert rui.custom == {"doctor": ana.pk}
    undo_now(operation, by=owner)
    rui.refresh_from_db()
    assert rui.custom == {"doctor": bea.pk}


def test_the_pages_pick_compare_merge_and_undo() -> None:
    owner = make_user()
    maya, maia = two(owner)
    client = sign_in(owner)
    assert client.get(f"/contacts/{maya.pk}/merge/").status_code == 200
    compare = client.get(f"/contacts/{maya.pk}/merge/?other={maia.pk}")
    assert "Which is right?" in compare.content.decode()
    assert client.get(f"/contacts/{maya.pk}/merge/?other={maya.pk}").status_code == 422
    answer = client.post(f"/contacts/{maya.pk}/merge/", {"other": maia.pk, "take-display_name": "other"})
    assert answer.status_code == 302
    assert Contact.objects.get(pk=maya.pk).display_name == "Maia Okafor"
    assert AuditEvent.objects.filter(verb="merged").count() == 2
    operation = Operation.objects.get(kind="merge")
    assert client.delete(f"/merges/{operation.pk}/").status_code == 204
    assert Contact.objects.visible_to(owner).filter(pk__in=[maya.pk, maia.pk]).count() == 2


def test_the_ladder() -> None:
    boss = make_user()
    hidden, seen = make_contact("Hidden", owner=boss, visibility="owner"), make_contact("Seen", owner=boss)
    other = make_contact("Other", owner=boss)
    stranger = sign_in(make_user())
    assert stranger.get(f"/contacts/{hidden.pk}/merge/").status_code == 404
    assert stranger.get(f"/contacts/{seen.pk}/merge/?other={hidden.pk}").status_code == 422
    assert stranger.post(f"/contacts/{seen.pk}/merge/", {"other": hidden.pk}).status_code == 422
    assert sign_in(make_user(role="front_desk")).get(f"/contacts/{seen.pk}/merge/").status_code == 403
    operation = merge(seen, other, {}, by=boss)
    assert sign_in(make_user(role="front_desk")).delete(f"/merges/{operation.pk}/").status_code == 403
    assert stranger.get(f"/merges/{operation.pk}/").status_code == 405
    assert stranger.delete("/merges/987654/").status_code == 404
    with pytest.raises(ValueError, match="no longer there"):
        merge(seen, Contact.objects.get(pk=other.pk), {}, by=boss)


def test_two_companies_become_one_and_two_again() -> None:
    owner = make_user()
    lumen, lumina = make_company("Lumen", by=owner), make_company("Lumina", by=owner, domain="lumen.example")
    maya = make_contact("Maya", owner=owner, company=lumina, role="Events")
    make_entry(maya, by=owner)
    part = make_company("Part", by=owner, parent=lumina)
    client = sign_in(owner)
    assert client.get(f"/companies/{lumen.pk}/merge/?other={lumina.pk}").status_code == 200
    assert client.post(f"/companies/{lumen.pk}/merge/", {"other": lumina.pk}).status_code == 302
    maya.refresh_from_db()
    part.refresh_from_db()
    assert (maya.company_id, part.parent_id, maya.employments.get().company_id) == (lumen.pk, lumen.pk, lumen.pk)
    assert Company.objects.get(pk=lumen.pk).domain == "lumen.example"
    assert client.get(f"/companies/{lumina.pk}/")["Location"] == f"/companies/{lumen.pk}/"
    client.delete(f"/merges/{Operation.objects.get(kind='merge').pk}/")
    maya.refresh_from_db()
    part.refresh_from_db()
    assert (maya.company_id, part.parent_id, maya.employments.get().company_id) == (lumina.pk, lumina.pk, lumina.pk)
    assert Company.objects.get(pk=lumen.pk).domain == ""


def test_after_30_days_the_merged_one_is_empty_but_still_leads_to_the_kept_one() -> None:
    owner = make_user()
    maya, maia = two(owner)
    merge(maya, maia, {}, by=owner)
    Contact.objects.filter(pk=maia.pk).update(binned_at=timezone.now() - timedelta(days=31))
    empty_bins()
    left = Contact.objects.get(pk=maia.pk)
    assert (left.display_name, left.email, left.points.count()) == ("", "", 0)
    assert sign_in(owner).get(f"/contacts/{maia.pk}/").status_code == 302
