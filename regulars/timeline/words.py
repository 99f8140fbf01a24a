"""The full-text index of entries: what finds "words in entries", newest first, at any size.

SQLite keeps an FTS5 table beside the entries, fed by triggers; PostgreSQL a generated `tsvector` column with
a GIN index. Both fold case and accents the same way as `lib.text.fold`. The table and the triggers are plain
SQL, so migrations don't see them: `install` is run by `0002_words` and again after every migrate, because
SQLite loses the triggers of a table that Django rebuilds.
"""

import re
import unicodedata
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from regulars.lib.text import fold

TABLE = "timeline_entry_words"
_WORD = re.compile(r"[^\W_]+")
SHORTEST_PREFIX = 2  # a single letter begins half of all words: it has to be a word of its own
_PREFIXES = 4  # letters: beginnings up to this length have an index of their own in SQLite
_LOOKED_THROUGH = 400
_MANY = 6  # words of a query that count; more would only be slower

# PostgreSQL: an entry's part, 65,536 ids long, stands in the index as a word of its own. So the newest with a word that
# thousands have are found without reading the others, which GIN gives in no order and whose rows are anywhere.
_PART_BITS = 16
_RARE = 50  # entries of two parts with the words before the last: fewer are all read, rather than all words it begins
_INDEXED = f"(words || array_to_tsvector(ARRAY['@' || (id >> {_PART_BITS})::text]))"
_HOLDS = f"{_INDEXED} @@ %s::tsquery"
# A part is a condition of its own: within one query GIN would read all of the part's entries.
_SOME = f"SELECT id FROM timeline_entry WHERE {_HOLDS} AND {_HOLDS} LIMIT %s"  # noqa: S608
_FOUND = "WITH found AS MATERIALIZED (SELECT {} FROM timeline_entry WHERE {}) SELECT id FROM found"
_EVERYWHERE = f"{_FOUND.format('id', _HOLDS)} ORDER BY id DESC LIMIT %s"
_IN_PARTS = f"{_FOUND.format('id', f'{_HOLDS} AND {_HOLDS}')} ORDER BY id DESC LIMIT %s"
_THOSE = f"{_FOUND.format('id, words', _HOLDS)} WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s"
# Counted in rows, for an import taken back leaves wide gaps of ids; row by row from the newest until there are enough.
_AMONG = (
    "SELECT id FROM (SELECT id, words FROM timeline_entry ORDER BY id DESC LIMIT %s OFFSET %s) AS newest"
    " WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s"
)
_NEAR, _WINDOW = 2048, 8192  # entries that are looked through first: GIN can't give the newest of a common word
_PARTED = f"{TABLE}_parted"  # the index of PostgreSQL; one named TABLE came before it

# What NFKD leaves alone and `fold` spells out; SQLite's replace() needs both cases.
_SPELLED = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "đ": "d", "ł": "l", "ð": "d"}
_LETTERS = [
    *_SPELLED.items(),
    *(("ẞ" if letter == "ß" else letter.upper(), plain) for letter, plain in _SPELLED.items()),
    ("ı", "i"),
]


def split(text: str) -> list[str]:
    """Return the folded words that `text` asks for: at most six, the last one maybe unfinished."""
    return list(dict.fromkeys(_WORD.findall(fold(unicodedata.normalize("NFC", text)))))[-_MANY:]


def _is_prefix(wanted: list[str]) -> bool:
    return len(wanted[-1]) >= SHORTEST_PREFIX


def matches(text: str, wanted: list[str]) -> bool:
    """Whether `text` holds all `wanted` words, the last one as a prefix: what the index would say."""
    found = set(_WORD.findall(fold(text)))
    *whole, last = wanted
    begins = last in found if len(last) < SHORTEST_PREFIX else any(word.startswith(last) for word in found)
    return begins and all(word in found for word in whole)


def newest_ids(text: str, limit: int = 200) -> list[int]:
    """Return the ids of the `limit` entries logged last that hold all words of `text`, newest first.

    Maybe fewer (a third at least) when there are more than enough among the newest of all.

    Removed entries are among them: the caller filters. Costs the same at a thousand entries and at millions.
    """
    wanted = split(text)
    if not wanted:
        return []
    find = _newest_postgresql if connection.vendor == "postgresql" else _newest_sqlite
    return find(wanted, limit)


def _newest_sqlite(wanted: list[str], limit: int) -> list[int]:
    """Ask for what FTS5 gives newest first without reading all of it: whole words, and beginnings it keeps an index of.

    A longer beginning is looked for among the newest that begin with its first letters; only one that is rare there
    is worth reading all that the index has.
    """
    *whole, last = wanted
    words = [f'"{word}"' for word in whole]
    if len(last) <= _PREFIXES:
        return _matching_sqlite([*words, f'"{last}"' + (" *" if _is_prefix(wanted) else "")], limit)
    ids = _matching_sqlite([*words, f'"{last}"'], limit)
    if len(ids) < limit:
        near = _matching_sqlite([*words, f'"{last[:_PREFIXES]}" *'], _LOOKED_THROUGH)
        ids = _verified(near, wanted)[:limit] if len(near) == _LOOKED_THROUGH else []
    return ids if len(ids) == limit else _matching_sqlite([*words, f'"{last}" *'], limit)


def _matching_sqlite(terms: list[str], limit: int) -> list[int]:
    sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [" AND ".join(terms), limit])
        return [row[0] for row in cursor.fetchall()]


