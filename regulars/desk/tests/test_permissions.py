"""Who may open which address: each role, a visitor, and a stranger to a hidden contact, at every address there is.

A new address fails `test_every_address_is_in_the_table` until its line is written here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from regulars.access.models import Role, User
from regulars.access.roles import CAPABILITIES
from regulars.desk.tests.world import CONTACT_NAMES, ROLES, World, all_names, make_world

pytestmark = pytest.mark.django_db

# Address → method and what it takes. A capability of `access.roles`; "signed" for any colleague; "author" for whoever
# wrote it and those who lead (the world's author is the member); "public" for anybody. A "~" says that the world holds
# nothing there, so that 404 is the answer to those who may.
TABLE: dict[str, dict[str, str]] = {
    "account_email": {"get": "signed", "post": "signed"},
    "appointment": {"get": "signed"},
    "appointment-add": {"get": "log", "post": "log"},
    "appointment-cancel": {"get": "log", "post": "log"},
    "appointment-change": {"delete": "log"},
    "appointment-clashes": {"post": "log"},
    "appointment-edit": {"get": "log", "post": "log"},
    "appointment-file": {"get": "signed"},
    "appointment-move": {"post": "log"},
    "appointment-remind": {"post": "log", "delete": "log"},
    "appointment-settle": {"get": "log", "post": "log"},
    "attachment": {"get": "view"},
    "attachment-preview": {"get": "view~"},
    "attempt": {"delete": "log"},
    "audit": {"get": "audit"},
    "audit-download": {"get": "audit"},
    "backtest": {"get": "signed"},
    "bin": {"get": "delete"},
    "booking": {"get": "public"},
    "booking-cancel": {"get": "public", "post": "public"},
    "booking-file": {"get": "public"},
    "booking-make": {"get": "public", "post": "public"},
    "booking-move": {"get": "public", "post": "public"},
    "booking-page": {"get": "public"},
    "booking-page-add": {"get": "edit", "post": "edit"},
    "booking-page-close": {"post": "edit", "delete": "edit"},
    "booking-page-code": {"get": "edit"},
    "booking-page-edit": {"get": "edit", "post": "edit"},
    "booking-pages": {"get": "edit"},
    "brief": {"get": "view"},
    "brief-card": {"get": "view"},
    "business": {"get": "settings", "post": "settings"},
    "calendar": {"get": "view"},
    "calendar-feed": {"get": "public~"},
    "calendar-feed-off": {"post": "signed", "delete": "signed"},
    "calendar-feeds": {"get": "signed", "post": "signed"},
    "calendar-import": {"get": "log", "post": "log"},
    "calendar-import-file": {"get": "log", "post": "log"},
    "calendar-settings": {"get": "settings", "post": "settings"},
    "calendar-waiting": {"get": "signed"},
    "capture": {"get": "log", "post": "log"},
    "capture-preview": {"post": "log"},
    "capture-suggest": {"get": "log"},
    "colleague": {"get": "people", "post": "people"},
    "colleague-deactivate": {"post": "people", "delete": "people"},
    "colleague-pick": {"get": "signed"},
    "colleague-reactivate": {"post": "people"},
    "colleague-reassign": {"get": "people", "post": "people"},
    "colleagues": {"get": "signed"},
    "coming-up": {"get": "signed"},
    "companies": {"get": "view"},
    "company": {"get": "view"},
    "company-add": {"get": "edit", "post": "edit"},
    "company-appointments": {"get": "view"},
    "company-bin": {"post": "delete", "delete": "delete~"},
    "company-bulk": {"get": "bulk", "post": "bulk"},
    "company-bulk-field": {"get": "bulk"},
    "company-columns": {"get": "view", "post": "view"},
    "company-count": {"get": "view"},
    "company-edit": {"get": "edit", "post": "edit"},
    "company-export": {"get": "export"},
    "company-filter": {"get": "view", "post": "view"},
    "company-filters": {"get": "view"},
    "company-handed-over": {"get": "view"},
    "company-introducer": {"get": "edit", "post": "edit", "delete": "edit"},
    "company-merge": {"get": "merge", "post": "merge"},
    "company-next": {"get": "view"},
    "company-order": {"post": "log"},
    "company-pick": {"get": "view"},
    "company-pick-or-name": {"get": "view"},
    "company-promises": {"get": "view"},
    "company-referral-panel": {"get": "view"},
    "company-tasks": {"get": "view"},
    "company-thank": {"get": "log", "post": "log"},
    "company-thanks": {"get": "view"},
    "company-timeline": {"get": "view"},
    "company-view-add": {"get": "signed", "post": "signed"},
    "company-winback": {"get": "view"},
    "company-loyalty": {"get": "view"},
    "company-worth": {"get": "view"},
    "connection": {"get": "settings", "post": "settings"},
    "connection-add": {"post": "settings"},
    "connection-off": {"post": "settings", "delete": "settings"},
    "connection-remove": {"post": "settings", "delete": "settings"},
    "connection-test": {"post": "settings"},
    "connections": {"get": "settings"},
    "contact": {"get": "view"},
    "contact-add": {"get": "edit", "post": "edit"},
    "contact-appointments": {"get": "view"},
    "contact-bin": {"post": "delete", "delete": "delete~"},
    "contact-bulk": {"get": "bulk", "post": "bulk"},
    "contact-bulk-field": {"get": "bulk"},
    "contact-card": {"post": "log", "delete": "log"},
    "contact-columns": {"get": "view", "post": "view"},
    "contact-count": {"get": "view"},
    "contact-edit": {"get": "edit", "post": "edit"},
    "contact-erase": {"get": "erase", "post": "erase"},
    "contact-export": {"get": "export"},
    "contact-filter": {"get": "view", "post": "view"},
    "contact-filters": {"get": "view"},
    "contact-handed-over": {"get": "view"},
    "contact-lists": {"get": "view", "post": "edit~"},
    "contact-loyalty": {"get": "view"},
    "contact-merge": {"get": "merge", "post": "merge"},
    "contact-next": {"get": "view"},
    "contact-on-list": {"post": "edit", "delete": "edit"},
    "contact-order": {"post": "log"},
    "contact-photo": {"get": "view~"},
    "contact-pick": {"get": "view"},
    "contact-promises": {"get": "view"},
    "contact-rhythm": {"get": "edit", "post": "edit"},
    "contact-row": {"get": "edit", "post": "edit", "delete": "edit"},
    "contact-row-add": {"get": "edit", "post": "edit"},
    "contact-section": {"get": "view"},
    "contact-similar": {"get": "edit"},
    "contact-takeout": {"get": "export"},
    "contact-tasks": {"get": "view"},
    "contact-thank": {"get": "log", "post": "log"},
    "contact-thanks": {"get": "view"},
    "contact-winback": {"get": "view"},
    "contact-worth": {"get": "view"},
    "contacts": {"get": "view"},
    "coupon": {"get": "settings"},
    "coupon-add": {"get": "settings", "post": "settings"},
    "coupon-export": {"get": "settings"},
    "coupon-stop": {"post": "settings", "delete": "settings"},
    "coupon-use": {"post": "log"},
    "coupon-use-undo": {"delete": "log"},
    "coupons": {"get": "settings"},
    "custom-field": {"get": "shape", "post": "shape"},
    "custom-field-add": {"get": "shape", "post": "shape"},
    "custom-field-archive": {"post": "shape", "delete": "shape"},
    "custom-fields": {"get": "shape"},
    "custom-fields-order": {"post": "shape"},
    "day-off-add": {"post": "log"},
    "day-off-remove": {"post": "log", "delete": "log"},
    "demand": {"get": "insights"},
    "demand-count": {"post": "insights"},
    "demo-removal": {"post": "settings"},
    "doors": {"get": "signed"},
    "fact-confirm": {"post": "log"},
    "fact-retire": {"post": "edit", "delete": "edit"},
    "favicon": {"get": "public"},
    "figures-choice": {"post": "insights"},
    "figures-count": {"post": "insights"},
    "file-remove": {"post": "author", "delete": "author"},
    "gift-card": {"get": "log"},
    "gift-card-export": {"get": "settings"},
    "gift-card-extend": {"post": "settings"},
    "gift-card-block": {"post": "settings", "delete": "settings"},
    "gift-card-pay": {"post": "log~"},
    "gift-card-sell": {"get": "log", "post": "log"},
    "gift-cards": {"get": "settings"},
    "gift-move-undo": {"delete": "log"},
    "goal": {"get": "signed"},
    "goal-add": {"get": "insights", "post": "insights"},
    "goal-close": {"post": "insights", "delete": "insights"},
    "goal-edit": {"get": "insights", "post": "insights"},
    "goals": {"get": "signed"},
    "greeting": {"get": "log", "post": "log"},
    "greeting-edit": {"get": "shape", "post": "shape", "delete": "shape"},
    "greeting-preview": {"post": "shape~"},
    "greetings": {"get": "shape"},
    "handed-over": {"get": "signed"},
    "hook": {"post": "public~"},
    "hook-event": {"get": "settings"},
    "hook-event-replay": {"post": "settings"},
    "hook-events": {"get": "settings"},
    "hook-events-replay": {"post": "settings"},
    "import": {"get": "import", "post": "import"},
    "import-discard": {"post": "import~"},
    "import-file": {"get": "import~"},
    "import-mapping": {"get": "import~", "post": "import~"},
    "import-operation": {"get": "import~"},
    "import-orders": {"get": "import", "post": "import"},
    "import-preview": {"get": "import~", "post": "import~"},
    "import-problems": {"get": "import~"},
    "import-products": {"get": "import", "post": "import"},
    "import-progress": {"get": "import~"},
    "import-run": {"post": "import~"},
    "insights": {"get": "insights"},
    "introducer": {"get": "edit", "post": "edit", "delete": "edit"},
    "introducer-pick": {"get": "view"},
    "invitation-withdraw": {"post": "people"},
    "invitations": {"get": "people", "post": "people"},
    "join": {"get": "public", "post": "public"},
    "loyalty-act": {"delete": "log"},
    "loyalty-adjust": {"get": "edit", "post": "edit"},
    "loyalty-card": {"get": "public"},
    "loyalty-card-block": {"post": "edit", "delete": "edit"},
    "loyalty-cards": {"get": "view"},
    "loyalty-give": {"post": "log"},
    "loyalty-preview": {"post": "settings"},
    "loyalty-redeem": {"post": "log"},
    "loyalty-settings": {"get": "settings", "post": "settings"},
    "loyalty-till": {"get": "log"},
    "manifest": {"get": "public"},
    "merge-undo": {"delete": "signed~"},
    "module-switch": {"post": "settings"},
    "modules": {"get": "settings"},
    "moment": {"get": "view"},
    "moment-edit": {"get": "author", "post": "author"},
    "moment-files": {"get": "log", "post": "log"},
    "moment-history": {"get": "view"},
    "moment-people": {"get": "log", "post": "log"},
    "moment-pin": {"post": "log", "delete": "log"},
    "moment-remove": {"post": "author", "delete": "author"},
    "moment-settle": {"post": "log", "delete": "log"},
    "notice-device": {"delete": "signed"},
    "notice-device-try": {"post": "signed"},
    "notice-devices": {"post": "signed"},
    "notice-settings": {"get": "signed", "post": "signed"},
    "notification": {"get": "signed"},
    "notification-read": {"post": "signed", "delete": "signed"},
    "notifications": {"get": "signed"},
    "notifications-read": {"post": "signed"},
    "occasion": {"get": "view"},
    "occasion-rest": {"post": "log", "delete": "log"},
    "occasion-skip": {"get": "log", "post": "log", "delete": "log"},
    "occasion-thank": {"get": "log", "post": "log"},
    "offline": {"get": "public"},
    "opener-ask": {"get": "log", "post": "log", "delete": "log"},
    "operation": {"get": "signed"},
    "operation-cancel": {"post": "signed"},
    "operation-undo": {"post": "edit"},
    "order": {"get": "view"},
    "order-add": {"get": "log", "post": "log"},
    "order-cancel": {"post": "log", "delete": "log"},
    "order-claim": {"get": "log", "post": "log", "delete": "log"},
    "order-edit": {"get": "edit", "post": "edit"},
    "order-export": {"get": "export"},
    "order-keep": {"delete": "delete"},
    "order-refund": {"get": "log", "post": "log", "delete": "log"},
    "orders": {"get": "signed"},
    "palette": {"get": "view"},
    "place-counts": {"get": "signed"},
    "predict": {"post": "settings"},
    "product-add": {"get": "edit", "post": "edit"},
    "product-demand": {"get": "insights"},
    "product-edit": {"get": "edit", "post": "edit"},
    "product-pick": {"get": "signed"},
    "product-retire": {"post": "edit", "delete": "edit"},
    "products": {"get": "signed"},
    "products-demand": {"get": "insights"},
    "profile": {"get": "signed", "post": "signed"},
    "promise": {"get": "view"},
    "promise-add": {"get": "log"},
    "promise-break": {"get": "log", "post": "log", "delete": "log"},
    "promise-evidence": {"get": "log", "post": "log"},
    "promise-export": {"get": "export"},
    "promise-hand-over": {"get": "log", "post": "log"},
    "promise-keep": {"post": "log", "delete": "log"},
    "promise-rates": {"get": "signed"},
    "promise-renegotiate": {"get": "log", "post": "log", "delete": "log"},
    "promise-settings": {"get": "signed", "post": "signed"},
    "promise-withdraw": {"get": "log", "post": "log", "delete": "log"},
    "promises": {"get": "signed"},
    "rate-type": {"post": "settings"},
    "rates": {"get": "settings"},
    "rates-load": {"post": "settings"},
    "referral-landing": {"get": "public", "post": "public"},
    "referral-link": {"post": "log"},
    "referral-panel": {"get": "view"},
    "referral-settings": {"get": "settings", "post": "settings"},
    "referral-tree": {"get": "view"},
    "referral-tree-export": {"get": "export"},
    "referral-undo": {"post": "edit~"},
    "referrals": {"get": "view"},
    "removal": {"delete": "signed~"},
    "report": {"get": "insights"},
    "reward": {"get": "settings", "post": "settings"},
    "reward-add": {"post": "settings"},
    "reward-withdraw": {"post": "settings", "delete": "settings"},
    "risk-word": {"get": "log", "post": "log"},
    "risk-word-withdraw": {"post": "log", "delete": "log"},
    "sample": {"post": "settings"},
    "saved-view": {"get": "signed", "post": "signed", "delete": "signed"},
    "saved-view-add": {"get": "signed", "post": "signed"},
    "search": {"get": "view"},
    "segment": {"get": "signed", "post": "signed", "delete": "signed"},
    "segment-add": {"get": "signed", "post": "signed"},
    "segment-condition": {"get": "signed", "post": "signed"},
    "segment-conditions": {"get": "signed"},
    "segment-count": {"post": "signed"},
    "segment-list": {"post": "signed", "delete": "signed"},
    "segment-rule": {"post": "signed"},
    "segments": {"get": "signed"},
    "service-worker": {"get": "public"},
    "session-end": {"post": "signed~"},
    "settings": {"get": "signed"},
    "setup": {"get": "public", "post": "public"},
    "source": {"get": "shape", "post": "shape", "delete": "shape"},
    "sources": {"get": "shape", "post": "shape"},
    "sources-order": {"post": "shape"},
    "stage": {"get": "shape", "post": "shape", "delete": "shape"},
    "stages": {"get": "shape", "post": "shape"},
    "stages-order": {"post": "shape"},
    "starter-dismiss": {"post": "signed", "delete": "signed"},
    "tag": {"get": "shape", "post": "shape", "delete": "shape"},
    "tag-merge": {"get": "shape", "post": "shape"},
    "tag-pick": {"get": "view"},
    "tags": {"get": "shape", "post": "shape"},
    "task": {"get": "signed"},
    "task-add": {"get": "log", "post": "log"},
    "task-complete": {"post": "log", "delete": "log"},
    "task-edit": {"get": "log", "post": "log"},
    "task-line": {"post": "log"},
    "task-put-off": {"post": "log"},
    "task-remove": {"post": "log", "delete": "log~"},
    "task-tick": {"post": "log", "delete": "log"},
    "tasks": {"get": "signed"},
    "team": {"get": "people", "post": "people", "delete": "people"},
    "teams": {"get": "people", "post": "people"},
    "thanks": {"get": "view"},
    "thanks-export": {"get": "export"},
    "thanks-figures": {"get": "view"},
    "thanks-given": {"get": "view"},
    "thanks-settings": {"get": "settings", "post": "settings"},
    "thanks-take-back": {"post": "log"},
    "tier-count": {"post": "settings"},
    "tier-settings": {"get": "settings", "post": "settings"},
    "timeline": {"get": "view"},
    "today": {"get": "signed"},
    "unclaimed": {"get": "signed"},
    "unclaimed-add": {"post": "edit"},
    "unclaimed-claim": {"get": "log", "post": "log", "delete": "log"},
    "value": {"get": "view"},
    "why": {"get": "public~", "post": "public~"},
    "why-sort": {"post": "log"},
    "winback-words": {"get": "shape"},
    "winback-words-edit": {"get": "shape", "post": "shape", "delete": "shape"},
    "winback-words-preview": {"post": "shape~"},
    "winback": {"get": "view"},
    "winback-ask": {"get": "log", "post": "log"},
    "winback-reasons": {"get": "view"},
    "winback-tried": {"get": "view"},
    "winback-try": {"get": "log", "post": "log"},
    "working-hours": {"get": "log", "post": "log"},
    "working-hours-of": {"get": "log", "post": "log"},
}
ONLY_FOR_DEVELOPERS = {"styleguide", "styleguide-specimen"}
LINES = [(name, method, needs) for name, methods in TABLE.items() for method, needs in methods.items()]


def test_every_address_is_in_the_table() -> None:
    known = set(TABLE) | ONLY_FOR_DEVELOPERS
    names = set(all_names())
    assert names - known == set(), "write who may open these into TABLE"
    assert known - names == set(), "these are gone: take them out of TABLE"


@pytest.fixture(scope="module")
def one_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all addresses, taken back at the end: each test takes back what it did itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield with_sign_ins(make_world())
        transaction.set_rollback(True)


def with_sign_ins(world: World) -> World:
    """The world, with everybody signed in once for all addresses."""
    for user in world.users.values():
        client = Client()
        client.force_login(user)
        world.cookies[user.pk] = client.cookies.output(header="", sep=";")
    return world


@pytest.fixture
def world(one_world: World, db: None) -> World:
    return one_world


def ask(world: World, name: str, method: str, user: User | None) -> HttpResponseBase:
    """Ask for an address, and take back whatever that did."""
    client = Client(raise_request_exception=False)
    client.cookies.load(world.cookies[user.pk] if user else "")
    begun = transaction.savepoint()
    arguments = world.arguments(name, user or world.users["owner"])
    if not arguments and name not in NO_ARGUMENTS:
        arguments = {"pk": 1_000_000}
    answer: HttpResponseBase = getattr(client, method)(reverse(name, kwargs=arguments))
    transaction.savepoint_rollback(begun)
    return answer


NO_ARGUMENTS = {
    name
    for name in TABLE
    if name in ("import-orders", "import-products")
    or not name.startswith(("import-", "merge-undo", "removal", "session-end"))
}


def to_sign_in(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/?next=")


def may(role: str, needs: str) -> bool:
    if needs in ("signed", "public"):
        return True
    if needs == "author":
        return role in ("owner", "manager", "member")
    return needs in CAPABILITIES[Role(role)]


@pytest.mark.parametrize(("name", "method", "needs"), LINES, ids=[f"{name}-{method}" for name, method, _ in LINES])
def test_each_role_gets_in_where_the_table_says_so(world: World, name: str, method: str, needs: str) -> None:
    nothing_there, needs = needs.endswith("~"), needs.rstrip("~")
    for role in ROLES:
        answer = ask(world, name, method, world.users[role])
        if not may(role, needs):
            assert answer.status_code in ((403, 404) if nothing_there else (403,)), f"{role}: {answer.status_code}"
            continue
        allowed = (200, 204, 302, 303, 422, 404) if nothing_there else (200, 204, 302, 303, 422)
        assert answer.status_code in allowed, f"{role}: {answer.status_code}"
        assert not to_sign_in(answer)
    visitor = ask(world, name, method, None)
    assert to_sign_in(visitor) is (needs != "public")


HOLDERS_OF_A_CONTACT = sorted(
    ({*CONTACT_NAMES, "contact-section", "contact-row-add", "contact-row", "fact-confirm", "fact-retire", "opener-ask"})
    & set(TABLE)
)


@pytest.mark.parametrize("name", HOLDERS_OF_A_CONTACT)
def test_a_contact_one_may_not_know_of_does_not_exist(world: World, name: str) -> None:
    arguments = {**world.arguments(name, world.users["member"]), "pk": world.hidden.pk}
    for method in TABLE[name]:
        for role in ("member", "front_desk", "reader"):
            client = Client()
            client.force_login(world.users[role])
            answer = getattr(client, method)(reverse(name, kwargs=arguments))
            assert answer.status_code == 404, f"{method} as {role}"
            assert b"Secret Guest" not in b"".join(answer)


def test_owners_and_managers_know_of_every_contact(world: World) -> None:
    for role in ("owner", "manager"):
        client = Client()
        client.force_login(world.users[role])
        assert client.get(f"/contacts/{world.hidden.pk}/").status_code == 200
