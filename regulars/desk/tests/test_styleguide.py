"""The parts of the interface in a real browser: how they look to axe, and what they do by keyboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Axe = Callable[["Page"], list[str]]
PHONE = {"width": 360, "height": 780}


@pytest.fixture
def guide(signed_in_page: "Page") -> "Page":
    signed_in_page.goto("/styleguide")
    return signed_in_page


def focused(page: "Page") -> Any:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


@pytest.mark.parametrize(
    "path", ["/styleguide", "/styleguide/contact", "/styleguide/today", "/styleguide/table", "/gone"]
)
def test_axe_finds_nothing_in_either_theme_nor_on_a_small_phone(
    signed_in_page: "Page", axe: Axe, axe_in_both_themes: Axe, path: str
) -> None:
    signed_in_page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    signed_in_page.goto(path)
    assert signed_in_page.evaluate("document.documentElement.classList.contains('dark')")
    assert axe_in_both_themes(signed_in_page) == []
    assert not signed_in_page.evaluate("document.documentElement.classList.contains('dark')")
    signed_in_page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert signed_in_page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert axe(signed_in_page) == []


def test_axe_finds_nothing_in_open_dialogs_and_menus(guide: "Page", axe_in_both_themes: Axe) -> None:
    guide.emulate_media(reduced_motion="reduce")  # a fade would count as bad contrast
    guide.get_by_role("button", name="More to do").click()
    assert axe_in_both_themes(guide) == []
    guide.keyboard.press("Escape")
    guide.keyboard.press("?")
    guide.locator("#keys").wait_for(state="visible")
    assert axe_in_both_themes(guide) == []
    guide.keyboard.press("Escape")
    guide.keyboard.press("d")
    guide.get_by_role("dialog", name="Add somebody").wait_for()
    assert axe_in_both_themes(guide) == []


def test_a_menu_moves_by_arrows_and_letters_and_gives_the_focus_back(guide: "Page") -> None:
    button = guide.get_by_role("button", name="More to do")
    button.focus()
    guide.keyboard.press("ArrowDown")
    assert focused(guide) == "Edit"
    guide.keyboard.press("ArrowUp")
    assert focused(guide) == "Move to the bin"
    guide.keyboard.press("m")
    assert focused(guide) == "Merge"
    guide.keyboard.press("Escape")
    assert not guide.get_by_role("menu").is_visible()
    assert button.evaluate("button => button === document.activeElement && button.ariaExpanded === 'false'")


def test_a_menu_opens_and_closes_by_its_button(guide: "Page") -> None:
    button = guide.get_by_role("button", name="More to do")
    button.click()
    assert guide.get_by_role("menu").is_visible()
    button.click()
    assert not guide.get_by_role("menu").is_visible()


def test_a_dialog_takes_the_focus_and_gives_it_back(guide: "Page") -> None:
    opener = guide.get_by_role("button", name="In the page")
    opener.click()
    assert guide.get_by_role("dialog", name="A dialog in the page").is_visible()
    guide.keyboard.press("Escape")
    assert opener.evaluate("button => button === document.activeElement")


def test_a_dialog_from_the_server_starts_in_its_first_field_and_leaves_nothing_behind(guide: "Page") -> None:
    guide.keyboard.press("d")
    guide.get_by_role("dialog", name="Add somebody").wait_for()
    assert guide.evaluate("document.activeElement.name") == "name"
    guide.keyboard.press("Escape")
    guide.locator("#dialog-host > *").wait_for(state="detached")


def test_letters_do_nothing_while_somebody_types(guide: "Page") -> None:
    guide.locator("#id_name").fill("")
    guide.keyboard.type("d?gt")
    assert guide.locator("#id_name").input_value() == "d?gt"
    assert not guide.locator("dialog[open]").count()


def test_the_keys_dialog_lists_what_the_page_registers(guide: "Page") -> None:
    guide.keyboard.press("?")
    text = guide.get_by_role("dialog", name="Keys").inner_text()
    assert "Open the sample dialog" in text
    assert "Find anyone or anything" in text
    assert "Next in the list" in text


def test_a_list_is_walked_with_j_and_k_and_opened_with_enter(guide: "Page") -> None:
    guide.keyboard.press("j")
    assert focused(guide) == "Helena Prado"
    guide.keyboard.press("j")
    assert focused(guide) == "Rafael Antunes"
    guide.keyboard.press("k")
    assert focused(guide) == "Helena Prado"
    guide.keyboard.press("Enter")
    guide.wait_for_url("**/styleguide/contact")


def test_rows_are_chosen_in_ranges_and_all_at_once(signed_in_page: "Page") -> None:
    signed_in_page.goto("/styleguide/table")
    boxes = signed_in_page.locator("[data-select]")
    bar = signed_in_page.locator("[data-bulkbar]")
    assert not bar.is_visible()
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert bar.locator("b").inner_text() == "3"
    signed_in_page.locator("[data-select-all]").check()
    assert bar.locator("b").inner_text() == "5"
    signed_in_page.get_by_role("button", name="Clear").click()
    assert not bar.is_visible()
    signed_in_page.keyboard.press("j")
    signed_in_page.keyboard.press("x")
    assert bar.locator("b").inner_text() == "1"


def test_a_toast_comes_with_an_htmx_answer_and_waits_while_pointed_at(guide: "Page") -> None:
    guide.get_by_role("button", name="Write").first.click()
    toast = guide.locator(".toast")
    toast.wait_for()
    assert "Moved to the bin." in toast.inner_text()
    assert toast.get_by_role("button", name="Undo").is_visible()
    guide.get_by_text("Answered by the server.").wait_for()


def test_a_failed_request_says_so_and_changes_nothing(guide: "Page") -> None:
    guide.evaluate("htmx.ajax('GET', '/gone', {target: '#rows'})")
    toast = guide.locator(".toast")
    toast.wait_for()
    assert "no longer there" in toast.inner_text()
    assert guide.locator("#rows .row").count() == 5


def test_a_combobox_picks_by_keyboard(guide: "Page") -> None:
    box = guide.locator("#pick")
    box.press_sequentially("ra")
    guide.locator("#pick-list [role=option]").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    guide.keyboard.press("ArrowDown")
    assert guide.locator("#pick-list [aria-selected=true]").inner_text().strip().endswith("Rafael Antunes")
    guide.keyboard.press("Enter")
    assert box.input_value() == "Rafael Antunes"
    assert guide.locator("input[name=owner]").input_value() == "2"
    assert box.get_attribute("aria-expanded") == "false"


def test_suggestions_replace_the_word_being_typed(guide: "Page") -> None:
    area = guide.locator("textarea[name=text]")
    area.press_sequentially("call @he")
    guide.locator("#capture-suggestions [role=option]").first.wait_for()
    guide.keyboard.press("Enter")
    assert area.input_value() == "call @Helena Prado "


def test_a_sign_presses_its_kind_and_the_button_writes_the_sign(guide: "Page") -> None:
    area = guide.locator("textarea[name=text]")
    area.fill("? how is the leg")
    assert guide.locator("[data-kind=opener]").get_attribute("aria-pressed") == "true"
    guide.locator("[data-kind=call]").click()
    assert area.input_value() == "how is the leg"
    assert guide.locator("input[name=kind]").input_value() == "call"
    guide.locator("[data-kind=opener]").click()
    assert area.input_value() == "? how is the leg"


def test_tabs_move_by_arrows(guide: "Page") -> None:
    guide.get_by_role("tab", name="Names").focus()
    guide.keyboard.press("ArrowRight")
    assert guide.get_by_role("tabpanel").inner_text() == "How to reach them."


def test_an_invalid_form_comes_back_with_errors_tied_to_fields(guide: "Page", axe: Axe) -> None:
    with guide.expect_response(lambda response: response.request.method == "POST") as answer:
        guide.locator("#form").get_by_role("button", name="Save").click()
    assert answer.value.status == 422
    described = guide.locator("#id_name").get_attribute("aria-describedby")
    assert described == "id_name_hint id_name_errors"
    assert "required" in guide.locator("#id_name_errors").inner_text()
    assert axe(guide) == []


def test_theme_and_narrow_navigation_are_remembered(guide: "Page") -> None:
    guide.get_by_role("button", name="Narrow side navigation").click()
    guide.locator(".side .menu-trigger").click()
    guide.get_by_role("menuitemradio", name="Dark").click()
    assert guide.evaluate("document.documentElement.className") == "dark"
    guide.reload()
    assert guide.evaluate("document.documentElement.className") == "dark"
    assert guide.evaluate("document.documentElement.dataset.side") == "narrow"
    assert guide.locator(".side").bounding_box()["width"] < 80  # type: ignore[index]
