"""vCards of every version become drafts, and what is wrong with one never harms the others."""

import base64
from pathlib import Path

import pytest

from regulars.quality.files.build import Built, Habits
from regulars.quality.files.draft import Draft, PartialDate
from regulars.quality.files.opening import drafts_of_cards, kind_of_file

PHOTO = bytes(range(256)) * 3


def read_all(tmp_path: Path, text: str | bytes) -> list[Built]:
    path = tmp_path / "people.vcf"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    assert kind_of_file(path, 1 << 30) == "vcard"
    return list(drafts_of_cards(path, Habits("PT")))


def read(tmp_path: Path, *lines: str, version: str = "3.0") -> Draft:
    text = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
    (built,) = read_all(tmp_path, text)
    assert not built.problems
    return built.draft


def test_quoted_printable_with_soft_line_breaks(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:D=C3=BArte;In=C3=AAs;;;",
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:likes t=",
        "ea=0D=0Aand caf=C3=A9",
        "TEL;CELL;PREF:912 555 014",
        version="2.1",
    )
    assert (draft.given, draft.family, draft.notes) == ("Inês", "Dúrte", ["likes tea\nand café"])
    assert [(p.value, p.label, p.preferred) for p in draft.phones] == [("+351912555014", "mobile", True)]


def test_windows_charset_in_quoted_printable(tmp_path: Path) -> None:
    assert read(tmp_path, "FN;CHARSET=WINDOWS-1252;ENCODING=QUOTED-PRINTABLE:Zo=EB", version="2.1").display == "Zoë"


@pytest.mark.parametrize(
    "lines",
    [
        ["PHOTO;ENCODING=b;TYPE=JPEG:{0}", " {1}"],
        ["PHOTO;BASE64:", "  {0}", "  {1}"],
        ["PHOTO;TYPE=JPEG;ENCODING=BASE64:", " {0}", " {1}", ""],
        ["PHOTO;ENCODING=BASE64;JPEG:{0}", "{1}", ""],
        ["PHOTO:data:image/jpeg;base64,{0}", " {1}"],
    ],
)
def test_photos_arrive_however_they_are_wrapped(tmp_path: Path, lines: list[str]) -> None:
    code = base64.b64encode(PHOTO).decode()
    wrapped = [line.format(code[:72], code[72:]) for line in lines]
    draft = read(tmp_path, "FN:Ana", *wrapped, "NOTE:after")
    assert draft.photo == PHOTO
    assert draft.notes == ["after"]


def test_a_photo_elsewhere_on_the_web_is_kept_as_a_link(tmp_path: Path) -> None:
    draft = read(tmp_path, "FN:Ana", "PHOTO;VALUE=URI:https://example.org/a.jpg")
    assert (draft.photo, draft.links[0].value, draft.links[0].label) == (
        None,
        "https://example.org/a.jpg",
        "photo",
    )


def test_apples_labels_and_dates_without_year(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        "FN:Ana",
        "item1.TEL;type=pref:+351 912 555 014",
        "item1.X-ABLabel:_$!<Mobile>!$_",
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-03",
        "item2.X-ABDATE:2011-05-06",
        "item2.X-ABLabel:_$!<Anniversary>!$_",
        "item3.X-ABRELATEDNAMES:Rui",
        "item3.X-ABLabel:_$!<Spouse>!$_",
        "X-SOCIALPROFILE;type=twitter;x-user=ana:http://twitter.com/ana",
        "IMPP;X-SERVICE-TYPE=Skype;type=HOME:skype:ana.s",
    )
    assert draft.phones[0].label == "mobile"
    assert draft.birthday == PartialDate(None, 2, 3)
    assert [(d.label, d.date) for d in draft.dates] == [("anniversary", PartialDate(2011, 5, 6))]
    assert [(r.label, r.name) for r in draft.related] == [("spouse", "Rui")]
    assert [(h.network, h.value) for h in draft.handles] == [("Twitter", "ana"), ("Skype", "ana.s")]


