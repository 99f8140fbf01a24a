"""The exports of other programs are recognised, other files get good suggestions."""

# ruff: noqa: E501 (header rows are long)

import pytest

from regulars.quality.files.build import Builder, Habits
from regulars.quality.files.draft import Draft
from regulars.quality.files.mapping import Column, Mapping, fingerprint
from regulars.quality.files.rows import Row
from regulars.quality.files.suggest import mapping_for, suggest


def build(headers: str, *cells: str) -> Draft:
    names = headers.split(",")
    row = list(cells) + [""] * (len(names) - len(cells))
    built = Builder(names, mapping_for(names, [row]), Habits("US", "mdy")).build(Row(2, row))
    assert not built.problems
    return built.draft


GOOGLE_OLD = "Name,Given Name,Family Name,Birthday,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value"
GOOGLE_NEW = "First Name,Last Name,File As,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Relation 1 - Label,Relation 1 - Value"
OUTLOOK = "Title,First Name,Last Name,Company,Job Title,Business Street,Business Street 2,Business City,Home City,E-mail Address,Mobile Phone,Birthday,Spouse"
HUBSPOT = "Record ID - Contact,First Name,Last Name,Email,Phone Number,Contact owner,Company name,Lead Status,Lifecycle Stage,Create Date"
PIPEDRIVE = "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Phone - Mobile"
SALESFORCE = (
    "Id,AccountId,LastName,FirstName,Salutation,MailingStreet,MailingCity,Phone,MobilePhone,Email,Title,Birthdate"
)
ZOHO = "Record Id,Contact Owner,Lead Source,First Name,Last Name,Account Name,Email,Title,Phone,Mobile,Mailing Street,Mailing Zip,Skype ID"
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"


@pytest.mark.parametrize(
    ("headers", "origin"),
    [(GOOGLE_OLD, "google"), (GOOGLE_NEW, "google"), (OUTLOOK, "outlook"), (HUBSPOT, "hubspot"), (PIPEDRIVE, "pipedrive"),
     (SALESFORCE, "salesforce"), (ZOHO, "zoho"), (LINKEDIN, "linkedin")],
)  # fmt: skip
def test_exports_are_recognised_by_their_header(headers: str, origin: str) -> None:
    mapping = mapping_for(headers.split(","), [])
    assert (mapping.origin, mapping.recognised) == (origin, True)


def test_google_joins_values_and_groups() -> None:
    draft = build(
        GOOGLE_OLD,
        "Ana Silva",
        "Ana",
        "Silva",
        "--02-03",
        "",
        "* myContacts ::: Family",
        "* Work",
        "a@b.com ::: c@d.com",
        "Mobile",
        "(212) 555-0100",
    )
    assert [(p.value, p.label, p.preferred) for p in draft.emails] == [
        ("a@b.com", "work", True),
        ("c@d.com", "work", False),
    ]
    assert [(p.value, p.label) for p in draft.phones] == [("+12125550100", "mobile")]
    assert (draft.tags, str(draft.birthday)) == (["Family"], "--02-03")


def test_google_addresses_come_in_parts() -> None:
    draft = build(
        GOOGLE_NEW,
        "Ana",
        "Silva",
        "",
        "Acme",
        "",
        "",
        "",
        "Home",
        "1 Main St\nPorto",
        "1 Main St",
        "Porto",
        "Spouse",
        "Rui",
    )
    assert [(a.street, a.city, a.label) for a in draft.addresses] == [("1 Main St", "Porto", "home")]
    assert [(r.label, r.name) for r in draft.related] == [("spouse", "Rui")]


def test_outlook_has_a_title_before_the_name_and_zero_birthdays() -> None:
    draft = build(
        OUTLOOK,
        "Dr.",
        "Ana",
        "Silva",
        "Acme",
        "Boss",
        "1 Main St",
        "Floor 2",
        "Porto",
        "",
        "a@b.com",
        "212 555 0100",
        "0/0/00",
        "Rui",
    )
    assert (draft.prefix, draft.job_title, draft.birthday) == ("Dr.", "Boss", None)
    assert [(a.street, a.extra, a.city, a.label) for a in draft.addresses] == [
        ("1 Main St", "Floor 2", "Porto", "work")
    ]


