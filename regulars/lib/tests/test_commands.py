"""The shape of the product's commands, tried on one made for it."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.management.base import CommandParser

from regulars.lib.commands import BadUse, Failure, ProductCommand


class Count(ProductCommand):
    help = "Count to a number."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)

    def answer(self, options: dict[str, Any]) -> dict[str, int]:
        if options["number"] < 0:
            raise BadUse("Counting goes up.")
        if options["number"] > 9:
            raise Failure("Out of fingers.")
        return {"counted": options["number"]}

    def tell(self, answer: dict[str, int]) -> Iterable[str]:
        yield f"Counted to {answer['counted']}."

    def exit_code(self, answer: dict[str, int]) -> int:
        return 3 if answer["counted"] == 7 else 0


def _run(*arguments: str) -> None:
    Count().run_from_argv(["bin/regulars", "count", *arguments])


def test_it_tells_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    _run("5")
    assert capsys.readouterr().out == "Counted to 5.\n"


def test_it_tells_a_machine(capsys: pytest.CaptureFixture[str]) -> None:
    _run("5", "--json")
    assert json.loads(capsys.readouterr().out) == {"counted": 5}


@pytest.mark.parametrize(("number", "code", "line"), [("-1", 2, "Counting goes up.\n"), ("10", 1, "Out of fingers.\n")])
def test_what_cant_be_done_is_one_line(capsys: pytest.CaptureFixture[str], number: str, code: int, line: str) -> None:
    with pytest.raises(SystemExit) as left:
        _run("--", number)
    assert left.value.code == code
    assert capsys.readouterr() == ("", line)


def test_an_answer_may_have_an_exit_code_of_its_own() -> None:
    with pytest.raises(SystemExit) as left:
        _run("7")
    assert left.value.code == 3


def test_the_help_shows_what_is_ours_and_nothing_of_djangos(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        _run("--help")
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "usage: bin/regulars count" in out
    assert "--json" in out
    assert "--pythonpath" not in out
