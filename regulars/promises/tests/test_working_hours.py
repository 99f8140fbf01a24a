"""Working hours as people write them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from regulars.promises.booking.working_hours import hours_in_words, read_hours
from regulars.promises.tests.test_free_times import hours


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", []),
        ("9-17", [[540, 1020]]),
        ("13:30–17, 9 – 12.30", [[540, 750], [810, 1020]]),
        ("9am to 5pm", [[540, 1020]]),
        ("9 bis 12 Uhr und 14 bis 18 Uhr", [[540, 720], [840, 1080]]),
        ("9h30-12", [[570, 720]]),
        ("18-24", [[1080, 1440]]),
        ("20:00-0:00", [[1200, 1440]]),
        ("12am-12pm", [[0, 720]]),
    ],
)
def test_hours_are_understood(typed: str, meant: list[list[int]]) -> None:
    assert read_hours(typed) == meant


@pytest.mark.parametrize("typed", ["nine to five", "9-25", "9:60-10", "17-9", "9-12, 11-13", "9:02-10", "13pm-14", "9"])
def test_what_makes_no_sense_is_refused_with_a_word(typed: str) -> None:
    with pytest.raises(ValueError) as problem:
        read_hours(typed)
    assert str(problem.value).endswith((".", "17"))


@settings(max_examples=100, deadline=None)
@given(hours)
def test_hours_read_back_as_they_were_written(ranges: list[list[int]]) -> None:
    ranges = sorted(ranges)
    if all(one[1] <= other[0] for one, other in pairwise(ranges)):
        assert read_hours(hours_in_words(ranges)) == ranges
