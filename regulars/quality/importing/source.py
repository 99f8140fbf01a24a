"""The drafts of an import, from its stored file."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from regulars.access.models import Organisation
from regulars.quality.files.build import Builder, Built, Habits
from regulars.quality.files.card_drafts import draft_of_card
from regulars.quality.files.cards import read_cards
from regulars.quality.files.delimited import DelimitedTable
from regulars.quality.importing.matching import Keys, keys_of
from regulars.quality.models import Import

# Countries that write the month first; everyone else starts with the day (or the year, which is told by its length).
MONTH_FIRST = {"US", "PH", "FM", "MH", "PW"}


class Item(NamedTuple):
    """One row or card: its draft with problems, its cells for the file of bad rows, and what it is recognised by."""

    built: Built
    cells: list[str]
    keys: Keys

    @classmethod
    def of(cls, built: Built, cells: list[str], region: str) -> "Item":
        """Return the item of a draft; numbers without a country are of `region`."""
        return cls(built, cells, keys_of(built.draft, region))

    @property
    def rows(self) -> int:
        """How many rows of the file it is made of."""
        return 1


def habits() -> Habits:
    """Return how this business writes phones and dates."""
    organisation = Organisation.current()
    country = organisation.country.upper() if organisation else ""
    return Habits(country, "mdy" if country in MONTH_FIRST else "dmy")


def items(imported: Import, skip: int = 0) -> Iterator[Item]:
    """Return the rows or cards of the file, without the first `skip`. Raises FileProblem, also while they are read.

    Asks the database before the first of them only, so that a thread may read them.
    """
    how = habits()
    if imported.kind == Import.Kind.VCARD:
        cards = islice(read_cards(imported.path), skip, None)
        return (Item.of(draft_of_card(card, how), [card.name], how.region) for card in cards)
    table = DelimitedTable(imported.path)
    builder = Builder(table.headers, imported.mapped(), how)
    return (Item.of(builder.build(row), row.cells, how.region) for row in islice(table.rows(), skip, None))


def samples(imported: Import, count: int = 200) -> list[list[str]]:
    """Return the first rows of a table, as they are."""
    return [row.cells for row in islice(DelimitedTable(imported.path).rows(), count)]


def count_items(imported: Import) -> int:
    """Return how many rows or cards the file has; reads it once."""
    if imported.kind == Import.Kind.VCARD:
        return sum(1 for _card in read_cards(imported.path))
    return sum(1 for _row in DelimitedTable(imported.path).rows())
