"""What the Brief and the head of a page say of value: tier, rank and the reason; who was gold until lately."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.contacts.badges import Badge
from regulars.contacts.brief.words import Sentence, say_day
from regulars.contacts.models import Contact
from regulars.contacts.page import ContactPage, HolderPage
from regulars.insights.tables.standing import Tier
from regulars.insights.value.known import run_on, standing_on
from regulars.insights.value.words import badge_text, reason_of

LATELY = timedelta(days=180)


def tier_badge(page: HolderPage) -> Badge | None:
    """ "Gold · top 4 %" beside the name."""
    standing = standing_on(page)
    if standing is None or not standing.is_top:
        return None
    return Badge(badge_text(standing, run_on(page)), "gold" if standing.tier == Tier.GOLD else "secondary", "star")


def who_they_are(contact: Contact, user: User, page: ContactPage) -> Iterator[Sentence]:
    """ "Gold since 3 March: €6,240 in 12 months, rank 14 of 380." """
    standing = standing_on(page)
    run = run_on(page) if standing else None
    if standing is None or run is None:
        return
    link = f"{contact.get_absolute_url()}#worth"
    values = {"tier": standing.get_tier_display(), "day": say_day(standing.tier_since), "why": ""}
    values["why"] = reason_of(standing, run, page.organisation.currency if page.organisation else "")
    if standing.is_top:
        yield Sentence(_("%(tier)s since %(day)s: %(why)s.") % values, link, (str(values["tier"]),))
    elif standing.previous != Tier.NONE and timezone.localdate() - standing.tier_since < LATELY:
        values["tier"] = str(Tier(standing.previous).label)
        yield Sentence(_("%(tier)s until %(day)s: %(why)s now.") % values, link, tone="risk")
