"""Every page there is, in both themes, on a laptop and on a small phone: readable by everyone, nothing cut off.

Pages are found by asking every address, so a new one is looked at without anybody thinking of it. An address with a
placeholder that no line of `samples` fills fails the test: add a line for it.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from regulars.access.models import Invitation, Organisation, User
from regulars.contacts.models import Company, Contact, ContactTag, CustomField, SavedView, Segment, Source, Stage, Tag
from regulars.contacts.referrals.reading import code_of
from regulars.contacts.tests.factories import make_entry
from regulars.desk.demo import load_demo_business
from regulars.insights.tables import Why
from regulars.insights.tests.goals import make_goal
from regulars.orders.loyalty.spending import issue_card
from regulars.orders.loyalty.vouchers import sell_gift_card
from regulars.orders.models import Connection, Coupon, HookEvent, Product, Programme, Reward
from regulars.orders.tests.factories import make_line, make_order
from regulars.promises.actions.ics_import import bring_calendar_file
from regulars.promises.actions.reassigning import start_reassigning
from regulars.promises.actions.tasks import TaskDraft, add_task
from regulars.promises.models import Appointment, Booking, BookingPage, Occasion, Promise, Thanks
from regulars.promises.times.due import days_ahead
from regulars.quality.actions import bring_file

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
SHEET = b"Who,Reach them\nMaya Okafor,maya@lumen.example\nNobody Yet,nobody@example.com\n"
PARTS = 3  # so that processes share the work
COUNTING = '[role="status"][hx-post*="/insights/figures/choice/"]'  # loads its page anew when it has counted
HOLE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
# Shown by other tests: pages that exist only in a state of their own.
ELSEWHERE = ("styleguide", "files/", "account/confirm-email", "account/password/reset/key", "account/2fa/webauthn/keys")


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address of the project, with its placeholders."""
    for part in resolver.url_patterns:
        here = before + str(part.pattern).replace("^", "").replace("$", "").replace("\\Z", "")
        if isinstance(part, URLResolver):
            yield from routes(part, here)
        elif isinstance(part, URLPattern):
            yield here