def test_a_card_cut_off_in_the_middle_is_reported_and_those_before_it_arrive(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\nFN:Ana\nEND:VCARD\nBEGIN:VCARD\nFN:Rui Costa\nTEL:912"
    whole, cut = read_all(tmp_path, text)
    assert whole.draft.display == "Ana"
    assert "Rui Costa" in cut.problems[0].message


def test_a_card_without_its_end_does_not_swallow_the_next(tmp_path: Path) -> None:
    cut, whole = read_all(tmp_path, "BEGIN:VCARD\nFN:Ana\nBEGIN:VCARD\nFN:Rui\nEND:VCARD\n")
    assert cut.problems
    assert whole.draft.display == "Rui"


def test_a_card_within_a_card_belongs_to_it(tmp_path: Path) -> None:
    (built,) = read_all(tmp_path, "BEGIN:VCARD\nFN:Ana\nAGENT:\nBEGIN:VCARD\nFN:Help\nEND:VCARD\nNOTE:x\nEND:VCARD\n")
    assert (built.draft.display, built.draft.notes) == ("Ana", ["x"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1980-03-22", (1980, 3, 22)), ("19800322", (1980, 3, 22)), ("--0203", (None, 2, 3)), ("--02-03", (None, 2, 3)),
     ("1980-03-22T00:00:00Z", (1980, 3, 22)), ("19800322T101500Z", (1980, 3, 22))],
)  # fmt: skip
def test_birthdays_in_every_notation(tmp_path: Path, value: str, expected: tuple[int | None, int, int]) -> None:
    assert read(tmp_path, "FN:Ana", f"BDAY:{value}").birthday == PartialDate(*expected)


@pytest.mark.parametrize("value", ["1980-02-31", "0001-01-01", "circa 1800"])
def test_an_impossible_birthday_stays_readable_in_the_note(tmp_path: Path, value: str) -> None:
    draft = read(tmp_path, "FN:Ana", f"BDAY:{value}")
    assert draft.birthday is None
    assert draft.notes == [f"Birthday: {value}"]


def test_a_company_card_is_a_company(tmp_path: Path) -> None:
    draft = read(tmp_path, "N:;;;;", "FN:Acme", "ORG:Acme;", "X-ABShowAs:COMPANY", "TEL:+351212555000")
    assert (draft.kind, draft.company) == ("company", "Acme")


def test_a_card_in_utf_16_or_windows_1252(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Inês\r\nEND:VCARD\r\n"
    for encoding in ("utf-16", "cp1252"):
        assert read_all(tmp_path, text.encode(encoding))[0].draft.display == "Inês"


def test_double_carriage_returns_and_escapes(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\r\r\nFN:Ana\\, of Porto\r\r\nNOTE:one\\ntwo\\; th\r\r\n ree\r\r\nURL:http\\://a.example\r\r\nEND:VCARD\r\r\n"
    draft = read_all(tmp_path, text)[0].draft
    assert (draft.display, draft.notes, draft.links[0].value) == (
        "Ana, of Porto",
        ["one\ntwo; three"],
        "http://a.example",
    )


def test_a_phone_or_email_that_is_none_stays_readable_in_the_note(tmp_path: Path) -> None:
    draft = read(tmp_path, "FN:Ana", "TEL;HOME:ask at the bar", "EMAIL:none yet")
    assert sorted(draft.notes) == ["Email: none yet", "home: ask at the bar"]


def test_rubbish_between_cards_is_passed_over(tmp_path: Path) -> None:
    found = read_all(
        tmp_path,
        "BEGIN:VCARD\nFN:Ana\nno colon here\n;:;\nEND:VCARD\nrubbish\n\nBEGIN:VCARD\nFN:Rui\nEND:VCARD",
    )
    assert [built.draft.display for built in found] == ["Ana", "Rui"]
