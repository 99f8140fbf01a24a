"""What the app tells a colleague."""

from typing import Any

import pytest
from django.test import Client

from regulars.access import notices
from regulars.access.models import Notification, User
from regulars.access.tests.factories import make_user

pytestmark = pytest.mark.django_db


def tell(user: User, text: str = "Rui mentioned you", url: str = "/notifications/", **fields: Any) -> Notification:
    return Notification.objects.create(user=user, text=text, url=url, **fields)


def test_unread_ones_are_counted_in_the_shell_and_opening_one_reads_it(client: Client) -> None:
    user = make_user()
    first, _second = tell(user), tell(user, "An import has ended")
    client.force_login(user)
    page = client.get("/notifications/").text
    assert "An import has ended" in page
    assert '<span class="count">2</span>' in page
    assert client.get(f"/notifications/{first.pk}/").headers["Location"] == "/notifications/"
    first.refresh_from_db()
    assert first.read_at
    assert notices.unread_count(user) == 1


def test_all_are_read_at_once(client: Client) -> None:
    user = make_user()
    tell(user)
    tell(user)
    client.force_login(user)
    assert client.post("/notifications/reading/").headers["Location"] == "/notifications/"
    assert notices.unread_count(user) == 0
    assert client.get("/notifications/reading/").status_code == 405


def test_those_of_others_do_not_exist(client: Client) -> None:
    theirs = tell(make_user())
    client.force_login(make_user(role="owner"))
    assert client.get(f"/notifications/{theirs.pk}/").status_code == 404
    assert "Rui mentioned you" not in client.get("/notifications/").text
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_a_notification_never_leads_to_another_site(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    odd = tell(user, url="https://evil.example/")
    assert client.get(f"/notifications/{odd.pk}/").headers["Location"] == "/notifications/"


def test_older_ones_come_by_pages_without_gaps_or_doubles(client: Client) -> None:
    user = make_user()
    for number in range(120):
        tell(user, f"News {number:03}")
    client.force_login(user)
    seen: list[str] = []
    address = "/notifications/"
    while address:
        page = client.get(address, headers={"HX-Request": "true"} if seen else {})
        rows = page.context["page"]
        seen += [row.text for row in rows.rows]
        address = f"/notifications/?after={rows.after}" if rows.after else ""
    assert seen == [f"News {number:03}" for number in reversed(range(120))]


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    make_user()
    assert client.get("/notifications/").status_code == 302
