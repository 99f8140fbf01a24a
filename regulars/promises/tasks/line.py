"""A task in one line: "call the roaster tomorrow 10:00 @rui !!" with its day, its colleague and its urgency."""

import re
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy

from regulars.access.models import Organisation, User
from regulars.contacts.capture.box import MONTH_FIRST
from regulars.contacts.capture.due_dates import find_due
from regulars.contacts.capture.languages import spoken
from regulars.contacts.capture.line import Reading, read
from regulars.contacts.capture.people import recognise
from regulars.contacts.capture.signs import Found
from regulars.contacts.models import Company, Contact
from regulars.promises.actions.tasks import TaskDraft
from regulars.promises.models.task import Task
from regulars.promises.times.wall_time import zone_named

_PROBLEMS = {
    "past": gettext_lazy("This time has passed. Say when it is due from now on."),
    "missing": gettext_lazy("There is no such day."),
}
URGENT = re.compile(r"(?<!\S)!{1,3}(?!\S)")


def read_task_line(
    text: str, *, by: User, organisation: Organisation, holder: Contact | Company | None = None
) -> TaskDraft:
    """Return the task that a typed line says; nothing is saved.

    What is understood as the day, the colleague (`@rui`) and urgency (`!!`) is cut out of the text; names of people
    and companies stay in it and say whom it is for, unless `holder` does. Without a colleague it is for `by`.
    Raises ValueError for a time that has passed or does not exist.
    """
    text = " ".join(text[:500].split())
    now = timezone.now().astimezone(zone_named(organisation.time_zone))
    assignee, mentions = _colleague(text, by, now)
    plain = _cut(text, [*mentions, *((found.start(), found.end()) for found in URGENT.finditer(text))])
    due = find_due(
        plain,
        now,
        spoken(organisation.language, organisation.country),
        organisation.country not in MONTH_FIRST,
    )
    if due and due.problem:
        raise ValueError(_PROBLEMS[due.problem])
    what = _cut(plain, [(due.start, due.end)]) if due and not due.stays else plain
    contact, company = _whom(what, by) if holder is None else _as_pair(holder)
    return TaskDraft(
        what=" ".join(what.split()).strip(" ,;–-") or " ".join(plain.split()),
        assignee=assignee,
        due_at=due.due_at if due else None,
        has_time=bool(due and due.has_time),
        contact=contact,
        company=company,
        priority=Task.Priority.HIGH if URGENT.search(text) else Task.Priority.NORMAL,
    )


def _colleague(text: str, by: User, now: datetime) -> tuple[User, list[tuple[int, int]]]:
    """Who is to do it, and the spans that say so: the first colleague mentioned, else `by`."""
    if "@" not in text:
        return by, []
    colleagues = {user.pk: user for user in User.objects.active()}
    reading = read(text, now, [(user.pk, user.name) for user in colleagues.values()])
    mentions: list[Found] = [found for found in reading.found if found.what == "mention"]
    assignee = colleagues[mentions[0].value] if mentions else by
    return assignee, [(found.start, found.end) for found in mentions[:1]]


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with blanks in the place of `spans`, so that what stands around keeps its place."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _whom(what: str, by: User) -> tuple[Contact | None, Company | None]:
    people = recognise(what, Reading(what), by).holders
    contact = next((one for one in people if isinstance(one, Contact)), None)
    company = next((one for one in people if isinstance(one, Company)), None)
    return contact, company


def _as_pair(holder: Contact | Company) -> tuple[Contact | None, Company | None]:
    return (holder, None) if isinstance(holder, Contact) else (None, holder)
