"""The catalogues: every sentence of the interface in every language, and nothing lost on the way."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import polib  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from regulars.lib.places import country_choices

HOUSE = Path(settings.BASE_DIR) / "regulars"
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]|%[sdg%]")
# How many strings a call names, and whether the first is a context.
SPEAKS = {"gettext": (1, False), "ngettext": (2, False), "pgettext": (2, True), "npgettext": (3, True)}
Message = tuple[str, str]  # context and English text


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(HOUSE / "locale" / language / "LC_MESSAGES" / "django.po"))


def said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(language: str) -> None:
    undone = [entry.msgid for entry in catalogue(language) if entry.fuzzy or not all(said(entry))]
    assert undone == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_the_placeholders_of_its_message(language: str) -> None:
    wrong = []
    for entry in catalogue(language):
        expected = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        first = sorted(PLACEHOLDER.findall(entry.msgid))
        wrong += [text for text in said(entry) if sorted(PLACEHOLDER.findall(text)) not in (expected, first)]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_read_at_run_time_is_compiled_from_what_is_written(language: str) -> None:
    compiled = polib.mofile(str(HOUSE / "locale" / language / "LC_MESSAGES" / "django.mo"))
    written = {(entry.msgctxt, entry.msgid): said(entry) for entry in catalogue(language)}
    assert {(entry.msgctxt, entry.msgid): said(entry) for entry in compiled} == written


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_of_the_code_is_missing(language: str) -> None:
    known = {(entry.msgctxt or "", entry.msgid) for entry in catalogue(language)}
    missing = sorted({message for message in sentences() if message not in known and message[1]})
    assert missing == [], "bring it in with makemessages: docs/languages.md"


def sentences() -> Iterator[Message]:
    """Every message that the code and the templates ask a translation for."""
    for path in HOUSE.rglob("*.py"):
        if "tests" not in path.parts:
            yield from of_code(path.read_text())
    for path in HOUSE.rglob("*.html"):
        yield from of_template(path.read_text())
    for path in HOUSE.rglob("*.txt"):
        yield from of_template(path.read_text())


def of_code(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            strings = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield from message(getattr(node.func, "id", getattr(node.func, "attr", "")), strings)


def of_template(source: str) -> Iterator[Message]:
    """Django turns a template into something like Python; the calls in it are read word by word."""
    text = templatize(source)
    for match in re.finditer(r"(?<!\w)(_|n?p?gettext)\(", text):
        strings = []
        for token in tokenize.generate_tokens(io.StringIO(text[match.end() : match.end() + 3000]).readline):
            if token.type == tokenize.STRING:
                strings.append(str(ast.literal_eval(token.string)))
            elif token.string != ",":
                break
        yield from message(match[1], strings)


def message(name: str, strings: list[str]) -> Iterator[Message]:
    name = "gettext" if name == "_" else name.removesuffix("_lazy").removesuffix("_noop")
    count, has_context = SPEAKS.get(name, (0, False))
    if count and len(strings) >= count:
        yield (strings[0], strings[1]) if has_context else ("", strings[0])


def test_countries_have_their_names_in_the_language_and_its_order() -> None:
    with translation.override("de"):
        names = [name for _code, name in country_choices()]
    assert {"Deutschland", "Österreich", "Schweiz"} <= set(names)
    assert names.index("Ägypten") < names.index("Belgien")
    with translation.override("en"):
        assert ("DE", "Germany") in country_choices()