def samples(owner: User) -> dict[str, dict[str, Any]]:
    """What fills the placeholders of addresses that begin with the key (the longest key counts)."""
    maya = Contact.objects.get(display_name="Maya Okafor")
    entry = maya.involvements.order_by("-occurred_at").first().entry
    team = owner.teams.create(name="Roastery")
    return {
        "book/": {"slug": "tasting"},
        "booking/": {"token": Booking.objects.first().token},
        "settings/booking/": {"pk": BookingPage.objects.first().pk},
        "settings/hours/": {"pk": owner.pk},
        "settings/days-off/": {"pk": 1},
        "contacts/": {"pk": maya.pk, "key": "tag", "name": "about", "kind": "facts", "row": maya.facts.first().pk},
        "contacts/bulk/": {"key": "stage"},
        "contacts/<int:pk>/lists/": {"pk": maya.pk, "segment_pk": segment_sample(owner)},
        "contacts/<int:pk>/greetings/": {"pk": maya.pk, "key": f"date-{maya.dates.first().pk}"},
        "segments/": {"pk": segment_sample(owner), "key": "email"},
        "settings/greetings/": {"kind": "birthday", "language": "en"},
        "settings/winback/": {"play": "offer", "language": "de"},
        "companies/": {"pk": Company.objects.get(display_name="Lumen Studios").pk, "key": "stage"},
        "companies/bulk/": {"key": "stage"},
        "moments/": {"pk": entry.pk},
        "orders/": {"pk": make_order(maya, lines=[make_line("Mug")]).pk},
        "products/": {"pk": Product.objects.first().pk},
        "promises/": {"pk": Promise.objects.open().first().pk},
        "appointments/": {"pk": Appointment.objects.filter(series=None, repeat="").first().pk},
        "tasks/": task_sample(owner),
        **loyalty_samples(maya, owner),
        "feeds/": {"token": "guessed"},
        "settings/calendars/": {"pk": calendar_sample(owner)},
        "handed-over/": {"pk": hand_over_sample(owner)},
        "goals/": {"pk": make_goal(owner).pk},
        "insights/reports/": {"name": "revenue"},
        "views/": {"pk": SavedView.objects.create(owner=owner, name="Wholesale", query={}).pk},
        "settings/fields/": {"pk": CustomField.objects.first().pk},
        "settings/tags/": {"pk": Tag.objects.filter(pk__in=ContactTag.objects.values("tag")).first().pk},
        "settings/stages/": {"pk": Stage.objects.first().pk},
        "settings/sources/": {"pk": Source.objects.first().pk},
        "settings/colleagues/": {"pk": User.objects.get(role="manager").pk},
        "settings/invitations/": {"pk": Invitation.objects.create(invited_by=owner, email="new@harbor.example").pk},
        "settings/teams/": {"pk": team.pk},
        "settings/modules/": {"name": "companies"},
        "operations/": {"pk": owner.operations.first().pk},
        "merges/": {"pk": owner.operations.first().pk},
        "referrals/tree/": {"key": f"contact-{maya.pk}"},
        "referrals/undo/": {"token": "made-up"},
        "r/": {"code": code_of(maya)},
        "occasions/": {"pk": Occasion.objects.open().first().pk},
        "thanks/": {"pk": Thanks.objects.first().pk},
        "removals/": {"pk": owner.operations.first().pk},
        "import/": {"pk": bring_file(BytesIO(SHEET), "guests.csv", by=owner).pk},
        "import/operations/": {"pk": owner.operations.first().pk},
        "notifications/": {"pk": owner.notifications.first().pk if owner.notifications.exists() else 1},
        "settings/notifications/devices/": {"pk": 1},
        "hooks/": {"kind": "shopify", "pk": 0},
        "settings/connections/": {"pk": Connection.objects.first().pk, "kind": "stripe"},
        "settings/connections/events/": {"pk": HookEvent.objects.exclude(order=None).first().pk},
        "join/": {"token": Invitation.objects.create(invited_by=owner).token},
        "bin/": {"part": "people"},
        "account/sessions/": {"pk": 1},
        "winback/": {"pk": Why.objects.first().pk, "key": f"contact-{maya.pk}"},
        "why/": {"token": Why.objects.first().token},
    }


def loyalty_samples(maya: Contact, owner: User) -> dict[str, dict[str, Any]]:
    """A card, a reward, a coupon, a gift card."""
    Programme.objects.get_or_create(pk=1)
    reward = Reward.objects.first() or Reward.objects.create(name="Free coffee", cost=10)
    coupon = Coupon.objects.first() or Coupon.objects.create(name="Autumn", percent=10)
    gift = sell_gift_card(2500, "EUR", by=owner, act="sample", buyer=maya)
    return {
        "card/": {"token": issue_card(maya, by=owner).token},
        "contacts/<int:pk>/loyalty/": {"pk": maya.pk, "reward_pk": reward.pk},
        "loyalty/": {"pk": 1, "act": "made-up"},
        "loyalty/coupons/": {"pk": coupon.pk},
        "loyalty/gift-cards/": {"pk": gift.pk},
        "settings/loyalty/": {"pk": reward.pk},
    }


def segment_sample(owner: User) -> int:
    """A segment with groups in groups."""
    likes = {"if": "fact", "with": {"fact.text": ["oat"]}}
    rule = {"all": [likes, {"any": [{"if": "email", "with": {"email": ["yes"]}}, {"none": [likes]}]}]}
    return int(Segment.objects.get_or_create(owner=owner, name="Oat milk", defaults={"rule": rule})[0].pk)


def task_sample(owner: User) -> dict[str, Any]:
    """A task with everything it may have."""
    draft = TaskDraft("Weigh the beans", owner, due_at=days_ahead(1), repeat="FREQ=DAILY", note="Both", items=["Bag"])
    task = add_task(draft, by=owner)
    return {"pk": task.pk, "row": task.items.get().pk}


