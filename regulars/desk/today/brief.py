"""Two lines of the Brief for each appointment of a day, from three queries for all of them together.

The Brief of one person reads much more; here it is what one must not get wrong (what they can't have), what to ask
about, and what they wait for.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.door import viewer
from regulars.contacts.models import Fact, Opener
from regulars.desk.today.sections import Look
from regulars.lib import moments
from regulars.lib.prepared import prepared
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.models import Promise

LINES = 2
NOBODY = -1
EACH = 200  # rows read for all appointments of a day; people rarely have more than a few of each


@dataclass(frozen=True)
class BriefLine:
    """One line; `tone` is "risk" for what one must not get wrong."""

    text: str
    tone: str = ""


def two_lines(rows: Sequence[Occurrence], look: Look) -> dict[str, list[BriefLine]]:
    """Return two lines for each of these appointments by its key. Three queries; none when there are none."""
    contacts = {contact.pk for one in rows for contact in one.contacts}
    companies = {company.pk for one in rows for company in one.companies}
    if not contacts and not companies:
        return {}
    lines: dict[tuple[str, int], list[BriefLine]] = defaultdict(list)
    _limits(contacts, lines)
    _promised(contacts, companies, look, lines)
    _openers(contacts, lines)
    found = {}
    for one in rows:
        about = [("contact", contact.pk) for contact in one.contacts] + [("company", c.pk) for c in one.companies]
        said = dict.fromkeys(line for key in about for line in lines[key])
        found[one.key] = list(said)[:LINES]
    return found


def _limits(contacts: set[int], lines: dict[tuple[str, int], list[BriefLine]]) -> None:
    for contact, text in _known_limits(list(contacts)):
        if not lines["contact", contact]:
            lines["contact", contact].append(BriefLine(_ended(text), "risk"))


def _openers(contacts: set[int], lines: dict[tuple[str, int], list[BriefLine]]) -> None:
    for contact, text in _open_openers(list(contacts)):
        line = text if text.endswith("?") else _("Ask about: %s") % _ended(text)
        lines["contact", contact].append(BriefLine(line))


def _promised(
    contacts: set[int], companies: set[int], look: Look, lines: dict[tuple[str, int], list[BriefLine]]
) -> None:
    me = look.user
    for contact, company, what, due_at in _open_promises(
        me.pk, me.sees_all, list(contacts) or [NOBODY], list(companies) or [NOBODY]
    ):
        late = due_at < look.now
        words = _("They wait for: %(what)s (promised for %(day)s)") if late else _("Promised: %(what)s, by %(day)s")
        day = moments.short(timezone.localtime(due_at).date())
        key = ("contact", contact) if contact else ("company", company)
        lines[key].append(BriefLine(_ended(words % {"what": what, "day": day}), "risk" if late else ""))


@prepared
def _known_limits(contacts: list[int]) -> "QuerySet[Any, Any]":
    rows = Fact.objects.filter(contact__in=contacts, kind=Fact.Kind.LIMIT, retired_at=None)
    return rows.order_by("-confirmed_at", "-pk").values_list("contact_id", "text")[:EACH]


@prepared
def _open_openers(contacts: list[int]) -> "QuerySet[Any, Any]":
    rows = Opener.objects.filter(contact__in=contacts, asked_at=None)
    return rows.order_by("-noted_at", "-pk").values_list("contact_id", "text")[:EACH]


@prepared
def _open_promises(user: int, sees_all: bool, contacts: list[int], companies: list[int]) -> "QuerySet[Any, Any]":
    about = Q(contact__in=contacts) | Q(contact=None, company__in=companies)
    rows: QuerySet[Any] = Promise.objects.visible_to(viewer(user, sees_all)).open().filter(about)
    return rows.order_by("due_at", "pk").values_list("contact_id", "company_id", "what", "due_at")[:EACH]


def _ended(text: str) -> str:
    """The text with a full stop, unless it ends with one of its own."""
    return text if text.endswith((".", "!", "?", "…", ")")) else f"{text}."
