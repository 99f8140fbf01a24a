"""The list of tasks in a real browser: done by keyboard, in place, and taken back."""

from typing import TYPE_CHECKING, Any

from regulars.promises.actions.tasks import TaskDraft, add_task
from regulars.promises.models import Task
from regulars.promises.times.due import days_ahead

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_task_is_made_and_done_by_keyboard_and_undone(signed_in_page: "Page", owner: Any) -> None:
    add_task(TaskDraft("Count the till", owner, due_at=days_ahead(0), repeat="FREQ=DAILY"), by=owner)
    page = signed_in_page
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/tasks/")
    page.get_by_label("New task in one line").fill("Order cups in three weeks !!")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Order cups", exact=True).wait_for()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_text("Done. The next one is due").wait_for()
    assert "line-through" in (page.get_by_role("link", name="Count the till").get_attribute("class") or "")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Order cups", "the place in the list is kept"
    page.get_by_role("button", name="Undo").last.click()
    page.get_by_role("checkbox", name="Done: Count the till", checked=False).wait_for()
    assert Task.objects.open().count() == 2