def test_hubspot_stage_owner_and_id() -> None:
    draft = build(HUBSPOT, "51", "Ana", "Silva", "a@b.com", "", "Rui Costa", "Acme", "", "Customer", "2026-01-01 10:00")
    assert (draft.external_id, draft.owner, draft.stage, draft.company) == (
        "51",
        "Rui Costa",
        "Customer",
        "Acme",
    )


def test_salesforce_opportunities_are_refused_in_a_sentence() -> None:
    assert "opportunities" in mapping_for(["ID", "NAME", "STAGENAME", "AMOUNT", "CLOSEDATE"], []).notes[0]


@pytest.mark.parametrize(
    ("header", "target"),
    [("E-Mail-Adresse", "email"), ("Vorname", "given"), ("Nachname", "family"), ("Prénom", "given"), ("Telemóvel", "phone/mobile"),
     ("Correo electrónico", "email"), ("date_of_birth", "birthday"), ("EmailAddress", "email"), ("Phon number", "phone"),
     ("Firma", "company"), ("PLZ", "address.postcode"), ("Cognome", "family"), ("Kaffee", ""), ("Shoe size", "")],
)  # fmt: skip
def test_headers_in_several_languages_and_with_slips(header: str, target: str) -> None:
    assert suggest(header).target == target.partition("/")[0]


def test_values_speak_where_the_header_does_not() -> None:
    assert suggest("Contact 2", ["a@b.pt", "c@d.pt", ""]).target == "email"
    assert suggest("x", ["+351 912 555 014", "+351 912 555 015"]).target == "phone"
    assert suggest("Phone", ["a@b.pt", "c@d.pt"]).target == "email"


def test_names_are_found_where_no_header_tells() -> None:
    rows = [["12", "Ana Silva", "2/3/2021"], ["14", "João da Costa", "13/4/2019"], ["15", "Zoë O’Hara", ""]]
    assert [c.target for c in mapping_for(["No", "Wer", "Member since"], rows).columns] == ["", "display", ""]


def test_name_beside_first_name_is_the_last_name() -> None:
    assert [c.target for c in mapping_for(["First name", "Name"], []).columns] == ["given", "family"]


def test_dates_of_a_column_get_one_order() -> None:
    mapping = mapping_for(["Name", "Birthday"], [["A", "3/4/1980"], ["B", "3/22/1980"]], "dmy")
    assert mapping.columns[1].order == "mdy"


def test_a_mapping_survives_json_and_headers_have_a_fingerprint() -> None:
    mapping = Mapping([Column.of("phone/mobile#2"), Column("custom:table")], origin="x")
    assert Mapping.from_json(mapping.as_json()).columns == mapping.columns
    assert fingerprint(["Name", " Email"]) == fingerprint(["name", "email"]) != fingerprint(["email", "name"])


def test_a_company_without_a_person_is_a_company_and_nothing_at_all_is_a_problem() -> None:
    assert build("Company,Phone,Name", "Acme", "2125550100").kind == "company"
    names = ["Name", "Email", "Tags"]
    built = Builder(names, mapping_for(names, []), Habits()).build(Row(2, ["", "", "x"]))
    assert "no name" in built.problems[0].message


def test_a_bad_value_names_its_column() -> None:
    names = ["Name", "Email", "Birthday"]
    built = Builder(names, mapping_for(names, []), Habits()).build(Row(2, ["Ana", "ana@", "31/02/1980"]))
    assert [problem.field for problem in built.problems] == ["Birthday", "Email"]


def test_long_right_to_left_and_emoji_names() -> None:
    assert build("Name,Email", "ش" * 300).display == "ش" * 300
    assert build("Name,Email", "🐕 Biscuit").display == "🐕 Biscuit"
    names = ["Name", "Email"]
    built = Builder(names, mapping_for(names, []), Habits()).build(Row(2, ["x" * 301, ""]))
    assert "301 characters" in built.problems[0].message
