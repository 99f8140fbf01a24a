"""The audit log: who did, changed, exported or saw what; to read, never to edit."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from regulars.access.models import AuditEvent, User
from regulars.access.models.audit import audit, audit_unlocked, audit_view
from regulars.access.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def locked() -> None:
    """As outside of tests: the triggers are on guard."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_audit_unlocked")


@pytest.fixture
def owner() -> User:
    return make_user("Nora Pine", role="owner")


@pytest.mark.usefixtures("locked")
def test_the_database_refuses_to_delete_or_change_a_line(owner: User) -> None:
    event = audit("added", by=owner, kind="contact", object_id=5, title="Maya", changes={"name": ["", "Maya"]})
    for change in (
        {"verb": "saw"},
        {"actor": None},
        {"title": "Somebody else"},
        {"changes": {"name": ["", "Rui"]}},
        {"at": timezone.now() - timedelta(days=9)},
        {"address": "10.0.0.1"},
        {"object_id": 6},
        {"kind": "company"},
    ):
        with pytest.raises(DatabaseError, match="can't be changed"), transaction.atomic():
            AuditEvent.objects.filter(pk=event.pk).update(**change)
    with pytest.raises(DatabaseError, match="can't be changed"), transaction.atomic():
        event.delete()
    event.refresh_from_db()
    assert (event.verb, event.title) == ("added", "Maya")


@pytest.mark.usefixtures("locked")
def test_the_erasure_of_a_person_may_blank_what_names_them(owner: User) -> None:
    event = audit("added", by=owner, kind="contact", object_id=5, title="Maya", changes={"name": ["", "Maya"]})
    AuditEvent.objects.filter(kind="contact", object_id=5).update(title="", changes={})
    event.refresh_from_db()
    assert (event.title, event.changes, event.verb) == ("", {}, "added")


@pytest.mark.usefixtures("locked")
def test_a_restore_may_empty_it_and_the_guard_is_back_afterwards(owner: User) -> None:
    audit("added", by=owner)
    with audit_unlocked("restore"):
        AuditEvent.objects.all().delete()
    event = audit("added", by=owner)
    with pytest.raises(DatabaseError, match="can't be changed"), transaction.atomic():
        event.delete()


def test_seeing_a_contact_is_written_once_an_hour_and_costs_nothing_after(
    owner: User, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert audit_view(owner, "contact", 5, "Maya", address="10.0.0.9")
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert not audit_view(owner, "contact", 5, "Maya")
    assert audit_view(owner, "contact", 6, "Rui")
    assert audit_view(make_user(), "contact", 5, "Maya")
    assert AuditEvent.objects.filter(verb="saw", object_id=5).count() == 2


def test_managers_and_owners_filter_it_by_person_verb_object_and_day(client: Client, owner: User) -> None:
    rui = make_user("Rui Prado")
    audit("exported", by=rui, kind="contact", title="All regulars")
    audit("added", by=owner, kind="company", title="Lumen Studios")
    client.force_login(make_user(role="manager"))

    def page(**wanted: object) -> str:
        return client.get("/settings/audit/", {key: str(value) for key, value in wanted.items()}).text

    assert "All regulars" in page()
    assert "Lumen Studios" in page()
    assert "Lumen Studios" not in page(who=rui.pk)
    assert "All regulars" not in page(verb="added")
    assert "All regulars" not in page(kind="company")
    today = timezone.localdate()
    assert "All regulars" in page(since=today, until=today)
    assert "Nothing like that" in page(until=today - timedelta(days=1))
    assert client.get("/settings/audit/", {"since": "31 Feb"}).status_code == 422
    assert client.get("/settings/audit/", {"after": "nonsense"}).status_code == 200


def test_pages_have_neither_gaps_nor_doubles_even_within_one_moment(client: Client, owner: User) -> None:
    AuditEvent.objects.bulk_create([AuditEvent(verb="saw", actor=owner, title=f"N{n}") for n in range(130)])
    client.force_login(owner)
    seen: list[int] = []
    after = ""
    for _ in range(3):
        page = client.get("/settings/audit/", {"verb": "saw", "after": after}).context["page"]
        seen += [row.pk for row in page.rows]
        after = page.after
    assert after == ""
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 130


def test_the_download_holds_what_was_chosen_harmless_for_spreadsheets(client: Client, owner: User) -> None:
    audit("added", by=owner, kind="contact", title="=HYPERLINK(1)", changes={"name": [None, "@SUM"]})
    audit("saw", by=owner, kind="company", title="Not wanted")
    client.force_login(owner)
    answer = client.get("/settings/audit/download/", {"kind": "contact"})
    text = answer.getvalue().decode()
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="audit-')
    assert "'=HYPERLINK(1)" in text
    assert "Not wanted" not in text
    assert AuditEvent.objects.filter(verb="exported", kind="audit log", actor=owner).exists()


def test_nobody_else_may_read_it_and_nobody_may_write_it(client: Client, owner: User) -> None:
    for role in ("member", "front_desk", "reader"):
        client.force_login(make_user(role=role))
        assert client.get("/settings/audit/").status_code == 403
        assert client.get("/settings/audit/download/").status_code == 403
    client.force_login(owner)
    for method in (client.post, client.put, client.delete):
        assert method("/settings/audit/").status_code == 405


def test_a_german_reader_reads_it_in_german_and_filters_by_the_words_that_are_kept(client: Client, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(language="de")
    audit("saw", by=owner, kind="contact", object_id=5, title="Maya")
    audit("juggled", by=owner, kind="circus", object_id=6, title="Rui")  # from a later version
    client.force_login(owner)
    page = client.get("/settings/audit/?verb=saw").text
    assert "</b> sah <span>Maya</span>" in page
    assert '<span class="quiet">Kontakt</span>' in page
    assert '<option value="saw" selected>sah</option>' in page
    assert "juggled" in client.get("/settings/audit/").text
