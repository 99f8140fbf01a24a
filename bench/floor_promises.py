"""The floor of what colleagues owe people: the same rows as the pages show, by hand-written SQL."""

import time
from collections.abc import Callable
from typing import Any

Fetch = Callable[..., list[Any]]

PROMISES = (
    "SELECT p.*, c.display_name, u.name FROM promises_promise p LEFT JOIN contacts_contact c ON c.id = p.contact_id"
    " JOIN access_user u ON u.id = p.owner_id WHERE p.status = 'open' "
)
APPOINTMENTS = (
    "SELECT a.*, c.display_name FROM promises_appointmentcolleague m JOIN promises_appointment a ON a.id ="
    " m.appointment_id JOIN promises_appointmentcontact x ON x.appointment_id = a.id JOIN contacts_contact c ON c.id ="
    " x.contact_id WHERE m.user_id = %s AND m.starts_at >= %s AND m.starts_at < %s ORDER BY m.starts_at"
)
BELOW = (
    "WITH RECURSIVE tree(node, depth) AS (SELECT CAST(2 AS bigint), 0 UNION ALL SELECT r.node, t.depth + 1 FROM contacts_referral r"
    " JOIN tree t ON r.by_node = t.node WHERE t.depth < 3)"
    " SELECT c.id, c.display_name, t.depth FROM tree t JOIN contacts_contact c ON c.id = t.node / 2 LIMIT 200"
)
FOUR = (
    "FROM contacts_contact c WHERE c.binned_at IS NULL AND (c.visibility = 'everyone' OR c.owner_id = %s) AND c.stage_id"
    " = (SELECT stage_id FROM contacts_contact WHERE id = 1) AND EXISTS (SELECT 1 FROM contacts_contacttag x WHERE"
    " x.contact_id = c.id AND x.tag_id = (SELECT min(tag_id) FROM contacts_contacttag WHERE contact_id = 1))"
    " AND EXISTS (SELECT 1 FROM contacts_fact f WHERE f.contact_id = c.id AND f.kind = 'like' AND f.retired_at IS NULL)"
    " AND c.last_contact_at < %s"
)


def floors(me: int, fetch: Fetch) -> dict[str, Callable[[int], Any]]:
    """Return, for each measure, what reads its rows."""

    def today(n: int) -> None:
        fetch(PROMISES + "AND p.owner_id = %s AND p.due_at < %s ORDER BY p.due_at LIMIT 20", me, _day(1))
        fetch("SELECT * FROM promises_task WHERE assignee_id = %s AND done_at IS NULL AND due_at < %s"
              " ORDER BY due_at LIMIT 20", me, _day(1))  # fmt: skip
        fetch(APPOINTMENTS, me, _day(0), _day(1))
        fetch("SELECT c.*, r.* FROM contacts_rhythm r JOIN contacts_contact c ON c.id = r.contact_id WHERE r.owner_id ="
              " %s AND r.overdue_from <= %s ORDER BY r.overdue_from LIMIT 10", me, _day(0)[:10])  # fmt: skip
        fetch("SELECT o.*, c.display_name FROM promises_occasion o JOIN contacts_contact c ON c.id = o.contact_id"
              " WHERE o.status = 'open' ORDER BY o.occurred_at DESC LIMIT 10")  # fmt: skip

    return {
        "today": today,
        "ledger": lambda n: fetch(PROMISES + "ORDER BY p.due_at, p.id LIMIT 50"),
        "calendar": lambda n: fetch(APPOINTMENTS, me, _day(-20), _day(15)),
        "tree": lambda n: fetch(BELOW),
        "segment": lambda n: fetch("SELECT c.* " + FOUR + " ORDER BY c.last_contact_at DESC LIMIT 50", me, _day(-30)),
        "segment-count": lambda n: fetch("SELECT count(*) FROM (SELECT 1 " + FOUR + " LIMIT 1001) s", me, _day(-30)),
        "feed": lambda n: fetch(APPOINTMENTS, me, _day(-90), _day(365)),
    }


def _day(days: int) -> str:
    return time.strftime("%Y-%m-%d 00:00:00", time.gmtime(time.time() + days * 86400))
