"""What the interface promised: light pages, small behaviours, nothing inline, no icon missing."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from regulars.access.tests.factories import make_user

ROOT = Path(__file__).resolve().parents[3]
DIST = ROOT / "regulars" / "static" / "dist"
TEMPLATES = sorted((ROOT / "regulars").glob("**/templates/**/*.html"))
MODULES = sorted((ROOT / "interface").glob("*/*.js"))
FORBIDDEN = re.compile(
    r"<style|<script(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|hx-on|javascript:|hx-vals=[\"']js:|\|safe\b"
)
ICON = re.compile(r"\{%\s*(?:icon|emptystate)\s+[\"']([a-z0-9-]+)[\"']|\bicon=[\"']([a-z0-9-]+)[\"']")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "regulars")))
def test_a_template_holds_no_code_and_no_style_of_its_own(template: Path) -> None:
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", template.read_text(), flags=re.DOTALL)
    assert FORBIDDEN.findall(text) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_behaviour_is_read_in_one_sitting(module: Path) -> None:
    lines = module.read_text().splitlines()
    assert len(lines) <= 60
    assert lines[0].startswith("//"), "the first line says what it is for"


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (DIST / "icons.svg").read_text()))
    named = {a or b for path in TEMPLATES for a, b in ICON.findall(path.read_text())}
    assert named - there == set()


def test_every_behaviour_that_a_template_names_exists() -> None:
    there = {path.stem for path in (ROOT / "interface" / "behaviours").glob("*.js")}
    named = {
        name
        for path in TEMPLATES
        for names in re.findall(r'data-behaviour="([^"{]+)"', path.read_text())
        for name in names.split()
    }
    assert named - there == set()


def test_a_first_visit_and_a_later_page_are_light(client: Client, db: None) -> None:
    client.force_login(make_user("Nora Pine", role="owner"))
    page = len(gzip.compress(client.get("/").content))
    files = sum(
        len(gzip.compress((DIST / name).read_bytes())) for name in ("app.css", "app.js", "theme.js", "icons.svg")
    )
    assert page < 20_000
    assert page + files < 100_000  # 150 kB are promised; gzip is larger than the brotli that is served
