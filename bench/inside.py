"""Looks into a data set from within: what to ask for, how many queries each page makes, and the floor.

`python -m bench.inside` prints JSON. The floor is the same rows by hand-written SQL through the same driver, in this process:
nothing of Django, no HTML, no HTTP.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.db import connection

from bench.figures import percentiles
from bench.floor_promises import floors as floors_of_promises

ME = "colleague2@bench.example"  # a member: visibility has to be checked
WORDS = ["espresso", "decaf", "Lisbon", "allergy", "warehouse", "biscuit", "football", "refund", "oat milk", "garden path",
         "half marathon", "tax return", "contract", "appointment", "roof", "samples", "budget", "newsletter"]  # fmt: skip
REPEATS = 200
NAMED = 2_000  # people whose names are taken apart for searches by two parts


def facts() -> dict[str, Any]:
    """Return ids, names, digits and cursors to ask for."""
    from django.http import QueryDict

    from regulars.access.models import Organisation, User
    from regulars.contacts.filters import Scope
    from regulars.contacts.lists.listing import PeopleList
    from regulars.contacts.models import Contact, ContactTag, Segment
    from regulars.lib.keyset import Position
    from regulars.promises.models import Promise
    from regulars.timeline.models import Entry

    user = User.objects.get(email=ME)
    rng = random.Random(11)
    size = Contact.objects.count()
    visible = Contact.objects.visible_to(user)
    ids = list(visible.filter(pk__in=rng.sample(range(1, size + 1), 400)).values_list("pk", flat=True))
    people = list(Contact.objects.filter(pk__in=ids).values_list("given_name", "family_name", "phone"))
    listed = PeopleList(QueryDict(""), Scope("contact", user, Organisation.current()))
    (section,) = listed.sections
    offset = min(10_000 * 50, size * 9 // 10)
    order = section.ordered.desc() if section.descending else section.ordered.asc()
    rows = listed.matching.annotate(_at=section.ordered).order_by(order, "-pk" if section.descending else "pk")
    value, pk = rows.values_list("_at", "pk")[offset]
    tagged = ContactTag.objects.filter(contact__in=ids[:20]).values_list(
        "tag_id", "contact__owner_id", "contact__stage_id"
    )
    filtered = [list(row) for row in tagged]
    return {
        "size": size,
        "user_id": user.pk,
        "page": offset // 50,
        "ids": ids[:200],
        "deep": Position(section.key, value, pk).encode(),
        "deep_at": [str(value), pk],
        "filtered": filtered,
        "short": ["ma", "an", "jo", "so", "be", "mi", "sa", "el", "ch", "ka", "ha", "pe", "ni", "li", "ma", "ma"],
        **_two_parts(user, visible.filter(pk__in=rng.sample(range(1, size + 1), NAMED)).order_by("pk")),
        "digits": [phone[-8:-4] if n % 2 else phone[-4:] for n, (_, _, phone) in enumerate(people[:100])],
        "words": WORDS,
        "segment": Segment.objects.get().pk,
        "newest": Entry.objects.order_by("-pk").values_list("pk", flat=True)[0],
        "promises": list(Promise.objects.open().visible_to(user).values_list("pk", flat=True)[:500]),
    }


def _two_parts(user: Any, people: Any) -> dict[str, list[list[str]]]:
    """Return beginnings of both names of `people` by what they find, at most a hundred of each kind: more people than
    the palette shows, fewer, and companies or moments too.

    Among ten thousand people most find two or three, among a million nearly all find more than six: a mix would compare
    the length of answers.
    """
    from regulars.desk.views.search import IN_PALETTE
    from regulars.lib.search import search

    found: dict[str, list[list[str]]] = {"two": [], "two-few": [], "two-kinds": []}
    for given, family in people.values_list("given_name", "family_name"):
        pair = [family[:3].lower(), given[:3].lower()]
        groups = search(user, " ".join(pair), IN_PALETTE)
        if len(groups) > 1:
            found["two-kinds"].append(pair)
        elif groups:
            found["two" if groups[0].has_more else "two-few"].append(pair)
    return {name: some[:100] for name, some in found.items()}


def queries(paths: dict[str, str]) -> dict[str, int]:
    """Return the number of queries that each page makes, asked for in this process."""
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from regulars.access.models import User

    client = Client()
    client.force_login(User.objects.get(email=ME), backend="regulars.access.backends.Backend")
    found = {}
    for name, path in paths.items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        found[name] = len(captured)
    return found


def floors(known: dict[str, Any]) -> dict[str, list[float]]:
    """Return p50 and p95 in milliseconds of the same rows by plain SQL."""
    mark = "%s" if connection.vendor == "postgresql" else "?"
    cursor = connection.connection.cursor()

    def fetch(sql: str, *parameters: Any) -> list[Any]:
        cursor.execute(sql.replace("%s", mark), parameters)
        return list(cursor.fetchall())

    found = {}
    for name, once in _floors(known, fetch).items():
        for n in range(20):
            once(n)
        times = []
        for n in range(REPEATS):
            began = time.perf_counter()
            once(n)
            times.append(time.perf_counter() - began)
        found[name] = percentiles(times)
    return found


LISTED = (
    "SELECT c.*, f.display_name, u.name, s.name FROM contacts_contact c LEFT JOIN contacts_company f ON f.id = c.company_id"
    " LEFT JOIN access_user u ON u.id = c.owner_id LEFT JOIN contacts_stage s ON s.id = c.stage_id WHERE c.binned_at IS NULL"
    " AND (c.visibility = 'everyone' OR c.owner_id = %s) "
)
FOUND = (
    "SELECT c.id, c.display_name, c.job_title, f.display_name FROM contacts_nameword w JOIN contacts_contact c"
    " ON c.id = w.contact_id LEFT JOIN contacts_company f ON f.id = c.company_id WHERE w.contact_id IS NOT NULL AND "
)
LINES = (
    "SELECT e.*, u.name FROM contacts_involvement i JOIN timeline_entry e ON e.id = i.entry_id LEFT JOIN access_user u"
    " ON u.id = e.author_id WHERE i.contact_id = %s AND e.removed_at IS NULL "
)
NEWEST = " ORDER BY i.occurred_at DESC, i.entry_id DESC LIMIT 20"


def _floors(known: dict[str, Any], fetch: Callable[..., list[Any]]) -> dict[str, Callable[[int], Any]]:
    me = known["user_id"]
    latest = " ORDER BY c.last_contact_at DESC, c.id DESC LIMIT 50"

    def pick(name: str, n: int) -> Any:
        return known[name][n % len(known[name])]

    def contact(n: int) -> None:
        pk = pick("ids", n)
        fetch(LISTED + "AND c.id = %s", me, pk)
        fetch("SELECT * FROM contacts_contactpoint WHERE contact_id = %s", pk)
        fetch("SELECT * FROM contacts_fact WHERE contact_id = %s", pk)
        fetch("SELECT * FROM contacts_opener WHERE contact_id = %s", pk)
        fetch(
            "SELECT t.name FROM contacts_contacttag x JOIN contacts_tag t ON t.id = x.tag_id WHERE x.contact_id = %s",
            pk,
        )
        fetch(LINES + NEWEST, pk)

    def two(name: str, n: int) -> None:
        one, other = pick(name, n)
        pair = " ".join(sorted((one[:2], other[:2])))
        fetch(FOUND + "w.pair = %s ORDER BY w.touched_at DESC LIMIT 6", pair)

    def words(n: int) -> None:
        from regulars.timeline.words import newest_ids

        ids = newest_ids(pick("words", n), 6)
        fetch(f"SELECT * FROM timeline_entry WHERE id IN ({', '.join(map(str, ids)) or 'NULL'})")

    return {
        "list": lambda n: fetch(LISTED + latest, me),
        "deep": lambda n: fetch(LISTED + "AND (c.last_contact_at, c.id) < (%s, %s)" + latest, me, *known["deep_at"]),
        "filtered": lambda n: fetch(
            LISTED + "AND EXISTS (SELECT 1 FROM contacts_contacttag x WHERE x.contact_id = c.id AND x.tag_id = %s)"
            " AND c.owner_id = %s AND c.stage_id = %s" + latest, me, *pick("filtered", n),
        ),
        "contact": contact,
        "timeline": lambda n: fetch(LINES + "AND i.occurred_at < %s" + NEWEST, 1 + n % 10, "2026-06-01"),
        "short": lambda n: fetch(FOUND + "w.start2 = %s ORDER BY w.touched_at DESC LIMIT 6", pick("short", n)),
        "two": lambda n: two("two", n),
        "two-few": lambda n: two("two-few", n),
        "two-kinds": lambda n: two("two-kinds", n),
        "digits": lambda n: _phones(fetch, pick("digits", n)),
        "words": words,
        "log": lambda n: _log(fetch, pick("ids", n), me),
        **floors_of_promises(me, fetch),
    }  # fmt: skip


def _phones(fetch: Callable[..., list[Any]], digits: str) -> None:
    from regulars.contacts.indexing import whose_phone_has

    ids = ", ".join(str(contact) for contact, _company in whose_phone_has(digits, 200) if contact) or "NULL"
    fetch(f"SELECT id, display_name FROM contacts_contact WHERE id IN ({ids}) ORDER BY touched_at DESC LIMIT 6")


def _log(fetch: Callable[..., list[Any]], contact: int, user: int) -> None:
    raw = connection.connection
    cursor = raw.cursor()
    mark = "%s" if connection.vendor == "postgresql" else "?"
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())

    def run(sql: str, *parameters: Any) -> Any:
        cursor.execute(sql.replace("%s", mark), parameters)
        return cursor

    run("BEGIN")
    row = run(
        "INSERT INTO timeline_entry (kind, occurred_at, author_id, text, outcome, snapshot, subject_kind, created_at)"
        " VALUES ('note', %s, %s, 'Measured the floor', '', '{}', '', %s) RETURNING id", now, user, now,
    ).fetchone()  # fmt: skip
    run(
        "INSERT INTO contacts_involvement (entry_id, contact_id, occurred_at, kind, is_implied, is_pinned)"
        " VALUES (%s, %s, %s, 'note', %s, %s)", row[0], contact, now, False, False,
    )  # fmt: skip
    run("UPDATE contacts_contact SET touched_at = %s WHERE id = %s", now, contact)
    run("COMMIT")


def forget(newest: int, promises: list[int]) -> None:
    """Take back what measuring wrote, so that the next measuring finds the same data set: entries after `newest` on
    timelines; of `promises`, open before, those that were kept."""
    from regulars.contacts.models import Involvement
    from regulars.promises.models import Promise
    from regulars.timeline.models import Entry

    reopened = {"status": Promise.Status.OPEN, "settled_at": None, "settled_by": None, "evidence_entry": None}
    Promise.objects.filter(pk__in=promises).update(**reopened)
    Involvement.objects.filter(entry__gt=newest).delete()
    Entry.objects.filter(pk__gt=newest).delete()


def folder() -> str:
    """The folder of the files of a database of PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database"
            " WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0])


def main() -> None:
    """`facts`, or `floors` with facts and paths as JSON on stdin; prints JSON. `folder`: where PostgreSQL keeps it."""
    django.setup()
    connection.ensure_connection()
    if sys.argv[1] == "folder":
        print(folder())
        return
    if sys.argv[1] == "facts":
        answer: Any = facts()
    else:
        given = json.load(sys.stdin)
        answer = {"floors": floors(given["facts"]), "queries": queries(given["paths"])}
        forget(given["facts"]["newest"], given["facts"]["promises"])
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
