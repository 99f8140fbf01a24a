"""Thanking somebody and walking the referral tree with nothing but a keyboard."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from regulars.contacts.actions.bringing import bring
from regulars.contacts.models import Contact
from regulars.contacts.tests.factories import make_contact
from regulars.promises.models import Occasion

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_tree_is_walked_and_somebody_thanked_by_keyboard(signed_in_page: "Page", owner: Any) -> None:
    page = signed_in_page
    tomas, maya = make_contact("Tomás Reis", by=owner), make_contact("Maya Okafor", by=owner)
    bring(maya, tomas, by=owner)
    for number in range(70):  # more than the first picture opens
        bring(make_contact(f"Norte {number}", by=owner), maya, by=owner)
    bring(make_contact("Below", by=owner), named("Norte 0"), by=owner)
    page.goto(f"/referrals/tree/contact-{tomas.pk}/")
    page.locator('[role="treeitem"]').first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_text("Below").wait_for()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/contacts/{named('Below').pk}/")

    Occasion.objects.create(rule="help", key="x", contact=tomas, why="helped us", occurred_at=timezone.now())
    page.goto("/thanks/")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.get_by_label("In your words").fill("a handwritten card")
    page.keyboard.press("Enter")
    page.get_by_text("Thanked · ").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Thank Tomás Reis").wait_for()


def named(name: str) -> Any:
    """The contact called so."""
    return Contact.objects.get(display_name=name)
