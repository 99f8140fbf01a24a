"""The bin: thrown away, taken back, gone for good after 30 days."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regulars.access.models import AuditEvent
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.binning import empty_bins
from regulars.contacts.models import Company, Contact
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.contacts.tests.pages import sign_in
from regulars.timeline.models import Entry

pytestmark = pytest.mark.django_db


def test_a_contact_goes_to_the_bin_and_comes_back() -> None:
    owner = make_user()
    maya, client = make_contact("Maya", owner=owner), sign_in(owner)
    answer = client.post(f"/contacts/{maya.pk}/binning/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/contacts/"
    assert client.get(f"/contacts/{maya.pk}/").status_code == 404
    assert "Maya" not in client.get("/contacts/pick/?q=maya").content.decode()
    assert "Maya" in client.get("/bin/").content.decode()
    assert client.delete(f"/contacts/{maya.pk}/binning/").status_code == 200
    assert client.get(f"/contacts/{maya.pk}/").status_code == 200
    assert client.delete(f"/contacts/{maya.pk}/binning/").status_code == 404
    verbs = list(AuditEvent.objects.filter(object_id=maya.pk).order_by("pk").values_list("verb", flat=True))
    assert [verb for verb in verbs if verb != "saw"] == ["added", "binned", "restored"]


def test_a_company_goes_to_the_bin_and_its_people_stay() -> None:
    owner = make_user()
    lumen = make_company("Lumen", by=owner)
    maya, client = make_contact("Maya", owner=owner, company=lumen), sign_in(owner)
    client.post(f"/companies/{lumen.pk}/binning/")
    client.get("/")  # takes the toast, which names it
    assert "Lumen" not in client.get(f"/contacts/{maya.pk}/").content.decode()
    assert "Lumen" in client.get("/bin/companies/").content.decode()
    client.delete(f"/companies/{lumen.pk}/binning/")
    assert "Lumen" in client.get(f"/contacts/{maya.pk}/").content.decode()


def test_removed_moments_stand_in_the_bin() -> None:
    owner = make_user()
    maya = make_contact("Maya", owner=owner)
    make_entry(maya, by=owner, text="A slip of the pen").remove(by=owner)
    text = sign_in(owner).get("/bin/moments/").content.decode()
    assert "A slip of the pen" in text
    assert "Maya" in text


def test_nobody_sees_hidden_ones_in_the_bin_and_only_some_may_throw_away() -> None:
    boss = make_user()
    hidden, seen = make_contact("Hidden", owner=boss, visibility="owner"), make_contact("Seen", owner=boss)
    make_entry(hidden, by=boss, text="Hidden words").remove(by=boss)
    sign_in(boss).post(f"/contacts/{hidden.pk}/binning/")
    stranger = sign_in(make_user())
    assert "Hidden" not in stranger.get("/bin/").content.decode()
    assert "Hidden" not in stranger.get("/bin/moments/").content.decode()
    assert stranger.delete(f"/contacts/{hidden.pk}/binning/").status_code == 404
    assert sign_in(make_user(role="front_desk")).post(f"/contacts/{seen.pk}/binning/").status_code == 403
    assert sign_in(make_user(role="reader")).get("/bin/").status_code == 403
    assert stranger.get(f"/contacts/{seen.pk}/binning/").status_code == 405


def test_after_30_days_it_is_gone_for_good_with_what_concerned_only_it() -> None:
    owner = make_user()
    maya, rui = make_contact("Maya", owner=owner), make_contact("Rui", owner=owner)
    alone, shared = make_entry(maya, by=owner), make_entry(maya, rui, by=owner)
    lumen = make_company("Lumen", by=owner)
    long_ago = timezone.now() - timedelta(days=31)
    Contact.objects.filter(pk=maya.pk).update(binned_at=long_ago)
    Company.objects.filter(pk=lumen.pk).update(binned_at=timezone.now() - timedelta(days=29))
    assert empty_bins() == 1
    assert not Contact.objects.filter(pk=maya.pk).exists()
    assert set(Entry.objects.values_list("pk", flat=True)) == {shared.pk}
    assert alone.pk != shared.pk
    assert Company.objects.filter(pk=lumen.pk).exists()


@pytest.mark.sqlite
def test_an_hour_with_nothing_to_delete_walks_through_no_table() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert empty_bins() == 0
    plans: list[str] = []
    with connection.cursor() as database:
        for query in asked:
            if query["sql"].startswith("SELECT"):
                database.execute("EXPLAIN QUERY PLAN " + query["sql"])
                plans += [str(step[3]) for step in database.fetchall()]
    assert len(plans) >= 6
    assert not [step for step in plans if "_removed (removed_at<?)" not in step and "_binned (binned_at<?)" not in step]
