"""Keeping the rows that search reads: words of names, their variants, and the digits of phones.

Call `index_names` after adding or renaming, `index_owners` after changing the point of contact of many at once, and
`forget_words` after erasing. Phones and entries are kept by the database itself (triggers and generated columns).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import OuterRef, Subquery

from regulars.contacts.models import Company, Contact, NameWord, Profile
from regulars.contacts.models.names import NameVariant, name_words, variant_keys

PHONES = "contacts_phone_digits"
T = TypeVar("T")
_AT_A_TIME = 500  # values in one IN (…): SQLite's limit is far above, its planner's patience is not


def index_names(holders: Sequence[Contact | Company], *, new: bool = False) -> None:
    """Rewrite the words that search finds `holders` by: a handful of queries for a batch of any size.

    `new=True` says that they were inserted just now, so there is nothing to remove and no nickname to look up but
    the one that a loaded `profile` has. Call it inside the transaction that wrote them, for a few
    thousand at most.
    """
    nicknames: dict[int, str] = {}
    if not new:
        _forget(holders)
        people = [holder.pk for holder in holders if isinstance(holder, Contact)]
        for chunk in _chunks(people):
            named = Profile.objects.filter(contact__in=chunk).exclude(nickname="")
            nicknames.update(named.values_list("contact_id", "nickname"))
    rows: list[NameWord] = []
    for holder in holders:
        nickname = ""
        if isinstance(holder, Contact):
            known = holder._state.fields_cache.get("profile")
            nickname = nicknames.get(holder.pk, "") or (known.nickname if known and new else "")
        rows += name_words(holder, nickname)
    NameWord.objects.bulk_create(rows, batch_size=2000)
    learn_words({row.word for row in rows})


def learn_words(words: Iterable[str]) -> None:
    """Keep the variants of words that no name had before, so that one wrong letter in them is forgiven."""
    wanted = {word for word in words if len(word) >= 3 and not word.isdecimal()}
    for chunk in _chunks(sorted(wanted)):
        wanted.difference_update(NameVariant.objects.filter(word__in=chunk).values_list("word", flat=True))
    rows = [NameVariant(variant=key, word=word) for word in sorted(wanted) for key in sorted(variant_keys(word))]
    NameVariant.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


def forget_words(words: Iterable[str]) -> None:
    """Forget variants of those `words` that no name has any more; called after an erasure."""
    words = set(words)
    still = set(NameWord.objects.filter(word__in=words).values_list("word", flat=True))
    NameVariant.objects.filter(word__in=words - still).delete()


def index_owners(contacts: Iterable[int]) -> None:
    """Repeat the point of contact of `contacts` (their ids) on their words, after a change in bulk."""
    for chunk in _chunks(list(contacts)):
        owner = Contact.objects.filter(pk=OuterRef("contact_id")).values("owner_id")[:1]
        NameWord.objects.filter(contact__in=chunk).update(owner_id=Subquery(owner))


def _forget(holders: Sequence[Contact | Company]) -> None:
    people = [holder.pk for holder in holders if isinstance(holder, Contact)]
    firms = [holder.pk for holder in holders if isinstance(holder, Company)]
    for chunk in _chunks(people):
        NameWord.objects.filter(contact__in=chunk).delete()
    for chunk in _chunks(firms):
        NameWord.objects.filter(company__in=chunk).delete()


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[i : i + _AT_A_TIME] for i in range(0, len(values), _AT_A_TIME))


# Any digits of a phone: three-digit windows of each key. SQLite keeps them in an FTS5 table with the trigram
# tokenizer, fed by triggers; PostgreSQL in a GIN index over a function. Plain SQL that migrations don't see, so
# `install_phones` runs after every migrate: SQLite loses the triggers of a table that Django rebuilds.


def install_phones(wrapper: BaseDatabaseWrapper) -> None:
    """Create the index over the digits of phones where it is missing, and fill it when it is new."""
    (_install_postgresql if wrapper.vendor == "postgresql" else _install_sqlite)(wrapper)


def _install_sqlite(wrapper: BaseDatabaseWrapper) -> None:
    add = f"INSERT INTO {PHONES}(rowid, digits) SELECT new.id, new.key WHERE new.kind = 'phone';"
    drop = f"INSERT INTO {PHONES}({PHONES}, rowid, digits) SELECT 'delete', old.id, old.key WHERE old.kind = 'phone';"
    table = "contacts_contactpoint"
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [PHONES])
        if not cursor.fetchone():
            cursor.execute(
                f"CREATE VIRTUAL TABLE {PHONES}"
                " USING fts5(digits, content='', detail=none, columnsize=0, tokenize='trigram')"
            )
            cursor.execute(f"INSERT INTO {PHONES}(rowid, digits) SELECT id, key FROM {table} WHERE kind = 'phone'")  # noqa: S608
        for moment, event, body in (
            ("added", "INSERT", add),
            ("changed", "UPDATE OF kind, key", drop + add),
            ("gone", "DELETE", drop),
        ):
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {PHONES}_{moment} AFTER {event} ON {table} BEGIN {body} END")


def _install_postgresql(wrapper: BaseDatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s", [PHONES])
        if cursor.fetchone():
            return
        cursor.execute(
            "CREATE OR REPLACE FUNCTION regulars_windows(text) RETURNS text[]"
            " LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
            " AS $$ SELECT ARRAY(SELECT substr($1, i, 3) FROM generate_series(1, length($1) - 2) AS i) $$"
        )
        cursor.execute(
            f"CREATE INDEX {PHONES} ON contacts_contactpoint USING gin (regulars_windows(key)) WHERE kind = 'phone'"
        )


def whose_phone_has(digits: str, limit: int) -> list[tuple[int | None, int | None]]:
    """Return (contact id, company id) of at most `limit` phones that hold these digits (three or more) in a row.

    A run that very many numbers share (a country or area code) is looked up as a beginning instead: the caller
    does that with `key__prefix` first.
    """
    windows = sorted({digits[i : i + 3] for i in range(len(digits) - 2)})
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT contact_id, company_id FROM contacts_contactpoint WHERE kind = 'phone'"
                " AND regulars_windows(key) @> %s AND strpos(key, %s) > 0 LIMIT %s",
                [windows, digits, limit],
            )
        else:
            cursor.execute(
                f"SELECT p.contact_id, p.company_id FROM {PHONES} f JOIN contacts_contactpoint p ON p.id = f.rowid"  # noqa: S608
                f" WHERE {PHONES} MATCH %s AND instr(p.key, %s) > 0 LIMIT %s",
                [" AND ".join(f'"{window}"' for window in windows), digits, limit],
            )
        return list(cursor.fetchall())
