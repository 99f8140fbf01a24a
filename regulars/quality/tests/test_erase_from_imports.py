"""A person who is erased is in no bad row, no preview and no waiting file any more."""

import pytest

from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.tests.factories import make_contact
from regulars.quality.actions import start_preview
from regulars.quality.models import Import, ImportProblem
from regulars.quality.tests.factories import make_import, run_import

pytestmark = pytest.mark.django_db


def test_bad_rows_lose_the_person_and_keep_the_others() -> None:
    imported = run_import("Name,Email,Birthday\nMaya Okafor,maya@l.pt,31/2/1980\nRui Costa,rui@l.pt,31/2/1980\n")
    maya = make_contact("Maya Okafor", email="maya@l.pt")
    erase_contact(maya, by=imported.by)
    assert [problem.cells[1] for problem in ImportProblem.objects.all()] == ["[erased]", "rui@l.pt"]
    assert "maya" not in str(list(ImportProblem.objects.values())).lower()


def test_a_waiting_file_that_holds_the_person_is_dropped_and_another_stays() -> None:
    maya = make_contact("Maya Okafor", email="maya@l.pt")
    with_maya = make_import("Name,Email\nM. O.,Maya@l.pt\n")
    path = with_maya.path
    other = make_import("Name,Email\nRui Costa,rui@l.pt\n")
    start_preview(with_maya, queue=False)
    erase_contact(maya, by=other.by)
    assert list(Import.objects.all()) == [other]
    assert not path.exists()


def test_a_preview_keeps_only_its_counts_once_the_people_are_in() -> None:
    from regulars.access import operations
    from regulars.quality.tests.factories import finish

    imported = make_import("Name,Email\nMaya Okafor,maya@l.pt\n")
    preview = operations.run(start_preview(imported, queue=False))
    assert preview.result["sample"][0]["name"] == "Maya Okafor"
    finish(imported)
    preview.refresh_from_db()
    assert preview.result == {"counts": {"rows": 1, "created": 1}}