def _verified(ids: list[int], wanted: list[str]) -> list[int]:
    marks = ", ".join(["%s"] * len(ids))
    sql = f"SELECT id, text, outcome FROM timeline_entry WHERE id IN ({marks}) ORDER BY id DESC"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, ids)
        return [row[0] for row in cursor.fetchall() if matches(f"{row[1]} {row[2]}", wanted)]


def _newest_postgresql(wanted: list[str], limit: int) -> list[int]:
    """Look through the newest entries first, then by the index for words that are rare, through more of the newest, and
    by the index among the newest parts and in all of it."""
    *whole, last = (f"'{word}'" for word in wanted)
    sure, query = " & ".join(whole), " & ".join([*whole, last + (":*" if _is_prefix(wanted) else "")])
    enough = max(limit // 3, 1)
    with connection.cursor() as cursor:
        ids = _ids(cursor, _AMONG, [_NEAR, 0, query, limit])
        if len(ids) >= enough:
            return ids
        cursor.execute("SELECT coalesce(max(id), 0) FROM timeline_entry")
        part = cursor.fetchone()[0] >> _PART_BITS
        if sure and len(_ids(cursor, _SOME, [sure, _parts(part, 2), _RARE])) < _RARE:
            return _ids(cursor, _THOSE, [sure, query, limit])
        ids += _ids(cursor, _AMONG, [_WINDOW - _NEAR, _NEAR, query, limit - len(ids)])
        if len(ids) >= enough:
            return ids
        if part:
            parts = 1 + limit * 3 // 2 * _WINDOW // (max(len(ids), 1) << _PART_BITS)
            ids = _ids(cursor, _IN_PARTS, [query, _parts(part, parts + 1), limit])
        return ids if part and len(ids) >= enough else _ids(cursor, _EVERYWHERE, [query, limit])


def _parts(newest: int, number: int) -> str:
    """The condition to be in one of the newest parts."""
    return " | ".join(f"'@{part}'" for part in range(newest, max(newest - number, -1), -1))


def _ids(cursor: Any, sql: str, params: list[Any]) -> list[int]:
    cursor.execute(sql, params)
    return [row[0] for row in cursor.fetchall()]


def install(wrapper: BaseDatabaseWrapper) -> None:
    """Create the index where it is missing, and fill it when it is new. Safe to run again."""
    if wrapper.vendor == "postgresql":
        _install_postgresql(wrapper)
    else:
        _install_sqlite(wrapper)


def uninstall(wrapper: BaseDatabaseWrapper) -> None:
    """Take the index away again: the reverse of the migration."""
    with wrapper.cursor() as cursor:
        if wrapper.vendor == "postgresql":
            cursor.execute("ALTER TABLE timeline_entry DROP COLUMN IF EXISTS words")
            cursor.execute("DROP FUNCTION IF EXISTS regulars_fold(text)")
            return
        for moment in ("added", "changed", "gone"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{moment}")
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def _folded(row: str) -> str:
    expression = f"{row}text || ' ' || {row}outcome"
    for letter, plain in _LETTERS:
        expression = f"replace({expression}, '{letter}', '{plain}')"
    return expression


def _install_sqlite(wrapper: BaseDatabaseWrapper) -> None:
    new, old = _folded("new."), _folded("old.")
    add = f"INSERT INTO {TABLE}(rowid, words) VALUES (new.id, {new});"  # noqa: S608
    drop = f"INSERT INTO {TABLE}({TABLE}, rowid, words) VALUES ('delete', old.id, {old});"  # noqa: S608
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [TABLE])
        if not cursor.fetchone():
            # Without positions and copies of the text: a fraction of the size, and nobody asks for phrases.
            cursor.execute(
                f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, content='', detail=none, columnsize=0,"
                " tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')"
            )
            cursor.execute(f"INSERT INTO {TABLE}(rowid, words) SELECT id, {_folded('')} FROM timeline_entry")  # noqa: S608
        for moment, event, body in (
            ("added", "INSERT", add),
            ("changed", "UPDATE OF text, outcome", drop + add),
            ("gone", "DELETE", drop),
        ):
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {TABLE}_{moment} AFTER {event} ON timeline_entry BEGIN {body} END"
            )


def _install_postgresql(wrapper: BaseDatabaseWrapper) -> None:
    spelled = "lower(normalize($1, NFKD))"
    for letter, plain in (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th")):
        spelled = f"replace({spelled}, '{letter}', '{plain}')"
    folded = f"translate(regexp_replace({spelled}, '[\u0300-\u036f]+', '', 'g'), 'øđłðı', 'odldi')"
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s", [_PARTED])
        if cursor.fetchone():
            return
        cursor.execute(
            "CREATE OR REPLACE FUNCTION regulars_fold(text) RETURNS text"
            " LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
            f" AS $$ SELECT regexp_replace({folded}, '[^[:alnum:]]+', ' ', 'g') $$"
        )
        cursor.execute(
            "ALTER TABLE timeline_entry ADD COLUMN IF NOT EXISTS words tsvector GENERATED ALWAYS AS (strip("
            "to_tsvector('simple'::regconfig, regulars_fold(left(text, 200000) || ' ' || outcome)))) STORED"
        )
        # What was written since the index was last put in order is searched word by word, so that is kept short.
        options = "WITH (gin_pending_list_limit = 512)"
        cursor.execute(f"CREATE INDEX {_PARTED} ON timeline_entry USING gin ({_INDEXED}) {options}")
        cursor.execute(f"DROP INDEX IF EXISTS {TABLE}")
        cursor.execute("ANALYZE timeline_entry")
