"""Single values: phones, emails and dates as people write them."""

import calendar
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext as _

from regulars.quality.files.draft import PartialDate
from regulars.quality.files.problems import BadValue, shorten

EMPTY = frozenset(
    {"", "-", "--", "n/a", "na", "none", "null", "nil", "unknown", "#n/a", "(none)", "?", "tbd", "undefined"}
)
EARLIEST_YEAR = 1850
APPLE_NO_YEAR = 1604

_EMAIL = re.compile(r"^[^@\s,;<>\"']+@[^@\s,;<>\"'.][^@\s,;<>\"']*\.[^@\s,;<>\"'.]+$")
_ANGLED = re.compile(r"<([^<>]+)>")
_SPLIT_EMAILS = re.compile(r"\s*(?: ::: |[;,\n|])\s*")
_SPLIT_PHONES = re.compile(r"\s*(?: ::: |[;\n|]|,(?=\s*[+(0])|\s/\s)\s*")
_EXTENSION = re.compile(
    r"(?:;ext=|,\s*|\s*\b(?:ext|extension|x|durchwahl|poste)\b\.?:?\s*|(?<=\d)\s*x\s*)(\d{1,6})$", re.I
)
_E164 = re.compile(r"^\+[1-9]\d{9,13}$")
_NUMERIC = re.compile(r"^(\d{1,4})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{1,4})\.?$")
_YEARLESS = re.compile(r"^(?:--)?(\d{1,2})\s*[./-]?\s*(\d{1,2})\.?$")
_TIME = re.compile(
    r"(?<=\d)[T ]\s*\d{1,2}:?\d{2}(:?\d{2})?(\.\d+)?\s*([ap]m)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$|(?<=\d{8})T\d+.*$",
    re.I,
)
_BLANK_DATE = re.compile(r"^0+[./-]0+[./-]0+$")


def is_empty(text: str) -> bool:
    """Whether `text` only says that there is nothing."""
    return text.casefold() in EMPTY


def split_values(text: str) -> list[str]:
    """Split a cell that holds several values joined the way Google does it."""
    return [part.strip() for part in text.split(" ::: ") if part.strip()]


def read_emails(text: str) -> list[str]:
    """Return the addresses in a cell, as typed. Raises BadValue for something that is none."""
    if _EMAIL.match(text):
        return [text]
    found = []
    for part in _SPLIT_EMAILS.split(text):
        angled = _ANGLED.search(part)
        address = (angled[1] if angled else part).strip().removeprefix("mailto:").strip("'\"")
        if is_empty(address) or address.casefold().startswith(("/o=", "/cn=")):
            continue
        if not _EMAIL.match(address) or len(address) > 254:
            raise BadValue(_("“%(text)s” is not an email address.") % {"text": shorten(address)})
        found.append(address)
    return found


def read_phones(text: str, region: str) -> list[tuple[str, str]]:
    """Return (number, extension) for each number in a cell. Raises BadValue for something that is none."""
    return [read_phone(part, region) for part in _SPLIT_PHONES.split(text) if not is_empty(part)]


@lru_cache(4096)
def read_phone(text: str, region: str) -> tuple[str, str]:
    """Return the number in E.164 and its extension; a number that no country explains stays as typed.

    `region` is the country (ISO 3166, two letters) that numbers without "+" belong to, or "". Raises BadValue.
    """
    if _E164.match(text):
        return text, ""
    number = text.strip().removeprefix("tel:")
    extension = ""
    if found := _EXTENSION.search(number):
        extension, number = found[1], number[: found.start()]
    digits = sum(c.isdigit() for c in number)
    if digits < 3 or len(number) > 40:
        raise BadValue(_("“%(text)s” is not a phone number.") % {"text": shorten(text)})
    with suppress(phonenumbers.NumberParseException):
        parsed = phonenumbers.parse(number, region or None)
        if phonenumbers.is_possible_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), extension
    if digits < len(number.replace(" ", "")) / 2:
        raise BadValue(_("“%(text)s” is not a phone number.") % {"text": shorten(text)})
    return " ".join(number.split()), extension


