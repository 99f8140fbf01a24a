"""`bin/regulars setup`, as a shell sees it."""

import json
from typing import Any

import pytest

from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_user
from regulars.desk.management.commands.setup import Command

pytestmark = pytest.mark.django_db

ANSWERS = {
    "--business": "Casa Verde",
    "--name": "Inês Duarte",
    "--email": "ines@casaverde.example",
    "--password": "olive-tram-seagull",
    "--trade": "cafe",
    "--currency": "eur",
    "--timezone": "Europe/Lisbon",
}


def _run(**changes: str) -> None:
    answers = {**ANSWERS, **{f"--{name}": value for name, value in changes.items()}}
    arguments = [part for pair in answers.items() for part in pair]
    Command().run_from_argv(["bin/regulars", "setup", *arguments, "--json"])


def _refused(capsys: Any, **changes: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        _run(**changes)
    return int(str(left.value.code)), capsys.readouterr().err


def test_the_business_and_its_owner_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    _run()
    said = json.loads(capsys.readouterr().out)
    assert said == {"business": "Casa Verde", "owner": "Inês Duarte", "email": "ines@casaverde.example"}
    business = Organisation.current()
    assert business is not None
    assert (business.currency, business.time_zone, business.country) == ("EUR", "Europe/Lisbon", "PT")
    assert User.objects.get().check_password("olive-tram-seagull")


def test_it_is_refused_when_there_is_an_account(capsys: pytest.CaptureFixture[str]) -> None:
    make_user(role="owner")
    assert _refused(capsys) == (1, "This installation is set up already.\n")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"timezone": "Mars/Olympus"}, "--timezone: "),
        ({"trade": "piracy"}, "--trade: "),
        ({"currency": "shells"}, "--currency: "),
        ({"email": "nobody"}, "--email: "),
        ({"password": "short"}, "--password: "),
    ],
)
def test_an_answer_that_makes_no_sense_names_its_option(
    capsys: pytest.CaptureFixture[str], change: dict[str, str], says: str
) -> None:
    code, line = _refused(capsys, **change)
    assert code == 2
    assert line.startswith(says)
    assert not User.objects.exists()


def test_without_a_terminal_the_password_has_to_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [part for pair in ANSWERS.items() if pair[0] != "--password" for part in pair]
    with pytest.raises(SystemExit) as left:
        Command().run_from_argv(["bin/regulars", "setup", *arguments])
    assert left.value.code == 2
    assert capsys.readouterr().err == "--password is missing.\n"
