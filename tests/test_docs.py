"""The documentation says what is there, and nothing that is not."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import load_command_class

from regulars.config.cli import own_commands

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/**/*.md")})
COMMON = {"--help", "--json", "--data"}


def _read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', _read("regulars/config/settings.py")))
    documented = set(re.findall(r"^\| `([A-Z_]+)`", _read("docs/settings.md"), re.MULTILINE))
    assert documented == read


def test_nothing_else_of_ours_is_read_from_the_environment() -> None:
    """A setting read elsewhere would have no place in the table."""
    elsewhere = {
        name
        for path in (ROOT / "regulars").glob("**/*.py")
        if path.parent.name != "config" and "tests" not in path.parts
        for name in re.findall(r"(?:environ|getenv)[^\n]*?\"(REGULARS_\w+|DATABASE_URL)", path.read_text())
    }
    assert elsewhere == set()


def _sections() -> dict[str, str]:
    parts = re.split(r"^## `([\w-]+)`$", _read("docs/commands.md"), flags=re.MULTILINE)
    return {name: text.split("\n## ")[0] for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    assert set(_sections()) == set(own_commands())


@pytest.mark.parametrize("name", sorted(own_commands()))
def test_the_options_of_a_command_are_documented(name: str) -> None:
    parser = load_command_class(own_commands()[name], name).create_parser("bin/regulars", name)
    shown = set(re.findall(r"--[a-z][\w-]*", parser.format_help()))
    section = _sections().get(name, "")
    assert shown - COMMON - set(re.findall(r"--[a-z][\w-]*", section)) == set()


@pytest.mark.parametrize("name", sorted(own_commands()))
def test_a_command_has_a_help_that_reads_well(name: str) -> None:
    command = load_command_class(own_commands()[name], name)
    help_text = str(command.help)
    assert re.fullmatch(r"[A-Z].{10,200}\.", help_text.strip(), re.DOTALL), help_text
    parser = command.create_parser("bin/regulars", name)
    mute = [action.dest for action in parser._actions if not action.help]
    assert mute == []


def _links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"", text):
            link = target[0] or target[1]
            if not re.match(r"[a-z]+:", link):
                yield page, link


@pytest.mark.parametrize(("source", "link"), list(_links()), ids=lambda part: getattr(part, "name", part))
def test_a_link_leads_somewhere(source: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (source.parent / path).resolve() if path else source
    assert target.exists()
    if anchor and target.suffix == ".md":
        headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_lock_files_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-tools.lock"):
        assert "://" not in _read(name)
    packages = json.loads(_read("package-lock.json"))["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert "omit-lockfile-registry-resolved=true" in _read(".npmrc")


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_no_file_in_the_repository_is_a_build_or_too_long_to_read() -> None:
    for path in _committed():
        assert "node_modules" not in path.parts
        assert "dist" not in path.parts
        if path.suffix == ".py" and "migrations" not in path.parts and "tests" not in path.parts:
            assert len(path.read_text().splitlines()) <= 500, path
