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


def test_reading_all_can_be_taken_back_for_just_those(client: Client) -> None:
    user = make_user()
    before, _new = tell(user), tell(user)
    before.read()
    client.force_login(user)
    client.post("/notifications/reading/")
    at = Notification.objects.exclude(pk=before.pk).get().read_at
    assert at
    assert client.delete("/notifications/reading/", query_params={"at": at.isoformat()}).status_code == 204
    assert notices.unread_count(user) == 1
    assert client.delete("/notifications/reading/?at=soon").status_code == 404


def test_one_is_read_where_it_stands_and_new_again(client: Client) -> None:
    user = make_user()
    one = tell(user)
    client.force_login(user)
    row = client.post(f"/notifications/{one.pk}/reading/", headers={"HX-Request": "true"}).text
    assert "Mark as new" in row
    assert "<html" not in row
    assert notices.unread_count(user) == 0
    assert "Mark as read" in client.delete(f"/notifications/{one.pk}/reading/", headers={"HX-Request": "true"}).text
    assert notices.unread_count(user) == 1


def test_the_numbers_come_anew_with_one_query_and_not_at_all_when_nothing_changed(
    client: Client, django_assert_num_queries: Any
) -> None:
    user = make_user()
    tell(user)
    client.force_login(user)
    with django_assert_num_queries(4):  # the session, the colleague, the business, the numbers
        first = client.get("/notifications/count/")
    assert first.json()["/notifications/"] == "1"
    known = {"If-None-Match": first.headers["ETag"]}
    same = client.get("/notifications/count/", headers=known)
    assert (same.status_code, same.content) == (304, b"")
    tell(user)
    assert client.get("/notifications/count/", headers=known).json()["/notifications/"] == "2"


def test_each_kind_is_listed_alone_and_switched_off(client: Client) -> None:
    user = make_user()
    tell(user, "Rui mentioned you", kind="mention")
    tell(user, "An import has ended", kind="operation")
    client.force_login(user)
    assert "An import" not in client.get("/notifications/?kind=mention").text
    assert 'name="kind-mention"' in client.get("/settings/notifications/").text
    client.post("/settings/notifications/", {"kind-operation": "on"})
    assert user.notice_settings.kinds["mention"] is False
    assert user.notice_settings.kinds["operation"] is True
    assert notices.notify([user], kind="mention", text="Hello") == 0
    assert client.post("/settings/notifications/", {"digest_at": "25:00"}).status_code == 422


def test_those_of_others_do_not_exist(client: Client) -> None:
    theirs = tell(make_user())
    client.force_login(make_user(role="owner"))
    assert client.get(f"/notifications/{theirs.pk}/").status_code == 404
    assert client.post(f"/notifications/{theirs.pk}/reading/").status_code == 404
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
