"""Whether kept facts equal a full count: looked at every night, some thousand customers at a time, and mended."""

from datetime import timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from regulars.access.home import at_home_of
from regulars.lib.schedule import every
from regulars.orders.facts import LINKS, Link, counted_sql, highest, recount
from regulars.orders.models import CustomerFacts, FactsCheck

RANGE = 5_000  # customers compared in one statement
SECONDS = 25.0  # of one run of the job
NIGHT = range(1, 5)  # hours at which a new check begins, by the clock of the business
COMPARED = ("orders", "days", "first_on", "last_on", "value", "margin", "gap_days", "gap_squares", "refunds")


def last_check() -> FactsCheck | None:
    """The newest check that is finished."""
    return FactsCheck.objects.exclude(finished_at=None).order_by("-finished_at").first()


@every(minutes=10)
def check_at_night() -> None:
    """Go on with a check that is under way; begin one in the small hours when the last is older than half a day."""
    going = FactsCheck.objects.filter(finished_at=None).order_by("-pk").first()
    if going is None:
        newest = FactsCheck.objects.order_by("-started_at").first()
        is_due = newest is None or newest.started_at < timezone.now() - timedelta(hours=12)
        if not is_due or not _is_night():
            return
        going = begin()
    go_on(going, SECONDS)


def _is_night() -> bool:
    with at_home_of(None):
        return timezone.localtime().hour in NIGHT


def begin() -> FactsCheck:
    """Begin a check."""
    return FactsCheck.objects.create(started_at=timezone.now(), position=f"{LINKS[0]}:0")


def check_all() -> FactsCheck:
    """Compare everybody's facts now and mend what differs; returns what was found."""
    check = begin()
    go_on(check, float("inf"))
    return check


def go_on(check: FactsCheck, seconds: float) -> None:
    """Compare for some seconds. May be killed and called again: each step is a transaction with its position."""
    until = monotonic() + seconds
    while check.finished_at is None and monotonic() < until:
        with transaction.atomic():
            _step(check)


def _step(check: FactsCheck) -> None:
    name, _colon, start_text = check.position.partition(":")
    link: Link = "company" if name == "company" else "contact"
    start = int(start_text or 0)
    wrong = differing(link, start, start + RANGE)
    recount(*((wrong, []) if link == "contact" else ([], wrong)))
    seen = CustomerFacts.objects.filter(**{f"{link}_id__gte": start, f"{link}_id__lt": start + RANGE}).count()
    position, finished_at = f"{link}:{start + RANGE}", None
    if start + RANGE > highest(link):
        position, finished_at = ("company:0", None) if link == "contact" else ("", timezone.now())
    FactsCheck.objects.filter(pk=check.pk).update(
        position=position,
        finished_at=finished_at,
        customers=F("customers") + seen,
        differing=F("differing") + len(wrong),
    )
    check.refresh_from_db()


def differing(link: Link, start: int, end: int) -> list[int]:
    """Return the ids from `start` to before `end` whose kept facts differ from what their orders come to."""
    columns = ", ".join((f"{link}_id", *COMPARED))
    which, params = f"{link}_id >= %s AND {link}_id < %s", [start, end]
    kept = f"SELECT {columns} FROM {CustomerFacts._meta.db_table} WHERE {which}"  # noqa: S608
    counted = f"SELECT holder, {', '.join(COMPARED)} FROM ({counted_sql(link, which)}) AS counted"  # noqa: S608
    found: set[int] = set()
    with connection.cursor() as cursor:
        for one, other in ((kept, counted), (counted, kept)):
            cursor.execute(f"SELECT * FROM ({one}) AS one EXCEPT SELECT * FROM ({other}) AS other", params * 3)  # noqa: S608
            found |= {row[0] for row in cursor.fetchall()}
    return sorted(found)
