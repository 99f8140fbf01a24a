"""Moving appointments in a real browser: with nothing but the keyboard, and with the mouse."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from regulars.contacts.tests.factories import make_contact
from regulars.promises.appointments.calendar import make_appointment
from regulars.promises.models import Appointment

if TYPE_CHECKING:
    from playwright.sync_api import Page

MONDAY = datetime(2026, 3, 23, 10, tzinfo=timezone.get_fixed_timezone(0))


def test_an_appointment_is_moved_by_keys_and_by_mouse(signed_in_page: "Page", owner: Any) -> None:
    page = signed_in_page
    maya = make_contact("Maya Okafor", by=owner)
    made = make_appointment(
        title="Tasting", starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=1), contacts=[maya], by=owner
    )
    page.goto("/calendar/?on=2026-03-23")
    event = page.locator("[data-move]", has_text="Tasting")
    event.focus()
    for key in ("Space", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    live = page.locator("#calendar [data-live]")
    assert "Tuesday" in live.inner_text()
    assert "10:30" in live.inner_text()
    page.keyboard.press("Enter")
    page.locator('[data-day="2026-03-24"] [data-start="2026-03-24T10:30"]').wait_for()
    page.locator('[data-label="Tasting"]:focus').wait_for()
    assert Appointment.objects.get(pk=made.pk).starts_at == MONDAY + timedelta(days=1, minutes=30)

    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    page.locator('[data-day="2026-03-24"] [data-start="2026-03-24T10:30"]').wait_for()

    box = page.locator("[data-move]", has_text="Tasting").bounding_box()
    thursday = page.locator('[data-day="2026-03-26"]').bounding_box()
    assert box
    assert thursday
    page.mouse.move(box["x"] + 20, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(thursday["x"] + 20, box["y"] + 30, steps=6)
    page.mouse.move(thursday["x"] + 20, box["y"] + 4, steps=3)
    page.mouse.up()
    page.locator('[data-day="2026-03-26"] [data-start="2026-03-26T10:30"]').wait_for()
    assert page.url.endswith("/calendar/?on=2026-03-23")  # a drag opens nothing
    page.get_by_role("button", name="Undo").last.click()
    page.locator('[data-day="2026-03-24"] [data-start="2026-03-24T10:30"]').wait_for()
