"""What phones, emails, links and handles are compared by."""

import phonenumbers

from regulars.contacts.models import ContactPoint
from regulars.lib.text import digits, fold


def point_key(kind: str, value: str, country: str = "") -> str:
    """Return what `value` is compared and searched by: E.164 digits without plus, folded email, link or handle.

    `country` (ISO 3166 alpha-2) is assumed for phones without an international prefix. A phone that can't be parsed
    is compared by its bare digits.
    """
    if kind == ContactPoint.Kind.PHONE:
        return phone_key(value, country)
    folded = fold(value).replace(" ", "")
    if kind == ContactPoint.Kind.LINK:
        return folded.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")[:300]
    return folded.removeprefix("@")[:300]


def phone_key(value: str, country: str = "") -> str:
    """Return the E.164 digits of a phone number without the plus, or its bare digits when it isn't a valid number."""
    try:
        number = phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException:
        return digits(value)[:300]
    if not phonenumbers.is_possible_number(number):
        return digits(value)[:300]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def country_code(country: str) -> str:
    """Return the digits that international numbers of `country` (ISO 3166 alpha-2) begin with: "49"; "" if unknown."""
    return str(phonenumbers.country_code_for_region(country.upper()) or "")
