"""What booking adds to the floors below: a module, its settings, a kind of entry and of news, and what happens when
people leave or are erased."""

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.access.actions import on_hand_over
from regulars.access.models import Notification, Organisation
from regulars.access.notices import NoticeKind, register_kind
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.referrals.reading import register_door
from regulars.lib.modules import Module
from regulars.lib.modules import register as register_module
from regulars.lib.navigation import NavItem
from regulars.lib.navigation import register as register_place
from regulars.promises.models import Booking, BookingPage
from regulars.timeline import kinds

MODULE = "booking"
ERASED = "–"
ACTS = ("booked", "moved", "cancelled")


def register() -> None:
    """Make it known; called in `apps.ready()`."""
    from regulars.promises.actions.booking_pages import hand_over
    from regulars.promises.booking import jobs  # noqa: F401  (its schedule)

    register_module(
        Module(
            MODULE,
            _("Booking page"),
            _("A page where people book a free time with you, and move or cancel it themselves."),
            "calendar-plus",
            order=46,
            off_for=("cafe", "shop", "trades", "other"),
        )
    )
    for name, url_name, icon, order, permission in (
        (_("Booking pages"), "booking-pages", "calendar-plus", 17, "edit"),
        (_("Working hours"), "working-hours", "clock", 18, "log"),
    ):
        register_place(NavItem(name, url_name, icon, order, MODULE, permission=permission, where="settings"))
    kinds.register(kinds.EntryKind("booking", _("Booking"), "calendar-plus", by_hand=False))
    news = _("When somebody books, moves or cancels a time with you.")
    register_kind(NoticeKind("booking", _("Bookings"), news, icon="calendar-plus"))
    on_hand_over(hand_over)
    on_erase(forget_visitor)
    register_door(way_in)


def forget_visitor(traces: Traces) -> None:
    """Empty what an erased person typed when they booked, also in notifications; their links lead nowhere.

    Registered before appointments are: they delete those that were with nobody else.
    """
    theirs = Booking.objects.filter(appointment__contact_links__contact=traces.contact_id)
    for booking in theirs:
        told = [f"{MODULE}:{booking.pk}:{act}:{n}" for act in ACTS for n in range(booking.times_moved + 1)]
        Notification.objects.filter(key__in=told).delete()
        booking.name, booking.email, booking.phone, booking.address_key = ERASED, "", "", ""
        booking.token = f"erased-{booking.pk}"
        booking.save(update_fields=["name", "email", "phone", "address_key", "token"])


def way_in(request: HttpRequest) -> tuple[str, str] | None:
    """The booking page, for visitors who come with somebody's personal code; None unless there is exactly one."""
    organisation = Organisation.current()
    if organisation is None or not organisation.has_module(MODULE):
        return None
    pages = list(BookingPage.objects.filter(closed_at=None, hosts__is_active=True).distinct()[:2])
    if len(pages) != 1:
        return None
    return gettext("Book a time"), pages[0].get_absolute_url()
