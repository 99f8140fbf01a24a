"""`bin/regulars`, before any command of its own runs."""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from regulars.config import cli, migrated
from tests.processes import run


def test_help_lists_the_commands_of_the_product_and_none_of_djangos(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["--help"])
    out = capsys.readouterr().out
    for name in ("setup", "serve", "import", "export", "search", "brief", "backup", "restore", "demo", "doctor"):
        assert f"\n  {name} " in out
    assert "makemigrations" not in out


def test_an_unknown_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["bakcup"])
    assert left.value.code == 2
    assert capsys.readouterr().err == "There is no command “bakcup”. bin/regulars --help lists them.\n"


@pytest.mark.parametrize(
    ("given", "rest", "folder"),
    [
        (["search", "--data", "/srv/x", "oka"], ["search", "oka"], "/srv/x"),
        (["--data=/srv/y", "doctor"], ["doctor"], "/srv/y"),
        (["search", "--", "--data", "z"], ["search", "--", "--data", "z"], "/before"),
    ],
)
def test_the_data_folder_is_taken_from_anywhere(
    monkeypatch: pytest.MonkeyPatch, given: list[str], rest: list[str], folder: str
) -> None:
    monkeypatch.setenv("REGULARS_DATA", "/before")
    assert cli.take_data_option(given) == rest
    assert os.environ["REGULARS_DATA"] == folder


def test_a_data_folder_without_a_name_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.take_data_option(["doctor", "--data"])
    assert left.value.code == 2
    assert capsys.readouterr().err == "--data needs the name of a folder.\n"


def test_the_quick_look_at_migrations_knows_the_same_as_django() -> None:
    """`migrated` reads folders instead of loading Django, so an app that it forgot would go unnoticed."""
    assert migrated.wanted() == set(MigrationLoader(connection=None).disk_migrations)


@pytest.mark.django_db
def test_a_database_with_all_migrations_is_not_behind() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        assert migrated.wanted() <= set(cursor.fetchall())


def test_a_command_works_on_a_new_data_folder(tmp_path: Path) -> None:
    done = run("regulars", "search", "maya", "--json", "--data", str(tmp_path / "new"))
    assert done.returncode in {0, 1}, done.stderr
    assert len(done.stderr.strip().splitlines()) <= 1
    if done.returncode == 0:
        assert json.loads(done.stdout) == []


def test_a_folder_that_cant_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("regulars", "search", "maya", "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert "Not a directory" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_djangos_own_commands_are_reachable() -> None:
    done = run("regulars", "django")
    assert done.returncode == 0
    assert "makemigrations" in done.stdout
