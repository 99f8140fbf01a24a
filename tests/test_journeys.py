"""What people do with Regulars from beginning to end, in a real browser and mostly by keyboard."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from regulars.access.models import User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_a_newcomer_gets_from_nothing_to_a_brief(page: "Page") -> None:
    page.goto("/")
    page.get_by_label("Name of the business").fill("Café Lisboa")
    page.get_by_label("Café or restaurant").check()
    page.get_by_label("Your name").fill("Ana Lima")
    page.get_by_label("Your email").fill("ana@lisboa.example")
    page.get_by_label("Password").fill("uma boa palavra passe")
    page.get_by_role("button", name="Open the doors").click()

    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Given name").fill("Maya")
    page.get_by_label("Family name").fill("Okafor")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/contacts/\d+/$"))

    box = page.locator("form.capture textarea")
    box.fill("Visit: her dog Biscuit has leg surgery ?How is Biscuit’s leg?")
    page.locator("form.capture .chip").first.wait_for()
    box.press("Enter")
    page.locator(".brief", has_text="How is Biscuit’s leg?").wait_for()
    page.locator("ol.timeline", has_text="her dog Biscuit").wait_for()

    maya = Contact.objects.get()
    assert maya.display_name == "Maya Okafor"
    assert maya.openers.get().text == "How is Biscuit’s leg?"
    assert Entry.objects.get(involvements__contact=maya, kind="visit").author == User.objects.get()
    page.goto("/")
    assert "Maya Okafor" in page.inner_text("main")


def test_the_front_desk_logs_a_visit_without_a_mouse(page: "Page", sign_in: "Callable[[Page, Any], Page]") -> None:
    rui = make_user("Rui Tavares", "front_desk")
    maya = make_contact("Maya Okafor", phone="+351 912 555 014")
    make_contact("Mario Oka")
    sign_in(page, rui).goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("oka may")
    page.get_by_role("option", name="Maya Okafor").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/contacts/{maya.pk}/")
    page.keyboard.press("l")
    page.locator("dialog textarea, [role=dialog] textarea, form.capture textarea").first.wait_for()
    page.keyboard.type("visit: picked up two bags")
    page.keyboard.press("Enter")
    page.locator("ol.timeline", has_text="picked up two bags").wait_for()
    entry = Entry.objects.get()
    assert (entry.kind, entry.author) == ("visit", rui)
    assert entry.involvements.get(contact__isnull=False).contact == maya


def test_a_spreadsheet_becomes_people_and_can_be_taken_back(signed_in_page: "Page", tmp_path: Path) -> None:
    page = signed_in_page
    sheet = tmp_path / "guests.csv"
    sheet.write_text("First Name;Last Name;E-mail\nInês;Duarte;ines@example.com\nZé;;ze@example.com\n", "utf-8")
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="See what will happen").or_(
        page.get_by_role("button", name="Import", exact=True)
    ).first.wait_for()
    if page.get_by_role("button", name="See what will happen").count():
        page.get_by_role("button", name="See what will happen").click()
    assert not Contact.objects.exists(), "nothing is written before somebody says so"
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("All 2 rows are through.").wait_for()
    assert set(Contact.objects.values_list("display_name", flat=True)) == {"Inês Duarte", "Zé"}
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_text("The import is undone.").wait_for()
    assert not Contact.objects.exists()
