"""Words in entries are found whatever their accents and case, on both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regulars.access.tests.factories import make_user
from regulars.timeline import words
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db


def write(*texts: str, **fields: str) -> list[Entry]:
    return [Entry.objects.create(kind="note", occurred_at=timezone.now(), text=text, **fields) for text in texts]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Oat milk on Mondays", "oat"),
        ("Oat milk on Mondays", "MILK mon"),
        ("Inês asked for São Tomé", "ines sao"),
        ("Ines asked", "inês"),
        ("Groß, Łódź and Ærø", "gross lodz aero"),
        ("Strasse", "straße"),
        ("Order #2291 (v2.5)", "2291"),
        ("half-caff, dairy_free", "caff free"),
        ("мария звонила", "МАРИЯ"),
        ("it's O'Brien", "brien"),
        ("Biscuit’s leg", "biscuit"),
    ],
)
def test_an_entry_is_found_by_its_words(text: str, query: str) -> None:
    (entry,) = write(text)
    write("something else altogether")
    assert list(Entry.objects.containing(query)) == [entry]
    assert words.matches(text, words.split(query))


@pytest.mark.parametrize(
    "query", ["", "  ", "?!", "milk tea", '"', "' OR 1 --", "AND", "NEAR(", "*", "a:b:*", "\\", "oat m"]
)
def test_what_nobody_wrote_finds_nothing_and_harms_nothing(query: str) -> None:
    write("Oat milk on Mondays")
    assert list(Entry.objects.containing(query)) == []


def test_the_index_follows_edits_outcomes_and_deletion() -> None:
    (entry,) = write("called about beans", outcome="ordered guji")
    assert list(Entry.objects.containing("guji")) == [entry]
    entry.revise(text="called about cups", kind="call", occurred_at=entry.occurred_at, by=make_user())
    assert not Entry.objects.containing("beans").exists()
    assert not Entry.objects.containing("guji").exists()
    assert Entry.objects.containing("cups").get() == entry
    entry.delete()
    assert words.newest_ids("cups") == []


def test_removed_entries_are_not_found_until_they_come_back() -> None:
    user = make_user()
    (entry,) = write("a secret recipe")
    entry.remove(by=user)
    assert not Entry.objects.containing("recipe").exists()
    entry.bring_back()
    assert Entry.objects.containing("recipe").exists()


def test_bulk_created_entries_are_found_newest_first_within_the_limit() -> None:
    now = timezone.now()
    Entry.objects.bulk_create([Entry(kind="note", occurred_at=now, text=f"parcel {n}") for n in range(30)])
    found = [entry.text for entry in Entry.objects.containing("parc", limit=3)]
    assert found == ["parcel 29", "parcel 28", "parcel 27"]


def test_installing_again_fills_nothing_twice_and_mends_lost_triggers() -> None:
    write("one bean")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER timeline_entry_words_added")
    words.install(connection)
    write("two beans")
    assert Entry.objects.containing("bean").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_flushed_database_forgets_its_words() -> None:
    write("left over from another test")
    Entry.objects.all().delete()
    assert words.newest_ids("left") == []


def test_a_large_timeline_is_searched_from_the_newest_and_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries spread over several parts of the index, with a window that holds next to none of them."""
    monkeypatch.setattr(words, "_NEAR", 1)
    monkeypatch.setattr(words, "_WINDOW", 2)
    monkeypatch.setattr(words, "_RARE", 5)
    now = timezone.now()

    def spread(text: str, *ids: int) -> None:
        Entry.objects.bulk_create([Entry(pk=pk, kind="note", occurred_at=now, text=text) for pk in ids])

    common = range(1, 700_000, 20_000)
    spread("called about the marzipan", *common)
    spread("called about the roof", 699_990, 699_992, 699_994, 699_996, 699_998)
    spread("a stonemason asked about markets", 7, 150_007)
    assert words.newest_ids("marz", 60) == sorted(common, reverse=True)
    assert words.newest_ids("marz", 3) == sorted(common, reverse=True)[:3]
    assert words.newest_ids("called about marzi", 3) == sorted(common, reverse=True)[:3]
    assert words.newest_ids("called roo", 60) == [699_998, 699_996, 699_994, 699_992, 699_990]
    assert words.newest_ids("stonemason mar", 60) == [150_007, 7]
    assert words.newest_ids("stonemason marz") == words.newest_ids("stone marketst") == []


def test_after_a_wide_gap_of_ids_as_an_import_taken_back_leaves_one_look_is_enough() -> None:
    now = timezone.now()
    Entry.objects.bulk_create([Entry(pk=pk, kind="note", occurred_at=now, text="a parcel") for pk in range(1, 31)])
    Entry.objects.bulk_create([Entry(pk=900_000, kind="note", occurred_at=now, text="a roof")])
    with CaptureQueriesContext(connection) as queries:
        assert words.newest_ids("parc", 3) == [30, 29, 28]
    assert len(queries) == 1
