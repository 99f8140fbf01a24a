"""Text helpers."""

import pytest

from regulars.lib.text import initials, number_in, numbers_in


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


def test_a_number_of_an_address_is_whole_and_fits_an_id() -> None:
    assert [number_in(said) for said in ("5", " 12 ", 7, "", None, "-1", "²", "٣", "9" * 19)] == [5, 12, 7, *6 * [None]]
    assert numbers_in(["1", "x", "2", "3"], 3) == [1, 2]