def read_date(text: str, order: str = "dmy", *, past: bool = False) -> PartialDate | None:
    """Return the day that `text` means, or None when it says there is none ("0/0/00").

    `order` settles 3/4/1980 ("dmy", "mdy", "ymd"); a day over 12 settles itself. With `past`, two-digit years lie
    in the past and a day in the future is refused. Raises BadValue with the reason.
    """
    plain = _TIME.sub("", text.strip()).strip()
    if is_empty(plain) or _BLANK_DATE.match(plain):
        return None
    found = _numeric(plain, order, past) or _yearless(plain, order) or _serial(plain) or _in_words(plain, order)
    if found is None:
        raise BadValue(_("“%(text)s” is not a date.") % {"text": shorten(text)})
    return _checked(found, text, past)


def _numeric(text: str, order: str, past: bool) -> PartialDate | None:
    if re.fullmatch(r"\d{8}", text):
        return PartialDate(int(text[:4]), int(text[4:6]), int(text[6:]))
    found = _NUMERIC.match(text)
    if found is None:
        return None
    first, second, third = found.groups()
    if len(first) > 2:
        return PartialDate(int(first), int(second), int(third))
    year = int(third) if len(third) > 2 else _century(int(third), past)
    if order == "ymd" and len(third) <= 2:
        return PartialDate(_century(int(first), past), int(second), int(third))
    return PartialDate(year, *_month_and_day(int(first), int(second), order))


def _century(year: int, past: bool) -> int:
    now = date.today().year  # noqa: DTZ011
    return year + (2000 if 2000 + year <= now + (0 if past else 30) else 1900)


def _month_and_day(first: int, second: int, order: str) -> tuple[int, int]:
    """Return (month, day) of two numbers that stand in `order`, unless one of them can only be the day."""
    if order == "mdy":
        return (second, first) if first > 12 and second <= 12 else (first, second)
    return (first, second) if second > 12 and first <= 12 else (second, first)


def _yearless(text: str, order: str) -> PartialDate | None:
    found = _YEARLESS.match(text)
    if found is None or len(text) < 3 or (text.isdigit() and len(text) == 5):
        return None
    if text.startswith("--"):
        return PartialDate(None, int(found[1]), int(found[2]))
    return None if text.isdigit() else PartialDate(None, *_month_and_day(int(found[1]), int(found[2]), order))


def _serial(text: str) -> PartialDate | None:
    """A day as spreadsheets count it, from 1900."""
    if not re.fullmatch(r"\d{5}(\.\d+)?", text):
        return None
    day = date(1899, 12, 30) + timedelta(days=int(float(text)))
    return PartialDate(day.year, day.month, day.day)


@lru_cache(4096)
def _in_words(text: str, order: str) -> PartialDate | None:
    """A date with the name of a month, in any language dateparser knows."""
    if not re.search(r"\d", text) or not re.search(r"[^\W\d]{3}", text) or len(text) > 40:
        return None
    import dateparser  # 20 MB that only an import needs

    settings = {"DATE_ORDER": order.upper(), "REQUIRE_PARTS": ["day", "month"], "PARSERS": ["absolute-time"]}
    found = dateparser.parse(text, settings=settings)
    if found is None:
        return None
    return PartialDate(found.year if re.search(r"\d{4}", text) else None, found.month, found.day)


def _checked(found: PartialDate, text: str, past: bool) -> PartialDate:
    year, month, day = found
    if year == APPLE_NO_YEAR:
        year = None
    said = {"text": shorten(text), "year": year, "first": EARLIEST_YEAR}
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year or 2000, month)[1]:
        raise BadValue(_("“%(text)s” is not a day in the calendar.") % said)
    if year is not None and not EARLIEST_YEAR <= year <= 2200:
        raise BadValue(_("“%(text)s” is in the year %(year)s; years from %(first)s on are read.") % said)
    if past and year is not None and date(year, month, day) > date.today():  # noqa: DTZ011
        raise BadValue(_("“%(text)s” lies in the future.") % said)
    return PartialDate(year, month, day)


def guess_date_order(values: Iterable[str], default: str) -> str:
    """Return the order in which the dates of a column stand, from those that leave no doubt."""
    first_over = second_over = 0
    for value in values:
        if found := _NUMERIC.match(_TIME.sub("", value.strip())):
            first, second, third = (int(part) for part in found.groups())
            if len(found[1]) > 2:
                continue
            if first > 31 and third <= 31:
                return "ymd"
            first_over += first > 12
            second_over += second > 12
    if first_over == second_over:
        return default
    return "dmy" if first_over > second_over else "mdy"
