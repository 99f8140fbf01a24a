"""Writing vCard 4.0 (RFC 6350), with the labels and groups that Apple's and Google's address books add to it."""

import base64
from collections.abc import Iterator
from itertools import count

from regulars.quality.files.draft import Address, Draft, Point

_TYPES = {"mobile": "cell", "work": "work", "home": "home", "fax": "fax", "pager": "pager", "home fax": "home,fax",
          "work fax": "work,fax", "work mobile": "work,cell", "home mobile": "home,cell"}  # fmt: skip


def write_card(draft: Draft) -> bytes:
    """Return `draft` as one card, folded, with CRLF."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", *_properties(draft), "END:VCARD"]
    return b"".join(fold_line(line) for line in lines)


def escape(text: str) -> str:
    r"""Return text as a value: commas, semicolons, backslashes and line breaks escaped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    return text.replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def fold_line(line: str) -> bytes:
    """Return a line cut into pieces of at most 75 octets, never within a character."""
    raw = line.encode()
    if len(raw) <= 75:
        return raw + b"\r\n"
    pieces, start, room = [], 0, 75
    while start < len(raw):
        end = min(start + room, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(raw[start:end])
        start, room = end, 74
    return b"\r\n ".join(pieces) + b"\r\n"


def _properties(draft: Draft) -> Iterator[str]:
    groups = (f"item{number}" for number in count(1))
    if draft.kind == "company":
        yield "KIND:org"
        yield f"FN:{escape(draft.company)}"
        yield f"ORG:{escape(draft.company)}"
        yield "X-ABShowAs:COMPANY"
    else:
        yield from _person(draft)
    for name, points in (("TEL", draft.phones), ("EMAIL", draft.emails), ("URL", draft.links)):
        for point in points:
            yield from _point(name, point, groups)
    for address in draft.addresses:
        yield from _address(address, groups)
    for handle in draft.handles:
        network = handle.network.replace('"', "")
        yield f'SOCIALPROFILE;SERVICE-TYPE="{network}";VALUE=text:{escape(handle.value)}'
    yield from _dates(draft, groups)
    for related in draft.related:
        group = next(groups)
        yield f"{group}.X-ABRELATEDNAMES:{escape(related.name)}"
        yield f"{group}.X-ABLabel:{escape(related.label)}"
    yield from _rest(draft)


def _person(draft: Draft) -> Iterator[str]:
    yield f"FN:{escape(draft.full_name or draft.title)}"
    parts = (draft.family, draft.given, draft.middle, draft.prefix, draft.suffix)
    yield f"N:{';'.join(escape(part) for part in parts)}"
    single = {
        "NICKNAME": draft.nickname, "X-PHONETIC-FIRST-NAME": draft.pronunciation, "PRONOUNS": draft.pronouns,
        "ORG": draft.company, "TITLE": draft.job_title,
    }  # fmt: skip
    yield from (f"{name}:{escape(value)}" for name, value in single.items() if value)


def _point(name: str, point: Point, groups: Iterator[str]) -> Iterator[str]:
    label = point.label
    preferred = ";PREF=1" if point.preferred else ""
    if not label or label in _TYPES:
        types = f";TYPE={_quoted(_TYPES[label])}" if label else ""
        yield f"{name}{types}{preferred}:{escape(point.value)}"
        return
    group = next(groups)
    yield f"{group}.{name}{preferred}:{escape(point.value)}"
    yield f"{group}.X-ABLabel:{escape(label)}"


def _quoted(types: str) -> str:
    return f'"{types}"' if "," in types else types


def _address(address: Address, groups: Iterator[str]) -> Iterator[str]:
    parts = ("", "", address.street, address.city, address.region, address.postcode, address.country)
    value = ";".join(escape(part) for part in parts)
    preferred = ";PREF=1" if address.preferred else ""
    if address.label in ("home", "work", ""):
        yield f"ADR{f';TYPE={address.label}' if address.label else ''}{preferred}:{value}"
        return
    group = next(groups)
    yield f"{group}.ADR{preferred}:{value}"
    yield f"{group}.X-ABLabel:{escape(address.label)}"


def _dates(draft: Draft, groups: Iterator[str]) -> Iterator[str]:
    if draft.birthday:
        yield f"BDAY:{str(draft.birthday).replace('-', '') if draft.birthday.year else f'--{_month_day(draft)}'}"
    for named in draft.dates:
        group = next(groups)
        yield f"{group}.X-ABDATE:{named.date}"
        yield f"{group}.X-ABLabel:{escape(named.label)}"


def _month_day(draft: Draft) -> str:
    return f"{draft.birthday.month:02d}{draft.birthday.day:02d}" if draft.birthday else ""


def _rest(draft: Draft) -> Iterator[str]:
    if draft.tags:
        yield f"CATEGORIES:{','.join(escape(tag) for tag in draft.tags)}"
    if draft.language:
        yield f"LANG:{draft.language}"
    if draft.time_zone:
        yield f"TZ:{draft.time_zone}"
    if draft.external_id:
        yield f"UID:{escape(draft.external_id)}"
    for note in draft.notes:
        yield f"NOTE:{escape(note)}"
    if draft.photo:
        yield f"PHOTO:data:image/jpeg;base64,{base64.b64encode(draft.photo).decode()}"
