"""The whole way of a file in a real browser: dropped, understood, looked through, imported, undone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.contacts.models import Contact

if TYPE_CHECKING:
    from playwright.sync_api import Page

CSV = "Who,E-Mail-Adresse,Shoe size\nMaya Okafor,maya@lumen.example,38\nTomás Reis,tomas@,44\n"


@pytest.mark.browser
def test_a_file_comes_in_and_goes_out_again(
    signed_in_page: "Page", axe_in_both_themes: "Callable[[Page], list[str]]", tmp_path: Path
) -> None:
    page = signed_in_page
    page.emulate_media(reduced_motion="reduce")
    path = tmp_path / "guests.csv"
    path.write_text(CSV)

    def is_for_everyone() -> None:
        assert axe_in_both_themes(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.set_viewport_size({"width": 1280, "height": 800})

    page.goto("/import/")
    is_for_everyone()
    page.set_input_files("input[type=file]", path)
    page.wait_for_url("**/columns/")
    assert page.input_value("select[name=column-0]") == "display"
    page.select_option("select[name=column-2]", "new:number")
    is_for_everyone()
    page.click("text=See what will happen")
    page.wait_for_selector("text=Nothing has been written yet")
    assert page.inner_text("#counts .stat:first-child dd") == "1"
    is_for_everyone()
    page.check("input[name=policy][value=create]")
    page.click("button:has-text('Import')")
    page.wait_for_selector("text=rows are through")
    assert Contact.objects.get().custom == {"shoe_size": 38}
    is_for_everyone()
    with page.expect_download() as download:
        page.click("text=Get them back as a file")
    assert "tomas@" in Path(download.value.path()).read_text()
    page.click("text=Undo the import")
    page.wait_for_selector("text=The import is undone")
    is_for_everyone()
    assert not Contact.objects.exists()
