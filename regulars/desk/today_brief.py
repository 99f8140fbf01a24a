"""Two lines of the Brief for each appointment of a day, from three queries for all of them together.

The Brief of one person reads much more; here it is what one must not get wrong (what they can't have), what to ask
about, and what they wait for.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.contacts.models import Fact, Opener
from regulars.desk.today_sections import Look
from regulars.lib import moments
from regulars.promises.models import Promise
from regulars.promises.occurrence import Occurrence

LINES = 2
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
    rows = Fact.objects.filter(contact__in=contacts, kind=Fact.Kind.LIMIT, retired_at=None).order_by("-confirmed_at")
    for fact in rows[:EACH]:
        if not lines["contact", fact.contact_id]:
            lines["contact", fact.contact_id].append(BriefLine(_ended(fact.text), "risk"))


def _openers(contacts: set[int], lines: dict[tuple[str, int], list[BriefLine]]) -> None:
    rows = Opener.objects.filter(contact__in=contacts, asked_at=None).order_by("-noted_at", "-pk")
    for opener in rows[:EACH]:
        text = opener.text if opener.text.endswith("?") else _("Ask about: %s") % _ended(opener.text)
        lines["contact", opener.contact_id].append(BriefLine(text))


def _promised(
    contacts: set[int], companies: set[int], look: Look, lines: dict[tuple[str, int], list[BriefLine]]
) -> None:
    about = Q(contact__in=contacts) | Q(contact=None, company__in=companies)
    rows = Promise.objects.visible_to(look.user).open().filter(about).order_by("due_at")[:EACH]
    for promise in rows:
        late = promise.due_at < look.now
        words = _("They wait for: %(what)s (promised for %(day)s)") if late else _("Promised: %(what)s, by %(day)s")
        day = moments.short(timezone.localtime(promise.due_at).date())
        key = ("contact", promise.contact_id) if promise.contact_id else ("company", promise.company_id or 0)
        lines[key].append(BriefLine(_ended(words % {"what": promise.what, "day": day}), "risk" if late else ""))


def _ended(text: str) -> str:
    """The text with a full stop, unless it ends with one of its own."""
    return text if text.endswith((".", "!", "?", "…", ")")) else f"{text}."
