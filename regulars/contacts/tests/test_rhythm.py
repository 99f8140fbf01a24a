"""How often somebody is in touch: kept when they are, wished for, healed; and who is overdue."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import Organisation, User
from regulars.access.tests.factories import make_user
from regulars.contacts import moments, rhythm
from regulars.contacts.actions import Moment, log_moment
from regulars.contacts.actions.merging import merge
from regulars.contacts.models import Contact, Involvement, Rhythm, Segment
from regulars.contacts.segments.jobs import heal_rhythms, spread_segment_rhythms
from regulars.contacts.tests.factories import make_contact, make_entry
from regulars.contacts.tests.pages import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    Organisation.objects.create(name="Harbor & Pine", modules=["segments", "rhythm", "dates"])
    return make_user("Inês Duarte", role="manager")


@pytest.fixture
def maya(ines: User) -> Contact:
    """Came every ten days, and last 30 days ago."""
    maya = make_contact("Maya Okafor", owner=ines)
    visits(maya, 60, 50, 40, 30)
    return maya


def visits(contact: Contact, *days_ago: int) -> None:
    for days in days_ago:
        make_entry(contact, kind="visit", occurred_at=timezone.now() - timedelta(days=days))


def kept(contact: Contact) -> Rhythm:
    return Rhythm.objects.get(contact=contact)


def test_a_rhythm_is_kept_as_people_come(maya: Contact, ines: User) -> None:
    today = timezone.localdate()
    assert (kept(maya).usual_days, kept(maya).days, kept(maya).owner_id) == (10, 4, ines.pk)
    assert kept(maya).due_on == today - timedelta(days=20)
    assert kept(maya).overdue_from == today - timedelta(days=14)  # half as long again is still fine
    assert kept(maya).overdue_by(today) == 20
    page = sign_in(ines).get(maya.get_absolute_url()).content.decode()
    assert "Overdue by 20 days" in page
    visits(maya, 0)
    assert kept(maya).overdue_by(today) == 0
    assert "Overdue" not in sign_in(ines).get(maya.get_absolute_url()).content.decode()


def test_notes_are_no_contact(maya: Contact) -> None:
    make_entry(maya, kind="note")
    assert kept(maya).overdue_by(timezone.localdate()) == 20


def test_logging_costs_two_queries_more(maya: Contact, ines: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        rhythm.keep([maya])
    with django_assert_num_queries(1):
        rhythm.keep([Contact(pk=maya.pk + n) for n in range(20)])


def test_a_wish_wins_to_the_day(maya: Contact, ines: User) -> None:
    client = sign_in(ines)
    assert "every 10 days" in client.get(reverse("contact-rhythm", args=[maya.pk])).content.decode()
    client.post(reverse("contact-rhythm", args=[maya.pk]), {"every": 6, "unit": "weeks"})
    assert (kept(maya).wish_days, kept(maya).every, kept(maya).usual_days) == (42, 42, 10)
    assert kept(maya).overdue_by(timezone.localdate()) == 0
    visits(maya, 1)
    assert kept(maya).wish_days == 42  # being in touch does not forget it
    client.post(reverse("contact-rhythm", args=[maya.pk]), {"every": 2, "unit": "weeks"})
    assert kept(maya).overdue_by(timezone.localdate() + timedelta(days=14)) == 1
    assert client.post(reverse("contact-rhythm", args=[maya.pk]), {"every": 9999, "unit": "months"}).status_code == 422
    client.post(reverse("contact-rhythm", args=[maya.pk]), {"every": "", "unit": "weeks"})
    assert kept(maya).wish_days is None
    stranger = make_contact("New Person", owner=ines)
    client.post(reverse("contact-rhythm", args=[stranger.pk]), {"every": 3, "unit": "days"})
    assert kept(stranger).due_on == timezone.localdate() + timedelta(days=3)  # from the day we got to know them


def test_removing_and_changing_a_moment_moves_it(maya: Contact, ines: User) -> None:
    entry = make_entry(maya, kind="visit", by=ines)
    assert kept(maya).days == 5
    moments.remove_moment(entry, by=ines)
    assert (kept(maya).days, kept(maya).overdue_by(timezone.localdate())) == (4, 20)
    moments.bring_back_moment(entry)
    assert kept(maya).days == 5


def test_the_job_heals_what_others_left_behind(maya: Contact, ines: User) -> None:
    imported = make_contact("Imported Person", owner=ines)
    rows = Involvement.objects.filter(contact=maya).values_list("entry_id", "occurred_at", "kind")
    Involvement.objects.bulk_create(
        Involvement(contact=imported, entry_id=pk, occurred_at=at, kind=kind) for pk, at, kind in rows
    )
    Contact.objects.filter(pk=imported.pk).update(last_contact_at=timezone.now() - timedelta(days=30))
    gone = make_contact("Gone Quiet", owner=ines)
    visits(gone, 3, 2)
    Involvement.objects.filter(contact=gone).delete()
    rhythm.forget([gone.pk])
    rui = make_user("Rui Silva")
    Contact.objects.filter(pk=maya.pk).update(owner=rui)
    heal_rhythms()
    assert kept(imported).usual_days == 10
    assert not Rhythm.objects.filter(contact=gone).exists()
    assert kept(maya).owner_id == rui.pk
    heal_rhythms()
    assert rhythm.heal() == 0  # nothing left to do


def test_a_merge_and_its_undo_settle_the_rhythm(maya: Contact, ines: User) -> None:
    from regulars.access import operations

    twin = make_contact("M. Okafor", owner=ines)
    visits(twin, 5)
    operation = merge(maya, twin, {}, by=ines)
    assert kept(maya).days == 5
    operations.request_undo(operation, by=ines)
    operations.run(operation)
    assert kept(maya).days == 4


def test_the_list_shows_sorts_and_filters_by_rhythm(maya: Contact, ines: User) -> None:
    fine = make_contact("Fine Person", owner=ines)
    visits(fine, 30, 20, 10, 1)
    unknown = make_contact("New Person", owner=ines)
    client = sign_in(ines)
    page = client.get(reverse("contacts") + "?columns=name,rhythm&sort=rhythm")
    assert page.context["page"].ids == [maya.pk, fine.pk, unknown.pk]
    assert "Overdue by 20 days" in page.content.decode()
    assert "every 10 days" in page.content.decode()

    def found(**said: Any) -> list[int]:
        query = "&".join(f"rhythm.{name}={value}" for name, value in said.items())
        ids: list[int] = client.get(f"{reverse('contacts')}?{query}").context["page"].ids
        return ids

    assert found(state="overdue") == [maya.pk]
    assert found(state="overdue", days=20) == [maya.pk]
    assert found(state="overdue", days=21) == []
    assert found(state="fine") == [fine.pk]
    assert found(state="none") == [unknown.pk]


def test_a_segment_gives_its_rhythm_where_none_is_known(maya: Contact, ines: User) -> None:
    unknown = make_contact("New Person", owner=ines)
    make_entry(unknown, kind="visit", occurred_at=timezone.now() - timedelta(days=20))
    segment = Segment.objects.create(owner=ines, name="All", rule={"all": []}, rhythm_days=14)
    spread_segment_rhythms()
    assert (kept(unknown).every, kept(unknown).overdue_by(timezone.localdate())) == (14, 6)
    assert kept(maya).every == 10
    make_entry(unknown, kind="visit")
    assert kept(unknown).segment_days == 14
    segment.delete()
    spread_segment_rhythms()
    assert kept(unknown).every == 0


def test_many_people_in_one_moment_are_left_to_the_job(ines: User) -> None:
    people = [make_contact(owner=ines) for _ in range(7)]
    for days in (4, 3, 2, 1):
        at = timezone.now() - timedelta(days=days)
        log_moment(Moment("Tasting", kind="visit", contacts=people, occurred_at=at), by=ines)
    heal_rhythms()
    assert Rhythm.objects.filter(usual_days=1).count() == 7
