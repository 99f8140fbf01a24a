"""Dates, phones and emails as people write them."""

import pytest

from regulars.quality.files.draft import PartialDate
from regulars.quality.files.problems import BadValue
from regulars.quality.files.values import guess_date_order, read_date, read_emails, read_phones


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("22/03/1980", "dmy", "1980-03-22"),
        ("03/22/1980", "mdy", "1980-03-22"),
        ("3/4/1980", "dmy", "1980-04-03"),
        ("3/4/1980", "mdy", "1980-03-04"),
        ("22/03/1980", "mdy", "1980-03-22"),
        ("22.3.80", "dmy", "1980-03-22"),
        ("1980-03-22 00:00:00", "dmy", "1980-03-22"),
        ("2006-04-15T03:23:15.000Z", "dmy", "2006-04-15"),
        ("22 March 1980", "dmy", "1980-03-22"),
        ("Mar 22, 1980", "mdy", "1980-03-22"),
        ("22 de março de 1980", "dmy", "1980-03-22"),
        ("22. März 1980", "dmy", "1980-03-22"),
        ("22 March", "dmy", "--03-22"),
        ("29/02", "dmy", "--02-29"),
        ("29302", "dmy", "1980-03-22"),
    ],
)
def test_dates_in_common_orders(text: str, order: str, expected: str) -> None:
    assert str(read_date(text, order)) == expected


@pytest.mark.parametrize("text", ["0/0/00", "0000-00-00", "-", "n/a"])
def test_dates_that_say_nothing_are_none(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("31/02/1980", "not a day in the calendar"), ("31 Feb 1980", "not a da"), ("0001-01-01", "in the year 1"),
     ("soon", "not a date"), ("29/02/1981", "not a day"), ("13/13/1980", "not a day"), ("2099-01-01", "in the future")],
)  # fmt: skip
def test_impossible_dates_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        read_date(text, past=True)


def test_the_order_of_a_column_is_settled_by_the_dates_that_leave_no_doubt() -> None:
    assert guess_date_order(["3/4/1980", "3/22/1980"], "dmy") == "mdy"
    assert guess_date_order(["3/4/1980", "22/3/1980"], "mdy") == "dmy"
    assert guess_date_order(["3/4/1980"], "mdy") == "mdy"


def test_phones_take_the_country_of_the_business() -> None:
    assert read_phones("912 555 014", "PT") == [("+351912555014", "")]
    assert read_phones("+44 (0)20 7946 0018 ext. 12", "PT") == [("+442079460018", "12")]
    assert read_phones("0044 20 7946 0018", "PT") == [("+442079460018", "")]
    assert read_phones("912555014; +351 912 555 015", "PT") == [("+351912555014", ""), ("+351912555015", "")]
    assert read_phones("555-0100", "PT")[0][0] == "555-0100"
    assert read_phones("n/a", "PT") == []


@pytest.mark.parametrize("text", ["ask Rui", "12", "@", "1" * 60])
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="not a phone number"):
        read_phones(text, "PT")


def test_emails_alone_named_and_several() -> None:
    assert read_emails("Ana@B.pt") == ["Ana@B.pt"]
    assert read_emails("Ana Silva <ana@b.pt>; rui@b.pt ::: eva@b.pt") == ["ana@b.pt", "rui@b.pt", "eva@b.pt"]
    assert read_emails("/o=ExchangeLabs/ou=x/cn=ana") == []


@pytest.mark.parametrize("text", ["ana@", "ana at b.pt", "@b.pt", "a@b", "a b@c.pt"])
def test_what_is_no_email_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="not an email address"):
        read_emails(text)


def test_partial_dates_print_as_iso() -> None:
    assert (str(PartialDate(None, 2, 3)), str(PartialDate(1980, 2, 3))) == ("--02-03", "1980-02-03")
