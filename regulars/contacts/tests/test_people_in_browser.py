"""The pages of people in a real browser: what axe holds against them, and that they work by keyboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from regulars.contacts.models import Contact, Fact, ImportantDate, Relationship
from regulars.contacts.tests.factories import make_company, make_contact, make_entry

if TYPE_CHECKING:
    from playwright.sync_api import Page

Axe = Callable[["Page"], list[str]]


def somebody(owner: Any) -> Contact:
    maya = make_contact(
        "Maya Okafor",
        owner=owner,
        email="maya@lumen.example",
        phone="+351 912 555 014",
        company=make_company("Lumen Studios", by=owner, domain="lumen.example"),
        role="Head of events",
        tags=["events"],
        profile={"pronouns": "she/her"},
    )
    Fact.objects.create(contact=maya, kind="limit", text="Allergic to hazelnut")
    ImportantDate.objects.create(contact=maya, kind="birthday", day=9, month=2)
    rui = make_contact("Rui Reis", owner=owner)
    Relationship.objects.create(contact=maya, other=rui, kind="friend")
    make_entry(maya, by=owner, text="Asked about the tasting")
    return maya


def test_axe_finds_nothing_on_the_pages_of_people(signed_in_page: "Page", owner: Any, axe_in_both_themes: Axe) -> None:
    maya = somebody(owner)
    twin = make_contact("Maia Okafor", owner=owner, email="maia@lumen.example")
    signed_in_page.emulate_media(reduced_motion="reduce")
    pages = [
        f"/contacts/{maya.pk}/",
        f"/contacts/{maya.pk}/edit/",
        "/contacts/new/",
        f"/contacts/{maya.pk}/merge/?other={twin.pk}",
        f"/contacts/{maya.pk}/erasure/",
        f"/companies/{maya.company_id}/",
        f"/companies/{maya.company_id}/edit/",
        "/bin/",
    ]
    found = {}
    for path in pages:
        signed_in_page.goto(path)
        if problems := axe_in_both_themes(signed_in_page):
            found[path] = problems
    assert found == {}


def test_a_fact_is_added_by_keyboard_and_removed_with_undo(signed_in_page: "Page", owner: Any, axe: Axe) -> None:
    maya, page = somebody(owner), signed_in_page
    page.goto(f"/contacts/{maya.pk}/")
    page.get_by_role("button", name="Add something worth remembering").focus()
    page.keyboard.press("Enter")
    page.get_by_role("form", name="Worth remembering").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("This field is required.").wait_for()
    assert axe(page) == []
    page.get_by_label("What", exact=True).fill("Sings in a choir")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Edit Sings in a choir").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Edit Sings in a choir").wait_for()
    assert Fact.objects.filter(contact=maya, text="Sings in a choir").count() == 1


def test_the_form_warns_of_a_double_and_takes_more_rows(signed_in_page: "Page", owner: Any) -> None:
    somebody(owner)
    page = signed_in_page
    page.goto("/contacts/new/")
    page.locator("input:focus").wait_for()  # Chromium gives the focus with its first picture, after "load"
    page.keyboard.type("Maia")
    page.keyboard.press("Tab")
    page.keyboard.type("Okafor")
    page.get_by_text("You may know them already").wait_for()
    page.get_by_role("button", name="Handle").click()
    page.keyboard.type("@maia")
    page.get_by_label("Company").fill("Norte Studio")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/contacts/*/")
    added = Contact.objects.get(display_name="Maia Okafor")
    assert added.points.get().key == "maia"
    assert str(added.company) == "Norte Studio"
