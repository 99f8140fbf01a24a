"""Values of custom fields: how they come in, how they are stored, how they are shown.

    stored = clean(field, "12,50")                 # what goes into `contact.custom[field.key]`; None: nothing there
    text = display(field, stored, organisation)    # what people read

`clean` takes what a form, a cell of a file or the API gives (text, numbers, dates, lists, the stored shape itself) and
returns the stored shape of `CustomField`, or None for "empty" (the key is then left out of the JSON: see `put`).
It raises Django's ValidationError with one sentence. Cleaning a stored value again gives the same value.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, User
from regulars.contacts.models import Contact, CustomField

Kind = CustomField.Kind
Stored = str | int | float | bool | list[str] | dict[str, str] | None

TEXT_LENGTH = 300
LONG_TEXT_LENGTH = 10_000
NUMBER_LIMIT = Decimal(10) ** 15

YES = {"yes", "y", "true", "1", "on", "x", "ja", "sim", "si", "sí", "oui", "✓"}
NO = {"no", "n", "false", "0", "off", "nein", "não", "nao", "non"}
SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN"}

_CURRENCY = re.compile(r"^([A-Za-z]{3})?\s*(.*?)\s*([A-Za-z]{3})?$", re.DOTALL)
_DAY_FIRST = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")


def clean(
    field: CustomField, raw: Any, *, organisation: Organisation | None = None, user: User | None = None
) -> Stored:
    """Return the stored value for what somebody typed, or None when it is empty. Raises ValidationError.

    `organisation` gives the currency of an amount that names none. `user` limits the kind "contact" to people that
    this colleague may know of; without it the person only has to exist.
    """
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw in ("", [], {}, ()):
        return None
    if field.kind == Kind.MONEY:
        return _money(raw, organisation)
    if field.kind == Kind.CONTACT:
        return _contact(raw, user)
    return _CLEANERS[Kind(field.kind)](field, raw)


def clean_all(
    fields: Iterable[CustomField],
    raw: Mapping[str, Any],
    *,
    organisation: Organisation | None = None,
    user: User | None = None,
) -> tuple[dict[str, Stored], dict[str, str]]:
    """Clean the values of several fields at once: returns what to store by key (None: empty) and errors by key."""
    values: dict[str, Stored] = {}
    errors: dict[str, str] = {}
    for field in fields:
        if field.key not in raw:
            continue
        try:
            values[field.key] = clean(field, raw[field.key], organisation=organisation, user=user)
        except ValidationError as problem:
            errors[field.key] = problem.messages[0]
    return values, errors


def put(custom: dict[str, Any], values: Mapping[str, Stored]) -> dict[str, Any]:
    """Return `custom` with `values` in it; empty ones are left out. Changes neither argument."""
    merged = {**custom, **values}
    return {key: value for key, value in merged.items() if value is not None}


def display(
    field: CustomField,
    stored: Any,
    organisation: Organisation | None = None,
    *,
    people: Mapping[int, str] | None = None,
) -> str:
    """Return a stored value as people read it, "" when there is none; never raises, whatever is stored.

    A field of kind "contact" shows the name found in `people` (see `people_in`), so that a person whom the reader may
    not know of is not given away; without a name it shows nothing.
    """
    if stored is None or stored == "" or stored == []:
        return ""
    kind = field.kind
    if kind == Kind.YES_NO:
        return _("Yes") if stored else _("No")
    if kind == Kind.CHOICES and isinstance(stored, list):
        return ", ".join(str(part) for part in stored)
    if kind == Kind.MONEY and isinstance(stored, dict):
        return _display_money(stored, organisation)
    if kind == Kind.NUMBER and isinstance(stored, int | float):
        return str(number_format(stored, use_l10n=True, force_grouping=abs(stored) >= 10_000))
    if kind == Kind.DATE:
        return _display_date(str(stored))
    if kind == Kind.CONTACT:
        return (people or {}).get(stored, "") if isinstance(stored, int) else ""
    return str(stored)


def as_text(field: CustomField, stored: Any, people: Mapping[int, str] | None = None) -> str:
    """Return a stored value as it goes into a file and comes back through `clean`: "12.50 EUR", "2026-11-21", "yes"."""
    if stored is None:
        return ""
    if field.kind == Kind.YES_NO:
        return "yes" if stored else "no"
    if field.kind == Kind.MONEY and isinstance(stored, dict):
        return f"{stored.get('amount', '')} {stored.get('currency', '')}".strip()
    if isinstance(stored, list):
        return "; ".join(str(part) for part in stored)
    if field.kind == Kind.CONTACT:
        return (people or {}).get(stored, "") if isinstance(stored, int) else ""
    return str(stored)


def people_in(fields: Iterable[CustomField], customs: Iterable[Mapping[str, Any]], user: User) -> dict[int, str]:
    """Return the names of the people that fields of kind "contact" point to, as far as `user` may know of them.

    One query, or none when there is no such field or value.
    """
    keys = [field.key for field in fields if field.kind == Kind.CONTACT]
    if not keys:
        return {}
    ids = {value for custom in customs for key in keys if isinstance(value := custom.get(key), int)}
    if not ids:
        return {}
    return dict(Contact.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "display_name"))


def fields_of(host: str) -> list[CustomField]:
    """Return the custom fields in use for `host` ("contact" or "company"), in their order."""
    return list(CustomField.objects.filter(host=host, archived_at=None))


def _text(field: CustomField, raw: Any) -> Stored:
    text = str(raw).replace("\x00", "")
    limit = LONG_TEXT_LENGTH if field.kind == Kind.LONG_TEXT else TEXT_LENGTH
    if field.kind == Kind.TEXT:
        text = " ".join(text.split())
    if len(text) > limit:
        raise ValidationError(_("This is longer than %(limit)d characters.") % {"limit": limit})
    return text or None


def _decimal(raw: Any) -> Decimal:
    """Read a number as people write it: "1,234.56", "1.234,56", "12,5", "1 234". Raises ValidationError."""
    if isinstance(raw, bool):
        raise ValidationError(_("This is not a number."))
    text = re.sub(r"[\s\u00a0\u202f'’_]", "", str(raw)).replace("−", "-")
    if "," in text and "." in text:
        decimal_mark = max(",", ".", key=text.rfind)
        text = text.replace("," if decimal_mark == "." else ".", "").replace(decimal_mark, ".")
    elif text.count(",") == 1 and not re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", text):
        text = text.replace(",", ".")
    else:
        text = text.replace(",", "") if "," in text else text
        text = text.replace(".", "") if text.count(".") > 1 else text
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValidationError(_("“%(text)s” is not a number.") % {"text": str(raw)[:40]}) from None
    if not number.is_finite() or abs(number) > NUMBER_LIMIT:
        raise ValidationError(_("“%(text)s” is out of range.") % {"text": str(raw)[:40]})
    return number


def _number(field: CustomField, raw: Any) -> Stored:
    number = _decimal(raw)
    return int(number) if number == number.to_integral_value() else float(number)


def _money(raw: Any, organisation: Organisation | None) -> Stored:
    if isinstance(raw, dict):
        amount, currency = raw.get("amount"), str(raw.get("currency") or "").upper()
    else:
        amount, currency = _split_money(str(raw))
    if amount in (None, ""):
        return None
    currency = currency or (organisation.currency if organisation else "EUR")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValidationError(_("“%(text)s” is not a currency.") % {"text": currency[:10]})
    return {"amount": f"{_decimal(amount).quantize(Decimal('0.01')):f}", "currency": currency}


def _split_money(text: str) -> tuple[str, str]:
    for symbol, code in SYMBOLS.items():
        if symbol in text:
            return text.replace(symbol, "").strip(), code
    found = _CURRENCY.match(text)
    before, amount, after = found.groups() if found else (None, text, None)
    return amount, (before or after or "").upper()


def _date(field: CustomField, raw: Any) -> Stored:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    text = str(raw)
    if found := _DAY_FIRST.match(text):
        first, second, year = (int(part) for part in found.groups())
        day, month = (second, first) if second > 12 >= first else (first, second)
        text = f"{year:04}-{month:02}-{day:02}"
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise ValidationError(_("“%(text)s” is not a date.") % {"text": str(raw)[:40]}) from None


def _option(field: CustomField, raw: Any) -> str:
    wanted = " ".join(str(raw).split()).casefold()
    for option in field.options:
        if str(option).casefold() == wanted:
            return str(option)
    raise ValidationError(
        _("“%(text)s” is not one of the choices of %(field)s.") % {"text": str(raw)[:40], "field": field.label}
    )


def _choice(field: CustomField, raw: Any) -> Stored:
    if isinstance(raw, list | tuple):
        raw = raw[0]
    return _option(field, raw)


def _choices(field: CustomField, raw: Any) -> Stored:
    if isinstance(raw, str):
        whole = raw.casefold() in {str(option).casefold() for option in field.options}
        raw = [raw] if whole else re.split(r"\s*[;,|]\s*|\s*:::\s*", raw)
    chosen = {_option(field, part) for part in raw if str(part).strip()}
    return [str(option) for option in field.options if option in chosen] or None


def _yes_no(field: CustomField, raw: Any) -> Stored:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": str(raw)[:40]})


def _link(field: CustomField, raw: Any) -> Stored:
    text = str(raw)
    if "://" not in text and not text.startswith(("mailto:", "tel:")):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or re.search(r"\s", text):
        raise ValidationError(_("“%(text)s” is not a link.") % {"text": str(raw)[:40]})
    if len(text) > 1000:
        raise ValidationError(_("This is longer than %(limit)d characters.") % {"limit": 1000})
    return text


def _contact(raw: Any, user: User | None) -> Stored:
    pk = raw.pk if isinstance(raw, Contact) else raw
    known = Contact.objects.visible_to(user) if user else Contact.objects.filter(binned_at=None, erased_at=None)
    if not str(pk).isdecimal() or len(str(pk)) > 18 or not known.filter(pk=int(pk)).exists():
        raise ValidationError(_("There is no such person."))
    return int(pk)


def _display_money(stored: Mapping[str, Any], organisation: Organisation | None) -> str:
    currency = str(stored.get("currency", ""))
    try:
        amount = number_format(Decimal(str(stored.get("amount"))), 2, use_l10n=True, force_grouping=True)
    except InvalidOperation:
        return ""
    return f"{amount} {currency}".strip()


def _display_date(stored: str) -> str:
    try:
        return date_format(date.fromisoformat(stored), _("j M Y"))
    except ValueError:
        return stored


_CLEANERS = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.LINK: _link,
}