def hand_over_sample(owner: User) -> int:
    """A manager's work, handed to the owner."""
    operation = start_reassigning(User.objects.get(role="manager"), owner, by=owner)
    assert operation
    return operation.pk


def calendar_sample(owner: User) -> int:
    """A calendar file that waits for a yes."""
    event = "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20990101T090000Z\r\nSUMMARY:Fair\r\nEND:VEVENT"
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}\r\nEND:VCALENDAR\r\n".encode()
    return bring_calendar_file(content, "work.ics", by=owner, time_zone="Europe/Lisbon").pk


def addresses(owner: User) -> list[str]:
    """Every address, with its placeholders filled. Fails for one that nothing fills."""
    filled, known = [], samples(owner)
    for route in sorted(set(routes(get_resolver()))):
        if route.startswith(ELSEWHERE):
            continue
        holes = {a or b for a, b in HOLE.findall(route)}
        values = known.get(max((key for key in known if route.startswith(key)), key=len, default=""), {})
        assert holes <= set(values), f"say in samples() what stands for {holes - set(values)} in {route}"
        filled.append("/" + fill(route, values))
    return filled


def fill(route: str, values: dict[str, Any]) -> str:
    """The route with a value in the place of each hole."""
    return HOLE.sub(lambda hole: str(values[hole[1] or hole[2]]), route)


def pages(owner: User, part: int) -> list[str]:
    """The addresses of one part that answer a signed-in owner with a whole page."""
    client = Client(raise_request_exception=True)
    client.force_login(owner)
    found = []
    for address in addresses(owner)[part::PARTS]:
        answer = client.get(address)
        assert answer.status_code < 500, address
        is_html = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code == 200 and is_html and b"<html" in answer.content[:200]:
            found.append(address)
    return found


def complaints(page: "Page", axe: "Callable[[Page], list[str]]", paths: list[str]) -> list[str]:
    """What is wrong with the pages at `paths`: axe in both themes, and what is cut off on a phone."""
    found = []
    page.emulate_media(reduced_motion="reduce")
    for path in paths:
        page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
        page.goto(path)
        page.locator(COUNTING).wait_for(state="detached")
        found += [f"{path}: {line}" for line in axe(page)]
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            found.append(f"{path} is {beyond} px wider than a small phone")
    return found


@pytest.mark.minutes
@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_for_everyone(
    page: "Page", sign_in: "Callable[[Page, Any], Page]", axe_in_both_themes: "Callable[[Page], list[str]]", part: int
) -> None:
    owner = load_demo_business(people=60).by
    maya = Contact.objects.get(display_name="Maya Okafor")
    make_entry(maya, by=User.objects.get(role="manager"), text="See you both on Monday", mentions=[owner])
    paths = pages(owner, part)
    assert len(paths) > 30, paths
    found = complaints(sign_in(page, owner), axe_in_both_themes, paths)
    assert not found, "\n".join(found)


@pytest.mark.usefixtures("transactional_db")
def test_every_page_before_signing_in_is_for_everyone(
    page: "Page", axe_in_both_themes: "Callable[[Page], list[str]]"
) -> None:
    owner = load_demo_business(people=10).by
    token = Invitation.objects.create(invited_by=owner, email="new@harbor.example").token
    axe = axe_in_both_themes
    found = complaints(
        page, axe, ["/account/login/", "/account/password/reset/", f"/join/{token}/", "/offline", "/nowhere/"]
    )
    shown = Client().get("/book/tasting/").content.decode()
    ask = re.search(r"/book/tasting/you/\?start=\w+", shown)
    assert ask
    found += complaints(page, axe, ["/book/tasting/", ask[0], "/booking/guessed/"])
    Organisation.objects.all().delete()
    found += complaints(page, axe, ["/setup/"])
    assert not found, "\n".join(found)
