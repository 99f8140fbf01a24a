"""Adding and editing people: little is enough, everything is possible, nothing is lost."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from regulars.access.models import AuditEvent, Organisation
from regulars.access.tests.factories import make_team, make_user
from regulars.contacts.models import Contact, CustomField, Employment, Involvement, Source, Stage
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.contacts.tests.pages import as_sent, form_data, hidden, sign_in

pytestmark = pytest.mark.django_db


def picture(size: tuple[int, int] = (900, 600), kind: str = "JPEG", **extra: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "olive").save(out, kind, **extra)
    return out.getvalue()


# Adding


def test_a_name_and_one_point_is_enough() -> None:
    owner = make_user()
    answer = sign_in(owner).post("/contacts/new/", form_data(("phone", "+351 912 555 014"), given_name="Maya"))
    maya = Contact.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/contacts/{maya.pk}/"
    assert (maya.display_name, maya.phone, maya.version) == ("Maya", "+351 912 555 014", 1)


def test_everything_about_a_person_can_be_written_at_once() -> None:
    owner, team = make_user(), make_team("Events")
    stage = Stage.objects.create(key="vip", name="VIP", position=9)
    source = Source.objects.create(name="Word of mouth")
    brought_by = make_contact("Tomás Reis", owner=owner)
    CustomField.objects.create(key="table", label="Table", kind="text")
    CustomField.objects.create(key="budget", label="Budget", kind="money")
    data = form_data(
        ("phone", "+351 912 555 014"),
        ("email", "maya@lumen.example"),
        ("email", "m@home.example"),
        ("link", "lumen.example"),
        ("handle", "@maya"),
        addresses=[{"city": "Lisbon", "street": "Rua 1"}],
        given_name="Maya",
        family_name="Okafor",
        pronouns="she/her",
        company="Lumen Studios",
        job_title="Head of events",
        stage=stage.pk,
        owner=owner.pk,
        team=team.pk,
        visibility="team",
        tags=["events", "press"],
        source=source.pk,
        source_contact=brought_by.pk,
        **{"custom-table": "By the window", "custom-budget": "12,50", "points-2-is_preferred": "on"},
    )
    answer = sign_in(owner).post("/contacts/new/", data)
    assert answer.status_code == 302, answer.context["form"].errors
    maya = Contact.objects.get(display_name="Maya Okafor")
    assert maya.company is not None
    assert (maya.company.display_name, maya.job_title, maya.email) == (
        "Lumen Studios",
        "Head of events",
        "m@home.example",
    )
    assert maya.custom == {"table": "By the window", "budget": {"amount": "12.50", "currency": "EUR"}}
    assert sorted(tag.name for tag in maya.tags.all()) == ["events", "press"]
    assert maya.points.count() == 5
    assert maya.addresses.get().city == "Lisbon"
    assert (maya.profile.source, maya.referral.by_contact) == (source, brought_by)
    assert (maya.stage, maya.team, maya.visibility) == (stage, team, "team")


def test_nobody_at_all_is_refused_beside_the_field() -> None:
    answer = sign_in(make_user()).post("/contacts/new/", form_data(("phone", "")))
    assert answer.status_code == 422
    assert "Give a name, an email or a phone number." in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["X" * 150, "محمد عبد الله", "Zoë 🦊 ☕", "Cher", "  Björk  ", "O'Brien-Sá", "<script>alert(1)</script>"]
)
def test_names_of_every_kind_are_kept_and_shown(name: str) -> None:
    client = sign_in(make_user())
    client.post("/contacts/new/", form_data(given_name=name))
    contact = Contact.objects.get()
    assert contact.display_name == name.strip()
    page = client.get(f"/contacts/{contact.pk}/")
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_a_name_of_300_characters_is_kept_and_one_of_301_is_refused_kindly() -> None:
    client = sign_in(make_user())
    assert client.post("/contacts/new/", form_data(display_name="ä" * 300)).status_code == 302
    answer = client.post("/contacts/new/", form_data(display_name="ä" * 301))
    assert answer.status_code == 422
    assert "at most 300 characters" in answer.content.decode()


def test_points_that_can_not_be_are_refused_beside_their_row() -> None:
    answer = sign_in(make_user()).post(
        "/contacts/new/", form_data(("email", "nonsense"), ("phone", "x"), given_name="A")
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "does not look like an email" in text
    assert "does not look like a phone" in text


@pytest.mark.parametrize("day", ["2026-02-31", "31.02.2026x", "0001-01-01", "9999-12-31"])
def test_days_that_do_not_exist_or_can_not_be_meant_are_refused(day: str) -> None:
    CustomField.objects.create(key="since", label="Since", kind="date")
    answer = sign_in(make_user()).post("/contacts/new/", form_data(given_name="A", **{"custom-since": day}))
    assert answer.status_code == 422
    assert "There is no such day" in answer.content.decode() or "between 1900 and 2200" in answer.content.decode()


def test_a_company_or_source_that_one_may_not_know_of_does_not_exist() -> None:
    boss = make_user()
    firm = make_company("Secret", owner=boss, visibility="owner")
    person = make_contact("Secret person", owner=boss, visibility="owner")
    client = sign_in(make_user())
    assert client.post("/contacts/new/", form_data(given_name="A", company=f"id:{firm.pk}")).status_code == 422
    assert client.post("/contacts/new/", form_data(given_name="A", source_contact=person.pk)).status_code == 422


def test_a_reader_may_not_add() -> None:
    client = sign_in(make_user(role="reader"))
    assert client.get("/contacts/new/").status_code == 403
    assert client.post("/contacts/new/", form_data(given_name="A")).status_code == 403
    assert sign_in(make_user(role="front_desk")).get("/contacts/new/").status_code == 200


# Editing


def test_an_edit_changes_what_was_typed_and_says_so_in_the_audit_log() -> None:
    owner = make_user()
    maya = make_contact("Maya Okafor", owner=owner, given_name="Maya", family_name="Okafor", email="m@a.example")
    client = sign_in(owner)
    data = form_data(("email", "m@a.example"), given_name="Maia", family_name="Okafor", owner=owner.pk)
    answer = client.post(f"/contacts/{maya.pk}/edit/", data | hidden(client, f"/contacts/{maya.pk}/edit/"))
    assert answer.status_code == 302, answer.context["form"].errors
    maya.refresh_from_db()
    assert (maya.display_name, maya.sort_name, maya.version) == ("Maia Okafor", "maia okafor", 2)
    changes = AuditEvent.objects.get(verb="changed").changes
    assert changes["given_name"] == ["Maya", "Maia"]
    assert "points" not in changes
    assert {word.word for word in maya.name_words.all() if word.word} == {"maia", "okafor"}


def test_saving_without_a_change_changes_nothing() -> None:
    owner = make_user()
    maya = make_contact(
        "Maya Okafor", owner=owner, email="m@a.example", tags=["b", "A"], company=make_company("Lumen", by=owner)
    )
    client = sign_in(owner)
    company = f"id:{maya.company_id}"
    data = form_data(
        ("email", "m@a.example"), display_name="Maya Okafor", owner=owner.pk, tags=["A", "b"], company=company
    )
    assert (
        client.post(f"/contacts/{maya.pk}/edit/", data | hidden(client, f"/contacts/{maya.pk}/edit/")).status_code
        == 302
    )
    maya.refresh_from_db()
    assert maya.version == 1
    assert not AuditEvent.objects.filter(verb="changed").exists()


def test_two_who_edit_at_once_the_second_sees_both_versions_and_chooses() -> None:
    first, second = make_user("Ana Sá"), make_user("Rui Reis")
    maya = make_contact("Maya Okafor", owner=first, given_name="Maya", family_name="Okafor")
    mine, theirs = sign_in(second), sign_in(first)
    stale = hidden(mine, f"/contacts/{maya.pk}/edit/")
    common = {"owner": first.pk, "given_name": "Maya", "family_name": "Okafor"}
    saved = theirs.post(
        f"/contacts/{maya.pk}/edit/",
        form_data(**common, job_title="Chef", nickname="May") | hidden(theirs, f"/contacts/{maya.pk}/edit/"),
    )
    assert saved.status_code == 302
    answer = mine.post(
        f"/contacts/{maya.pk}/edit/", form_data(**common, job_title="Head chef", pronouns="she/her") | stale
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Ana Sá saved changes" in text
    assert "Head chef" in text
    choices = {choice.key: choice.suggested for choice in answer.context["conflict"].choices}
    assert choices == {"job_title": "mine", "pronouns": "mine", "nickname": "theirs"}
    again = form_data(**common, job_title="Head chef", pronouns="she/her") | {
        "version": answer.context["conflict"].version,
        "keep-job_title": "mine",
        "keep-pronouns": "mine",
        "keep-nickname": "theirs",
    }
    assert mine.post(f"/contacts/{maya.pk}/edit/", again).status_code == 302
    maya.refresh_from_db()
    assert (maya.job_title, maya.profile.pronouns, maya.profile.nickname) == ("Head chef", "she/her", "May")


def test_a_fact_added_meanwhile_is_no_conflict() -> None:
    owner = make_user()
    maya, client = make_contact("Maya", owner=owner), sign_in(owner)
    started = hidden(client, f"/contacts/{maya.pk}/edit/")
    client.post(f"/contacts/{maya.pk}/facts/new/", {"text": "Oat milk", "kind": "like"})
    maya.refresh_from_db()
    assert maya.version == 2
    data = form_data(display_name="Maya", owner=owner.pk, job_title="Chef")
    assert client.post(f"/contacts/{maya.pk}/edit/", data | started).status_code == 302
    maya.refresh_from_db()
    assert (maya.job_title, maya.version) == ("Chef", 3)


def test_a_changed_company_ends_the_old_employment_and_starts_a_new_one() -> None:
    owner = make_user()
    maya = make_contact("Maya", owner=owner, company=make_company("Old", by=owner), role="Cook")
    client = sign_in(owner)
    data = form_data(display_name="Maya", owner=owner.pk, company="New Firm", job_title="Chef")
    assert (
        client.post(f"/contacts/{maya.pk}/edit/", data | hidden(client, f"/contacts/{maya.pk}/edit/")).status_code
        == 302
    )
    main = Employment.objects.get(contact=maya, is_main=True)
    assert (main.company.display_name, main.role) == ("New Firm", "Chef")
    old = Employment.objects.get(contact=maya, is_main=False)
    assert old.until is not None


def test_becoming_a_customer_is_a_milestone_on_the_timeline() -> None:
    owner = make_user()
    lead = Stage.objects.create(key="lead2", name="Lead", position=1)
    customer = Stage.objects.create(key="customer2", name="Customer", position=2, is_customer=True)
    maya = make_contact("Maya", owner=owner, stage=lead)
    maya.revise({"stage": customer.pk}, expected_version=1, by=owner)
    assert Involvement.objects.get(contact=maya).kind == "milestone"
    maya.revise({"stage": lead.pk}, expected_version=2, by=owner)
    assert Involvement.objects.filter(contact=maya).count() == 1


def test_a_hidden_company_stays_when_somebody_edits_who_may_not_know_of_it() -> None:
    boss, colleague = make_user(), make_user()
    firm = make_company("Secret", owner=boss, visibility="owner")
    maya = make_contact("Maya", owner=boss, company=firm)
    client = sign_in(colleague)
    page = client.get(f"/contacts/{maya.pk}/edit/").content.decode()
    assert "Secret" not in page
    data = form_data(display_name="Maya", owner=boss.pk, job_title="Chef")
    assert (
        client.post(f"/contacts/{maya.pk}/edit/", data | hidden(client, f"/contacts/{maya.pk}/edit/")).status_code
        == 302
    )
    maya.refresh_from_db()
    assert maya.company == firm


# Photos


def test_a_photo_is_made_small_and_loses_what_the_camera_wrote() -> None:
    owner = make_user()
    maya = make_contact("Maya", owner=owner)
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Camera maker"
    upload = SimpleUploadedFile("me.jpg", picture((1200, 600), exif=exif), "image/jpeg")
    client = sign_in(owner)
    data = form_data(display_name="Maya", owner=owner.pk, photo=upload) | hidden(client, f"/contacts/{maya.pk}/edit/")
    assert client.post(f"/contacts/{maya.pk}/edit/", data).status_code == 302
    answer = client.get(f"/contacts/{maya.pk}/photo/")
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as image:
        assert image.size == (256, 512)
        assert not dict(image.getexif())
    assert f"/contacts/{maya.pk}/photo/" in client.get(f"/contacts/{maya.pk}/").content.decode()


@pytest.mark.parametrize(
    "content", [b"", b"not an image", b"\xff\xd8\xff\xe0 broken", b"<svg xmlns='x'/>", b"%PDF-1.7"]
)
def test_a_photo_that_is_no_image_is_refused_in_words(content: bytes) -> None:
    upload = SimpleUploadedFile("me.jpg", content, "image/jpeg")
    answer = sign_in(make_user()).post("/contacts/new/", form_data(given_name="A", photo=upload))
    assert answer.status_code == 422
    assert "not an image" in answer.content.decode() or "empty" in answer.content.decode()
    assert not Contact.objects.exists()


def test_the_country_of_the_business_completes_phone_numbers() -> None:
    owner = make_user()
    Organisation.objects.update(country="PT")
    sign_in(owner).post("/contacts/new/", form_data(("phone", "912 555 014"), given_name="Maya"))
    assert Contact.objects.get().points.get().key == "351912555014"


def test_what_was_not_touched_stays_when_a_form_comes_back_from_a_browser() -> None:
    owner = make_user()
    maya = make_contact("Maya Okafor", owner=owner, email="maya@lumen.example", phone="+351 912 555 014")
    maya.addresses.create(street="Rua 1", city="Lisbon", is_preferred=True)
    client = sign_in(owner)
    form = client.get(f"/contacts/{maya.pk}/edit/").context["form"]
    answer = client.post(f"/contacts/{maya.pk}/edit/", {**as_sent(form), "pronouns": "she/her"})
    assert answer.status_code == 302, answer.context["form"].errors
    maya.refresh_from_db()
    assert maya.profile.pronouns == "she/her"
    assert sorted(maya.points.values_list("value", flat=True)) == ["+351 912 555 014", "maya@lumen.example"]
    assert maya.addresses.get().street == "Rua 1"
    assert (maya.email, maya.phone) == ("maya@lumen.example", "+351 912 555 014")
    assert maya.involvements.count() == 0
    assert list(AuditEvent.objects.get(verb="changed").changes) == ["pronouns"]


def test_a_row_that_was_emptied_goes_and_the_others_stay() -> None:
    owner = make_user()
    maya = make_contact("Maya Okafor", owner=owner, email="maya@lumen.example", phone="+351 912 555 014")
    client = sign_in(owner)
    sent = as_sent(client.get(f"/contacts/{maya.pk}/edit/").context["form"])
    phone = next(name for name, value in sent.items() if value == "+351 912 555 014")
    answer = client.post(f"/contacts/{maya.pk}/edit/", {**sent, phone: ""})
    assert answer.status_code == 302
    assert [point.value for point in maya.points.all()] == ["maya@lumen.example"]
