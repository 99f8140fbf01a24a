"""Text helpers."""

import pytest

from regulars.lib.text import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Maya Okafor", "MO"),
        ("Mr. Jonas Lindqvist", "JL"),
        ("Dr Ana Maria Reis", "AR"),
        ("Herr Prof. Braun", "B"),
        ("Dr", "D"),
        ("☕ Café Estrela", "CE"),
        ("“Biscuit” & Co", "BC"),
        ("!!!", "?"),
        ("", "?"),
    ],
)
def test_initials_leave_titles_and_signs_out(name: str, letters: str) -> None:
    assert initials(name) == letters
