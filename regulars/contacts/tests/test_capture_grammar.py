"""What the capture box understands, as a table. "Now" is Saturday 21 November 2026, 16:20 in Lisbon."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from regulars.contacts.capture.line import Reading, read

NOW = datetime(2026, 11, 21, 16, 20, tzinfo=ZoneInfo("Europe/Lisbon"))
COLLEAGUES = [(1, "Inês Duarte"), (2, "Rui Matos"), (3, "Rui Alves"), (4, "Nora Pine")]


def understood(text: str, **options: object) -> Reading:
    return read(text, NOW, COLLEAGUES, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("yesterday", "2026-11-20 12:00"),
        ("Called Maya yesterday about beans", "2026-11-20 12:00"),
        ("the day before yesterday she came by", "2026-11-19 12:00"),
        ("last Friday: tasting", "2026-11-20 12:00"),
        ("came in last saturday", "2026-11-14 12:00"),
        ("met on Friday", "2026-11-20 12:00"),
        ("on 28 October", "2026-10-28 12:00"),
        ("28 Oct: picked up order", "2026-10-28 12:00"),
        ("28th of October, picked up order", "2026-10-28 12:00"),
        ("Oct 28th, 2025 signed", "2025-10-28 12:00"),
        ("28/10/2025 signed", "2025-10-28 12:00"),
        ("28.10.2026 signed", "2026-10-28 12:00"),
        ("2026-10-28 signed", "2026-10-28 12:00"),
        ("Called on 28 October about the order", "2026-10-28 12:00"),
        ("3 weeks ago", "2026-10-31 12:00"),
        ("a week ago", "2026-11-14 12:00"),
        ("two days ago", "2026-11-19 12:00"),
        ("a couple of days ago", "2026-11-19 12:00"),
        ("20 minutes ago", "2026-11-21 16:00"),
        ("two hours ago", "2026-11-21 14:20"),
        ("this morning 9:30", "2026-11-21 09:30"),
        ("this morning", "2026-11-21 09:00"),
        ("this evening", "2026-11-21 16:20"),
        ("last night", "2026-11-20 21:00"),
        ("yesterday at 3pm", "2026-11-20 15:00"),
        ("yesterday at 3 p.m.", "2026-11-20 15:00"),
        ("yesterday evening 7:30", "2026-11-20 19:30"),
        ("9:30am yesterday", "2026-11-20 09:30"),
        ("yesterday at noon", "2026-11-20 12:00"),
        ("at 14:05 called back", "2026-11-21 14:05"),
        ("14:05: called back", "2026-11-21 14:05"),
        ("came at 3 pm for beans", "2026-11-21 15:00"),
    ],
)
def test_when_it_happened(text: str, day: str) -> None:
    moment = understood(text).occurred_at
    assert moment is not None
    assert f"{moment:%Y-%m-%d %H:%M}" == day


@pytest.mark.parametrize(
    "text",
    [
        "Oat milk on Mondays",
        "wants the quote by Friday",
        "comes on Friday",
        "leg surgery on 28 October was hard",
        "tasting on 5 December",
        "at 18:00",
        "tomorrow",
        "31 Feb",
        "29 February 2025",
        "29 feb",
        "order of 3.5 kg",
        "paid 10.50",
        "ratio 10:1",
        "may come back",
        "sat down",
        "version 1.2.3",
        "the year 0001",
        "since 2019",
        "#2291",
        "",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert understood(text).occurred_at is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("called Maya about beans", "call"),
        ("Called", "call"),
        ("she rang about the invoice", "call"),
        ("call: no answer", "call"),
        ("visit: two flat whites", "visit"),
        ("Stopped by for beans", "visit"),
        ("came in with the dog", "visit"),
        ("met at the fair", "meeting"),
        ("emailed the menu", "email"),
        ("we texted her the address", "message"),
        ("job done", "job"),
        ("job: new boiler", "job"),
        ("asked for a quote", "request"),
        ("request: quote for 40", "request"),
        ("idea: a tasting card", "thought"),
        ("Came for beans", ""),
        ("Email bounced, ask for another", ""),
        ("Phone is broken", ""),
        ("Note that she moved", ""),
        ("", ""),
    ],
)
def test_of_which_kind(text: str, kind: str) -> None:
    assert understood(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kept", "openers"),
    [
        ("Picked up beans ? how is Biscuit's leg", "Picked up beans", ["How is Biscuit's leg?"]),
        ("? how was Lisbon", "To ask: How was Lisbon?", ["How was Lisbon?"]),
        ("?how was Lisbon? ", "To ask: How was Lisbon?", ["How was Lisbon?"]),
        ("Beans ? the dog #vip @Inês Duarte", "Beans @Inês Duarte", ["The dog?"]),
        ("Visit\n? the new kitchen\n? her mother", "Visit", ["The new kitchen?", "Her mother?"]),
        ("? one ? two", "To ask: One? Two?", ["One?", "Two?"]),
        ("Is it true?", "Is it true?", []),
        ("Is it true ?", "Is it true ?", []),
        ("Really?? yes", "Really?? yes", []),
        ("http://x.example/?a=b", "http://x.example/?a=b", []),
    ],
)
def test_what_to_ask_next_time(text: str, kept: str, openers: list[str]) -> None:
    reading = understood(text)
    assert reading.openers == openers
    assert reading.text == kept


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("ask @ines", [1]),
        ("ask @Inês Duarte today", [1]),
        ("@Nora, see this", [4]),
        ("@rui", []),
        ("@Rui Alves knows", [3]),
        ("@ines and @Inês again", [1]),
        ("mail maya@nora.example", []),
        ("@nobody", []),
    ],
)
def test_which_colleagues(text: str, mentions: list[int]) -> None:
    assert understood(text).mentions == mentions


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("likes it #wholesale", ["wholesale"]),
        ("#vip #early-access", ["vip", "early-access"]),
        ("order #2291", []),
        ("#Größe", ["Größe"]),
        ("page.html#top &#39;", []),
        ("#vip and #vip", ["vip"]),
        ("C# and # alone", []),
    ],
)
def test_which_tags(text: str, tags: list[str]) -> None:
    assert understood(text).tags == tags


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Called Maya yesterday about beans", "Called Maya yesterday about beans"),
        ("yesterday: picked up beans #wholesale", "Picked up beans"),
        ("picked up beans yesterday #vip", "Picked up beans"),
        ("visit: two flat whites", "Two flat whites"),
        ("tell @ines about it", "tell @ines about it"),
        ("! send the quote by friday", "! send the quote by friday"),
        ("two\nlines", "two\nlines"),
        ("مرحبا 😀", "مرحبا 😀"),
    ],
)
def test_what_is_kept(text: str, kept: str) -> None:
    assert understood(text).text == kept


def test_what_was_taken_away_stays_away_while_typing_goes_on() -> None:
    first = understood("called yesterday #vip @ines ? the dog")
    keys = {item.key for item in first.found}
    assert keys == {"kind:call", "date:yesterday", "tag:vip", "mention:ines duarte", "opener:the dog"}
    again = understood("called yesterday #vip @ines ? the dog", ignored=keys)
    assert (again.kind, again.occurred_at, again.tags, again.mentions, again.openers) == ("", None, [], [], [])
    more = understood("called yesterday about beans #vip", ignored={"date:yesterday"})
    assert more.occurred_at is None
    assert more.tags == ["vip"]


def test_spans_point_at_what_was_said() -> None:
    text = "Called yesterday about #beans ? the dog"
    said = {item.what: text[item.start : item.end] for item in understood(text).found}
    assert said == {"kind": "Called", "date": "yesterday", "tag": "#beans", "opener": "? the dog"}


def test_american_dates_where_the_business_is_american() -> None:
    moment = understood("10/28/2026 signed", day_first=False).occurred_at
    assert moment is not None
    assert (moment.month, moment.day) == (10, 28)
