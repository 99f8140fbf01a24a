"""Booking at Harbor & Pine: two pages, the hours behind them, and two tastings that visitors booked themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from regulars.access.models import Organisation
from regulars.promises.actions.booking import book
from regulars.promises.booking.free_times import Span
from regulars.promises.booking.page_times import active_hosts, free_times
from regulars.promises.booking.people import Visitor
from regulars.promises.booking.working_hours import read_hours, set_week
from regulars.promises.models import BookingPage
from regulars.timeline.models import Entry

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

VISITORS = (
    # name, email (of the cast), what they said, days ahead
    ("Jonas Lindqvist", "We are three. One of us only drinks decaf.", 2),
    ("Luísa Marques", "A surprise for my team, please don’t call the office.", 5),
)


def add_booking(loader: Loader) -> None:
    """Add it where the whole installation is a demo: elsewhere the sample colleagues can't sign in, nor be booked."""
    organisation = Organisation.current()
    if organisation is None or not organisation.is_demo:
        return
    if not organisation.has_module("booking"):
        organisation.modules.append("booking")
        organisation.save()
    ines, _marcus, sofia, *_others = loader.colleagues
    for user, hours in ((ines, "9:30–13, 14–18"), (sofia, "10–16")):
        set_week(user, [read_hours(hours)] * 5 + [read_hours("10–13"), []])
    tasting = BookingPage(
        slug="tasting", title="Coffee tasting", kind="visit", place="Harbor & Pine, Rua do Alecrim 21, Lisbon",
        text="Five coffees, one table, no hurry. Tell us what you usually drink.", length=45, step=30, buffer_after=15,
    )  # fmt: skip
    wholesale = BookingPage(
        slug="wholesale", title="First talk about wholesale", kind="call", place="We call you", length=30, step=30,
        notice=24,
    )  # fmt: skip
    for page, hosts in ((tasting, [ines, sofia]), (wholesale, [ines])):
        page.created_by = ines
        page.save()
        page.hosts.set(hosts)
        loader._note([page])
    _book(loader, tasting)


def _book(loader: Loader, page: BookingPage) -> None:
    """Let two people of the cast book, the way visitors do."""
    before = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for number, (name, said, ahead) in enumerate(VISITORS):
        contact, now = loader.contacts.get(name), timezone.now()
        window = Span(now + timedelta(days=ahead), now + timedelta(days=ahead + 3))
        start = next(iter(free_times(page, window, active_hosts(page))), None)
        if contact and start:
            visitor = Visitor(name, f"demo-{number}", contact.email, contact.phone, said, "en")
            loader._note([book(page, start, visitor).appointment])
    made = list(Entry.objects.filter(kind="booking", pk__gt=before))
    if made:
        loader._note(made)
