"""Free times: what is offered is really free, nothing free is left out, and clocks may change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from regulars.promises.booking.free_times import Span, free_starts, joined, ticks, wall_moment, working_spans

LISBON, BERLIN = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Berlin")
ZONES = ["Europe/Lisbon", "America/St_Johns", "Pacific/Apia", "Pacific/Kiritimati", "Australia/Lord_Howe", "UTC"]
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
FIVE = timedelta(minutes=5)

minutes = some.integers(0, 7 * 24 * 12).map(lambda n: MONDAY + n * FIVE)
lengths = some.integers(1, 30).map(lambda n: n * FIVE)
buffers = some.integers(0, 8).map(lambda n: n * FIVE)
spans = some.builds(lambda start, length: Span(start, start + length), minutes, lengths)
odd_spans = some.builds(
    lambda span, a, b: Span(span.start + timedelta(minutes=a), span.end + timedelta(minutes=b)),
    spans, some.integers(0, 4), some.integers(0, 4),
)  # fmt: skip
hours = some.lists(some.tuples(some.integers(0, 288), some.integers(0, 288)), max_size=3).map(
    lambda pairs: [[5 * min(pair), 5 * max(pair)] for pair in pairs if pair[0] != pair[1]]
)
weeks = some.lists(hours, min_size=7, max_size=7)


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@settings(max_examples=150, deadline=None)
@given(
    some.lists(spans, max_size=4), some.lists(odd_spans, max_size=6), lengths, lengths, buffers, buffers,
    minutes, lengths,
)  # fmt: skip
def test_exactly_what_is_free_is_offered(working, busy, length, step, before, after, earliest, ahead) -> None:
    """Against the slow and obvious way."""
    latest = earliest + 40 * ahead
    ways = {"length": length, "step": step, "before": before, "after": after, "earliest": earliest, "latest": latest}
    wanted = set()
    for span in working:
        start = span.start
        while start < span.end:
            held = Span(start - before, start + length + after)
            inside = any(one.start <= start and start + length <= one.end for one in joined(working))
            if inside and earliest <= start <= latest and not any(overlap(held, taken) for taken in busy):
                wanted.add(start)
            start += step
    assert free_starts(working, busy, **ways) == sorted(wanted)


@settings(max_examples=60, deadline=None)
@given(some.lists(spans, max_size=4), some.lists(spans, max_size=4), spans, lengths)
def test_one_more_appointment_never_frees_anything(working, busy, another, length) -> None:
    ways = {"length": length, "step": FIVE, "earliest": MONDAY, "latest": MONDAY + timedelta(days=9)}
    assert set(free_starts(working, [*busy, another], **ways)) <= set(free_starts(working, busy, **ways))


@settings(max_examples=100, deadline=None)
@given(weeks, some.sampled_from(ZONES), some.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_working_hours_are_what_the_clock_on_the_wall_says(week, name, first) -> None:
    zone = ZoneInfo(name)
    found = working_spans(week, zone, first, first + timedelta(days=3))
    assert found == sorted(found)
    for span in found:
        for moment in (span.start, span.end - FIVE):
            local = moment.astimezone(zone)
            at = 60 * local.hour + local.minute
            assert any(a <= at < b for a, b in week[local.weekday()]), (span, local)


@settings(max_examples=60, deadline=None)
@given(odd_spans)
def test_two_spans_share_five_minutes_exactly_when_they_overlap_on_the_grid(span) -> None:
    found = ticks(span)
    assert found[0] <= span.start < found[0] + FIVE
    assert found[-1] < span.end <= found[-1] + FIVE
    assert all(b - a == FIVE for a, b in pairwise(found))


def test_the_night_the_clocks_go_forward_has_an_hour_less() -> None:
    week = [[[60, 240]]] * 7  # one to four at night
    found = working_spans(week, LISBON, date(2026, 3, 29), date(2026, 3, 29))
    assert [span.end - span.start for span in found] == [timedelta(hours=2)]
    # Half past two does not exist in Berlin that night: the clock jumps from two to three.
    assert wall_moment(date(2026, 3, 29), 150, BERLIN) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_the_night_the_clocks_go_back_has_an_hour_more_and_both_are_offered() -> None:
    week = [[[60, 180]]] * 7
    found = working_spans(week, BERLIN, date(2026, 10, 25), date(2026, 10, 25))
    starts = free_starts(
        found, [], length=timedelta(hours=1), step=timedelta(hours=1), earliest=found[0].start, latest=found[0].end
    )
    assert [start.astimezone(BERLIN).strftime("%H:%M %Z") for start in starts] == [
        "01:00 CEST",
        "02:00 CEST",
        "02:00 CET",
    ]


def test_days_off_and_the_day_that_apia_never_had() -> None:
    week = [[[540, 600]]] * 7
    days = {date(2026, 12, 25)}
    assert len(working_spans(week, LISBON, date(2026, 12, 24), date(2026, 12, 26), days)) == 2
    apia = working_spans(week, ZoneInfo("Pacific/Apia"), date(2011, 12, 29), date(2011, 12, 31))
    assert len(apia) == 2  # 30 December 2011 was skipped


def test_an_appointment_takes_time() -> None:
    with pytest.raises(ValueError):
        free_starts([], [], length=timedelta(), step=FIVE, earliest=MONDAY, latest=MONDAY)
