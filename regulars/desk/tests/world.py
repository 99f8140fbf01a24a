"""One of everything, so that every address of the project can be asked for."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from regulars.access.actions import invite
from regulars.access.models import Notification, Operation, Organisation, PushSubscription, User
from regulars.access.tests.factories import make_team, make_user
from regulars.contacts.models import (
    Contact,
    CustomField,
    Fact,
    ImportantDate,
    Opener,
    SavedView,
    Segment,
    Source,
    Stage,
    Tag,
)
from regulars.contacts.referrals.reading import code_of
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.insights.tables import RiskWord
from regulars.insights.tests.goals import insight_ids
from regulars.insights.winback import trying
from regulars.orders.models import Connection, HookEvent, Product
from regulars.orders.tests.factories import make_line, make_order
from regulars.orders.tests.loyalty_world import loyalty_ids
from regulars.promises.actions.appointments import make_appointment
from regulars.promises.actions.tasks import TaskDraft, add_task
from regulars.promises.actions.thanking import thank
from regulars.promises.models import Appointment, Booking, BookingPage, DayOff, Occasion
from regulars.promises.models.feed import CalendarFeed, CalendarFile
from regulars.promises.tests.promises import make_promise
from regulars.timeline.models import Attachment

FAR = date(2035, 1, 1)
ROLES = ("owner", "manager", "member", "front_desk", "reader")


@dataclass
class World:
    """A business with one colleague for each role, and one of each thing."""

    users: dict[str, User] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    hidden: Contact = field(default_factory=Contact)
    cookies: dict[int, str] = field(default_factory=dict)

    def arguments(self, name: str, user: User) -> dict[str, Any]:
        """Return what the address called `name` is asked with by `user`."""
        chosen = self.ids.get(name, {})
        return dict(chosen(user) if callable(chosen) else chosen)


def make_world() -> World:
    """Write it all."""
    world = World({role: make_user(f"{role.title()} Person", role=role) for role in ROLES})
    owner, member = world.users["owner"], world.users["member"]
    team = make_team("Counter")
    contact = make_contact("Maya Okafor", by=member, email="maya@lumen.example", phone="+351912345678")
    company = make_company("Lumen Studios", by=member)
    world.hidden = make_contact("Secret Guest", by=owner, visibility="owner")
    entry = make_entry(contact, kind="request", by=member)
    file = Attachment.objects.create(
        entry=entry,
        file=ContentFile(b"hello", "a.txt"),
        name="a.txt",
        content_type="text/plain",
        size=5,
        sha256="0" * 64,
        uploaded_by=member,
    )
    fact = Fact.objects.create(contact=contact, text="Oat milk", kind="like")
    opener = Opener.objects.create(contact=contact, text="How is Biscuit's leg?")
    ImportantDate.objects.create(contact=contact, day=1, month=5, label="Opening")
    stage = Stage.objects.create(key="regular", name="Regular", position=1)
    source = Source.objects.create(name="Walk-in")
    tag = Tag.objects.create(name="neighbour")
    custom = CustomField.objects.create(key="table", label="Table")
    booking = _booking(member)
    invitation = invite(role="member", by=owner)
    one, entry_id = {"pk": contact.pk}, {"pk": entry.pk}
    world.ids = {
        **dict.fromkeys(CONTACT_NAMES, one),
        **{name: {"pk": company.pk} for name in COMPANY_NAMES},
        **dict.fromkeys(MOMENT_NAMES, entry_id),
        "contact-section": {**one, "name": "about"},
        "contact-row-add": {**one, "kind": "facts"},
        "contact-row": {**one, "kind": "facts", "row": fact.pk},
        "fact-confirm": {**one, "row": fact.pk},
        "fact-retire": {**one, "row": fact.pk},
        "opener-ask": {**one, "row": opener.pk},
        "attachment": {"pk": file.pk, "name": file.name},
        "attachment-preview": {"pk": file.pk},
        "file-remove": {"pk": file.pk},
        "contact-filter": {"key": "tag"},
        "company-filter": {"key": "tag"},
        "contact-bulk": {"key": "tag-add"},
        "company-bulk": {"key": "tag-add"},
        "custom-field": {"pk": custom.pk},
        "custom-field-archive": {"pk": custom.pk},
        "day-off-add": lambda user: {"pk": user.pk},
        "day-off-remove": lambda user: {"pk": DayOff.objects.create(user=user, first_day=FAR, last_day=FAR).pk},
        "working-hours-of": lambda user: {"pk": user.pk},
        **{key: {"slug": booking.page.slug} for key in ("booking-page", "booking-make")},
        **{key: {"token": booking.token} for key in ("booking", "booking-file", "booking-move", "booking-cancel")},
        **dict.fromkeys(
            ("booking-page-edit", "booking-page-close", "booking-page-code"), lambda user: {"pk": _booking_page(user)}
        ),
        "tag": {"pk": tag.pk},
        "tag-merge": {"pk": tag.pk},
        "stage": {"pk": stage.pk},
        "source": {"pk": source.pk},
        "team": {"pk": team.pk},
        "referral-tree": {"key": f"contact-{contact.pk}"},
        "referral-tree-export": {"key": f"contact-{contact.pk}"},
        "referral-undo": {"token": "made-up"},
        "thanks-take-back": lambda user: {"pk": thank(contact, by=user).pk},
        "referral-landing": {"code": code_of(contact)},
        "colleague": {"pk": member.pk},
        "colleague-deactivate": {"pk": member.pk},
        "colleague-reactivate": {"pk": member.pk},
        "colleague-reassign": {"pk": member.pk},
        "calendar-feed": {"token": "guessed"},
        "calendar-import-file": lambda user: {"pk": CalendarFile.objects.create(by=user, name="a.ics").pk},
        "calendar-feed-off": lambda user: {"pk": CalendarFeed.make(user, name="Phone", parts=[])[0].pk},
        "handed-over": lambda user: {"pk": _hand_over(user)},
        "invitation-withdraw": {"pk": invitation.pk},
        "join": {"token": invitation.token},
        "module-switch": {"name": "dates"},
        "notification": lambda user: {"pk": Notification.objects.create(user=user, text="Hello").pk},
        "notification-read": lambda user: {"pk": Notification.objects.create(user=user, text="Hello").pk},
        "notice-device": lambda user: {"pk": _device(user)},
        "notice-device-try": lambda user: {"pk": _device(user)},
        "saved-view": lambda user: {"pk": SavedView.objects.create(owner=user, name="Mine").pk},
    }
    world.ids |= task_ids(contact, member)
    world.ids |= appointment_ids(contact, member)
    world.ids |= segment_ids(contact)
    world.ids |= winback_ids(contact, member)
    world.ids |= connection_ids(owner)
    world.ids |= loyalty_ids(contact, member)
    world.ids |= insight_ids(owner)
    promise = {"pk": make_promise(to=contact, by=member).pk}
    occasion = {"pk": make_occasion(contact).pk}
    world.ids |= dict.fromkeys(OCCASION_NAMES, occasion)
    world.ids |= dict.fromkeys(PROMISE_NAMES, promise)
    order = {"pk": make_order(contact, lines=[make_line("Mug")]).pk}
    mug = {"pk": Product.objects.get(name="Mug").pk}
    world.ids |= dict.fromkeys(ORDER_NAMES, order)
    world.ids |= dict.fromkeys(("product-edit", "product-retire", "product-demand"), mug)
    for name in ("operation", "operation-cancel", "operation-undo"):
        world.ids[name] = lambda user: {"pk": _operation(user)}
    return world


def _device(user: User) -> int:
    return PushSubscription.objects.create(user=user, endpoint=f"https://127.0.0.1/{user.pk}").pk


def winback_ids(contact: Contact, by: User) -> dict[str, Any]:
    """Somebody slipping away, with one of everything that is done about it."""
    key = {"key": f"contact-{contact.pk}"}
    return {
        **dict.fromkeys(("winback-try", "winback-ask", "risk-word"), key),
        "attempt": {"pk": trying.attempt(contact, "offer", by=by).pk},
        "risk-word-withdraw": {"pk": RiskWord.objects.create(contact=contact, by=by).pk},
        "why": {"token": "guessed"},
        "why-sort": {"pk": trying.note_why(contact, "Too far", "", by=by).pk},
    }


def segment_ids(contact: Contact) -> dict[str, Any]:
    """Addresses of segments, lists, rhythm and greetings."""

    def mine(user: User) -> dict[str, Any]:
        return {"pk": Segment.objects.create(owner=user, name="Mine", rule={"all": []}).pk}

    def my_list(user: User) -> dict[str, Any]:
        return {"pk": contact.pk, "segment_pk": Segment.objects.create(owner=user, name="List", is_list=True).pk}

    date_key = f"date-{ImportantDate.objects.get(contact=contact).pk}"
    return {
        "segment": mine,
        "segment-list": mine,
        "segment-condition": {"key": "email"},
        "contact-lists": {"pk": contact.pk},
        "contact-on-list": my_list,
        "contact-rhythm": {"pk": contact.pk},
        "greeting": {"pk": contact.pk, "key": date_key},
        "greeting-edit": {"kind": "birthday", "language": "en"},
        "winback-words-edit": {"play": "offer", "language": "en"},
    }


def connection_ids(by: User) -> dict[str, Any]:
    """A connected shop with an event, for its addresses."""
    shop = Connection.make("shopify", "Our shop", by=by, secret="as good as any")
    event = HookEvent.objects.create(connection=shop, event_id="1", topic="orders/create", body=b"{}")
    names = (
        "connection",
        "connection-off",
        "connection-remove",
        "connection-test",
        "hook-events",
        "hook-events-replay",
    )
    return {
        **{name: {"pk": shop.pk} for name in names},
        "connection-add": {"kind": "stripe"},
        "hook": {"kind": "stripe", "pk": 0},
        **{name: {"pk": event.pk} for name in ("hook-event", "hook-event-replay")},
    }


def task_ids(contact: Contact, by: User) -> dict[str, Any]:
    """A task with a checklist, for the addresses of tasks."""
    task = add_task(TaskDraft("Order beans", by, contact=contact, items=["Weigh"]), by=by)
    names = ("task", "task-edit", "task-complete", "task-put-off", "task-remove")
    return {
        **{name: {"pk": task.pk} for name in names},
        "task-tick": {"pk": task.pk, "row": task.items.get().pk},
    }


def appointment_ids(contact: Contact, by: User) -> dict[str, Any]:
    """An appointment that has just begun."""
    now = timezone.now()
    made = make_appointment(title="Tasting", starts_at=now, ends_at=now + timedelta(hours=1), contacts=[contact], by=by)
    verbs = ("edit", "move", "cancel", "settle", "remind", "file")
    return {
        **{f"appointment-{verb}": {"pk": made.pk} for verb in verbs},
        "appointment": {"pk": made.pk},
        "appointment-change": {"pk": made.changes.get().pk},
    }


def _hand_over(user: User) -> int:
    return Operation.objects.create(kind="reassign", title="Hand over", by=user, state={"to": user.pk}).pk


def make_occasion(contact: Contact) -> Occasion:
    """A reason to thank somebody."""
    now = timezone.now()
    occasion: Occasion = Occasion.objects.create(rule="help", key="w", contact=contact, why="helped", occurred_at=now)
    return occasion


def _operation(user: User) -> int:
    return Operation.objects.create(kind="bulk", title="Tag 3 people", by=user).pk


def _booking(host: User) -> Booking:
    """What a visitor booked with `host` in a business that takes bookings."""
    organisation = Organisation.objects.get()
    organisation.modules.append("booking")
    organisation.save()
    page = BookingPage.objects.get(pk=_booking_page(host))
    start = timezone.now() + timedelta(days=10)
    appointment = Appointment.objects.create(
        title="Tasting", starts_at=start, ends_at=start + timedelta(hours=1), time_zone="UTC"
    )
    return Booking.objects.create(page=page, appointment=appointment, host=host, nonce="n", name="Visitor")


def _booking_page(host: User) -> int:
    page = BookingPage.objects.create(slug=f"page-{BookingPage.objects.count()}", title="Tasting")
    page.hosts.set([host])
    return page.pk


PROMISE_NAMES = (
    "promise",
    "promise-break",
    "promise-evidence",
    "promise-hand-over",
    "promise-keep",
    "promise-renegotiate",
    "promise-withdraw",
)
ORDER_NAMES = ("order", "order-cancel", "order-claim", "order-edit", "order-keep", "order-refund")
OCCASION_NAMES = ("occasion", "occasion-rest", "occasion-skip", "occasion-thank")
CONTACT_NAMES = (
    "contact",
    "contact-edit",
    "contact-photo",
    "contact-bin",
    "contact-card",
    "contact-erase",
    "contact-takeout",
    "contact-merge",
    "timeline",
    "brief",
    "brief-card",
    "contact-order",
    "contact-promises",
    "contact-worth",
    "contact-appointments",
    "contact-tasks",
    "contact-handed-over",
    "contact-loyalty",
    "contact-next",
    "contact-thank",
    "contact-thanks",
    "contact-winback",
    "introducer",
    "loyalty-adjust",
    "loyalty-give",
    "referral-link",
    "referral-panel",
)
COMPANY_NAMES = (
    "company",
    "company-edit",
    "company-bin",
    "company-merge",
    "company-introducer",
    "company-thank",
    "company-thanks",
    "company-winback",
    "company-referral-panel",
    "company-order",
    "company-promises",
    "company-loyalty",
    "company-worth",
    "company-appointments",
    "company-tasks",
    "company-timeline",
    "company-handed-over",
    "company-next",
)
MOMENT_NAMES = (
    "moment",
    "moment-edit",
    "moment-history",
    "moment-pin",
    "moment-settle",
    "moment-remove",
    "moment-people",
    "moment-files",
)


def all_names(resolver: URLResolver | None = None) -> list[str]:
    """Return the name of every address of the project, those of allauth left out."""
    found: list[str] = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if "allauth" not in str(getattr(pattern.urlconf_name, "__name__", pattern.urlconf_name)):
                found += all_names(pattern)
        elif isinstance(pattern, URLPattern):
            found.append(pattern.name or str(pattern.pattern))
    return sorted(set(found))
