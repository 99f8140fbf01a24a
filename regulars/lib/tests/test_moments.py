"""Times as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from regulars.lib import moments

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, "14:05"),
        (NOW - timedelta(days=1), "yesterday"),
        (NOW + timedelta(days=1), "tomorrow"),
        (NOW - timedelta(days=3), "18 Nov"),
        (NOW - timedelta(days=400), "17 Oct 2025"),
        (date(2026, 11, 21), "today"),
    ],
)
def test_a_time_is_said_as_shortly_as_it_stays_clear(moment: datetime | date, said: str) -> None:
    assert moments.short(moment) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW - timedelta(seconds=20), "just now"),
        (NOW - timedelta(minutes=1), "1 minute ago"),
        (NOW - timedelta(hours=3), "3 hours ago"),
        (NOW + timedelta(hours=2), "in 2 hours"),
        (NOW - timedelta(hours=20), "yesterday"),
        (NOW - timedelta(days=26), "26 days ago"),
        (NOW - timedelta(days=90), "3 months ago"),
        (NOW - timedelta(days=1000), "2 years ago"),
        (NOW + timedelta(days=3), "in 3 days"),
        (date(2026, 11, 21), "today"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(moment: datetime | date, said: str) -> None:
    assert moments.ago(moment) == said


def test_days_count_in_the_zone_of_the_reader() -> None:
    with timezone.override("Pacific/Auckland"):  # already the 22nd there
        assert moments.short(NOW) == "03:05"
        assert moments.short(NOW - timedelta(hours=5)) == "yesterday"
