"""By when something is due, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from regulars.contacts.capture.due_dates import find_due

LISBON, BERLIN = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=LISBON)  # a Wednesday

ENGLISH = {
    "send the quote by friday": ("by friday", "2026-11-20"),
    "hold 3 kg until 30 Nov @rui": ("until 30 Nov", "2026-11-30"),
    "call tomorrow": ("tomorrow", "2026-11-19"),
    "call tomorrow morning": ("tomorrow morning", "2026-11-19 12:00"),
    "the day after tomorrow": ("the day after tomorrow", "2026-11-20"),
    "send it in two weeks": ("in two weeks", "2026-12-02"),
    "in a month": ("in a month", "2026-12-18"),
    "in 2 hours": ("in 2 hours", "2026-11-18 12:00"),
    "by the end of month": ("by the end of month", "2026-11-30"),
    "end of the week": ("end of the week", "2026-11-20"),
    "next week": ("next week", "2026-11-27"),
    "next friday at 4pm": ("next friday at 4pm", "2026-11-27 16:00"),
    "before the 12th": ("before the 12th", "2026-12-11"),
    "before friday": ("before friday", "2026-11-19"),
    "by 16:00": ("by 16:00", "2026-11-18 16:00"),
    "by 9am": ("by 9am", "2026-11-19 09:00"),
    "by 16:00 on friday": ("by 16:00 on friday", "2026-11-20 16:00"),
    "by 12am tomorrow": ("by 12am tomorrow", "2026-11-19 00:00"),
    "wednesday 9am": ("wednesday 9am", "2026-11-25 09:00"),
    "the quote for 12 December by friday": ("by friday", "2026-11-20"),
    "by 29 Feb": ("by 29 Feb", "2028-02-29"),
    "by 3 May": ("by 3 May", "2027-05-03"),
    "by 30/11": ("by 30/11", "2026-11-30"),
    "by the 31st": ("by the 31st", "2026-12-31"),
    "until Dec 24th": ("until Dec 24th", "2026-12-24"),
    "by 12 dec 2026 at 5:30 pm": ("by 12 dec 2026 at 5:30 pm", "2026-12-12 17:30"),
    "by 2026-12-24": ("by 2026-12-24", "2026-12-24"),
}
OTHERS = {
    "de": {
        "bis zum 30. November": "2026-11-30", "morgen früh": "2026-11-19 12:00", "in zwei Wochen": "2026-12-02",
        "bis Monatsende": "2026-11-30", "vor dem 12.": "2026-12-11", "am Freitag um 16:30": "2026-11-20 16:30",
        "bis 16 Uhr": "2026-11-18 16:00", "nächste Woche": "2026-11-27",
    },
    "pt": {
        "até sexta": "2026-11-20", "depois de amanhã": "2026-11-20", "daqui a 3 dias": "2026-11-21",
        "até ao fim do mês": "2026-11-30", "até dia 12": "2026-12-12", "até às 16h": "2026-11-18 16:00",
    },
    "es": {"hasta el viernes": "2026-11-20", "en dos semanas": "2026-12-02", "fin de mes": "2026-11-30"},
    "fr": {"avant le 12": "2026-12-11", "demain matin": "2026-11-19 12:00", "fin du mois": "2026-11-30"},
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_says_by_when(text: str, expected: tuple[str, str]) -> None:
    due = find_due(text, NOW)
    assert due is not None
    said = f"{due.due_at:%Y-%m-%d %H:%M}" if due.has_time else f"{due.due_at:%Y-%m-%d}"
    assert (text[due.start : due.end], said, due.problem) == (*expected, "")
    assert due.has_time or f"{due.due_at:%H:%M:%S}" == "23:59:59"


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in OTHERS.items() for text in texts])
def test_says_it_in_other_languages(language: str, text: str) -> None:
    due = find_due(f"x {text}", NOW, [language])
    assert due is not None
    assert (f"{due.due_at:%Y-%m-%d %H:%M}" if due.has_time else f"{due.due_at:%Y-%m-%d}") == OTHERS[language][text]


@pytest.mark.parametrize("text", ["1/2 kg of beans", "the sun is great", "it may rain", "call in May", "3.5 kg", ""])
def test_other_numbers_and_words_are_no_days(text: str) -> None:
    assert find_due(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [("by 30 February", "missing"), ("by 29 February 2027", "missing"), ("by 31.11.2026", "missing"),
     ("by 3 May 2020", "past"), ("in 0 minutes", "past"), ("today at 9am", "past"), ("by 1 Jan 3000", "past")],
)  # fmt: skip
def test_says_what_can_not_be(text: str, problem: str) -> None:
    due = find_due(text, NOW)
    assert due is not None
    assert due.problem == problem


def test_a_day_that_is_about_something_else_stays_in_the_sentence() -> None:
    due = find_due("a cake for 12 December", NOW)
    assert due is not None
    assert due.stays


def test_month_first_where_people_write_so() -> None:
    due = find_due("by 11/30", NOW, day_first=False)
    assert due is not None
    assert f"{due.due_at:%m-%d}" == "11-30"


def test_clock_changes_leave_no_time_out_and_none_twice() -> None:
    before_spring = datetime(2027, 3, 27, 12, 0, tzinfo=BERLIN)
    gap = find_due("by tomorrow 2:30", before_spring)  # 02:00 to 03:00 does not exist that night
    before_autumn = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)
    twice = find_due("by tomorrow 2:30", before_autumn)
    assert gap is not None
    assert twice is not None
    assert f"{gap.due_at:%H:%M %z}" == "03:30 +0200"
    assert f"{twice.due_at:%H:%M %z}" == "02:30 +0200"  # the first of the two


def test_the_day_is_that_of_the_business() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=ZoneInfo("Pacific/Kiritimati"))
    due = find_due("by tomorrow", late)
    assert due is not None
    assert due.due_at.isoformat() == "2026-11-19T23:59:59+14:00"
