"""The real files of `../shared/data/contacts`: read whole where the folder is there."""

import itertools
import json
from pathlib import Path

import pytest
from django.conf import settings

from regulars.quality.files.build import Habits
from regulars.quality.files.delimited import DelimitedTable
from regulars.quality.files.draft import Draft, PartialDate
from regulars.quality.files.opening import drafts_of_cards, drafts_of_table, kind_of_file
from regulars.quality.files.suggest import mapping_for

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "contacts"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/data/contacts is not here")


def cards(name: str) -> list[Draft]:
    built = list(drafts_of_cards(FOLDER / name, Habits("US")))
    assert not any(b.problems for b in built)
    return [b.draft for b in built]


# name, phones, emails, addresses, birthday, bytes of the photo, whether there is a note
EXPECTED = {
    "John_Doe_EVOLUTION.vcf": ("Doe", 2, 1, 1, PartialDate(1980, 3, 22), 0, True),
    "John_Doe_GMAIL.vcf": ("Doe", 2, 1, 1, PartialDate(1980, 3, 22), 0, True),
    "John_Doe_IPHONE.vcf": ("Doe", 7, 1, 2, PartialDate(2012, 6, 6), 32531, False),
    "John_Doe_MAC_ADDRESS_BOOK.vcf": ("Doe", 7, 1, 2, PartialDate(2012, 6, 6), 18242, True),
    "outlook-2007.vcf": ("Angstadt", 4, 1, 1, PartialDate(1922, 3, 10), 2324, True),
    "fullcontact.vcf": ("LastName", 9, 5, 4, PartialDate(2016, 8, 1), 0, True),
    "gmail-single.vcf": ("Dartmouth", 2, 1, 2, PartialDate(1960, 9, 10), 0, True),
    "rfc6350-example.vcf": ("Perreault", 2, 1, 1, PartialDate(None, 2, 3), 0, True),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_card_arrives_with_all_it_says(name: str) -> None:
    family, phones, emails, addresses, birthday, photo, has_note = EXPECTED[name]
    (draft,) = cards(name)
    assert draft.family == family
    assert draft.given
    assert (len(draft.phones), len(draft.emails), len(draft.addresses)) == (phones, emails, addresses)
    assert draft.birthday == birthday
    assert len(draft.photo or b"") == photo
    assert bool(draft.notes) == has_note


def test_several_cards_in_one_file() -> None:
    assert [draft.display for draft in cards("gmail-list.vcf")] == [
        "Arnold Smith",
        "Chris Beatle",
        "Doug White",
    ]


def test_salesforce_accounts_become_companies() -> None:
    path = FOLDER / "salesforce_accountData.csv"
    assert kind_of_file(path, 1 << 30) == "csv"
    table = DelimitedTable(path)
    mapping = mapping_for(table.headers, [row.cells for row in itertools.islice(table.rows(), 100)])
    built = list(drafts_of_table(table, mapping, Habits("US")))
    assert (mapping.origin, len(table.headers), len(built)) == ("salesforce-accounts", 37, 423)
    assert not any(b.problems for b in built)
    assert built[0].draft.company == "Gravity Investments"
    assert built[0].draft.addresses[0].city == "FORT COLLINS"


def test_salesforce_opportunities_are_refused() -> None:
    table = DelimitedTable(FOLDER / "salesforce_opportunityData.csv")
    assert "opportunities" in mapping_for(table.headers, []).notes[0]


@pytest.mark.skipif(not (FOLDER / "csv_header_rows.json").exists(), reason="csv_header_rows.json is not here")
def test_the_header_rows_of_other_programs_are_recognised() -> None:
    headers = json.loads((FOLDER / "csv_header_rows.json").read_text())
    del headers["notes"]
    found = {name: mapping_for(text.split("then: ")[-1].split(","), []).origin for name, text in headers.items()}
    assert found == {
        "google_contacts_old (until ~2024)": "google",
        "google_contacts_new": "google",
        "outlook_desktop": "outlook",
        "pipedrive_people": "pipedrive",
        "hubspot_contacts": "hubspot",
        "linkedin_connections": "linkedin",
    }
