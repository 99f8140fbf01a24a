"""Who brought whom: one introducer each, no circles, one truth with the source, and a tree that is counted."""

import threading
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import signing
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from regulars.access.models import Notification, User
from regulars.access.tests.factories import make_user
from regulars.contacts.actions.bringing import ReferralLoop, bring, forget_introducer, mend_totals
from regulars.contacts.actions.erasing import erase_contact
from regulars.contacts.actions.merging import merge, undo_merge
from regulars.contacts.jobs import mend_introducers
from regulars.contacts.models import Contact, IntroducerTotal, Referral, ReferralSettings
from regulars.contacts.referrals.introducers import top_introducers
from regulars.contacts.referrals.reading import code_of, introducer_for
from regulars.contacts.referrals.tree import Tree
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.contacts.tests.pages import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return make_user("Inês Duarte", role="owner")


def chain(by: User, *names: str) -> list[Contact]:
    """People of whom each brought the next."""
    people = [make_contact(name, by=by) for name in names]
    for introducer, newcomer in pairwise(people):
        bring(newcomer, introducer, by=by)
    return people


def test_the_source_of_a_contact_and_a_referral_are_one_truth(ines: User) -> None:
    tomas, ana = make_contact("Tomás Reis", by=ines), make_contact("Ana Lima", by=ines)
    maya = make_contact("Maya Okafor", by=ines, profile={"source_contact": tomas})
    assert Referral.objects.get(contact=maya).introducer == tomas
    maya.revise({"source_contact": ana.pk}, expected_version=maya.version, by=ines)
    assert Referral.objects.get(contact=maya).introducer == ana
    page = sign_in(ines).get(maya.get_absolute_url()).content.decode()
    assert "came through" in page
    assert page.count("Came through</b>") == 2, "the timeline keeps what was said before"
    assert "Brought</b>" in sign_in(ines).get(tomas.get_absolute_url()).content.decode()
    maya.refresh_from_db()
    maya.revise({"source_contact": None}, expected_version=maya.version, by=ines)
    assert not Referral.objects.filter(contact=maya).exists()
    assert not IntroducerTotal.objects.exists()


def test_companies_colleagues_and_partners_bring_people_too(ines: User) -> None:
    lumen, norte = make_company("Lumen Studios", by=ines), make_company("Studio Norte", by=ines)
    maya = make_contact("Maya Okafor", by=ines)
    for introducer in (lumen, ines, "Bairro tours"):
        bring(maya, introducer, by=ines)
        assert Referral.objects.get(contact=maya).introducer == introducer
    bring(norte, maya, by=ines)
    assert [top.key for top in top_introducers(ines)] == ["partner-Bairro tours", f"contact-{maya.pk}"]
    assert Tree("Bairro tours", ines).top.people == 2


def test_nobody_comes_through_themselves(ines: User) -> None:
    a, b, c = chain(ines, "A", "B", "C")
    for newcomer, introducer in ((a, c), (a, b), (a, a)):
        with pytest.raises(ReferralLoop):
            bring(newcomer, introducer, by=ines)
    with pytest.raises(ReferralLoop):
        a.revise({"source_contact": c.pk}, expected_version=a.version, by=ines)
    answer = sign_in(ines).post(
        reverse("introducer", args=[a.pk]), {"introducer": f"contact-{c.pk}", "how": "told", "day": "2026-01-01"}
    )
    assert answer.status_code == 422
    assert "circle" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_crossing_introducers_set_at_once_one_is_refused(ines: User) -> None:
    a, b = make_contact("A", by=ines), make_contact("B", by=ines)
    both, outcomes = threading.Barrier(2), []

    def say(newcomer: Contact, introducer: Contact) -> None:
        try:
            both.wait(5)
            bring(newcomer, introducer, by=ines)
            outcomes.append("said")
        except ReferralLoop:
            outcomes.append("refused")
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":  # the tests' database lives in this connection: the transaction alone decides
        with transaction.atomic():
            bring(a, b, by=ines)
        with pytest.raises(ReferralLoop):
            bring(b, a, by=ines)
        return
    threads = [threading.Thread(target=say, args=pair) for pair in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "said"]


def test_the_tree_counts_what_one_may_know_of_and_costs_the_same_at_any_size(
    ines: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tomas, maya, norte, _last = chain(ines, "Tomás", "Maya", "Norte", "Last")
    secret = make_contact("Secret", by=ines, visibility="owner")
    below = make_contact("Below", by=ines)
    bring(secret, tomas, by=ines)
    bring(below, secret, by=ines)
    stranger = make_user(role="member")
    assert Tree(tomas, ines).top.people == 5
    assert Tree(tomas, stranger).top.people == 4
    client = sign_in(stranger)
    url = reverse("referral-tree", args=[f"contact-{tomas.pk}"])
    page = client.get(url).content.decode()
    assert "Secret" not in page
    assert "Somebody else" in page
    assert 'aria-level="3"' in page
    assert "Norte" in client.get(f"{url}?under=contact-{maya.pk}").content.decode()
    assert client.get(reverse("referral-tree", args=[f"contact-{secret.pk}"])).status_code == 404

    def look() -> None:
        Tree(tomas, stranger).picture()

    with django_assert_num_queries(5):  # three, and two for what its branches bought
        look()
    for number in range(40):
        bring(make_contact(f"P{number}", by=ines), norte, by=ines)
    with django_assert_num_queries(5):
        look()


def test_the_tree_leaves_as_picture_and_table(ines: User) -> None:
    tomas, *_others = chain(ines, "Tomás & Co", "=Maya", "Norte")
    url = reverse("referral-tree-export", args=[f"contact-{tomas.pk}"])
    svg = b"".join(sign_in(ines).get(f"{url}?format=svg")).decode()
    assert "Tomás &amp; Co" in svg
    assert svg.count("<path") == 2
    csv = b"".join(sign_in(ines).get(f"{url}?format=csv")).decode()
    assert "1,'=Maya,Tomás & Co," in csv
    assert "2,Norte,=Maya" not in csv
    assert sign_in(ines).get(f"{url}?format=exe").status_code == 404
    assert sign_in(make_user(role="reader")).get(url).status_code == 403


def test_merging_takes_the_branches_along_and_undo_brings_them_back(ines: User) -> None:
    a, b, c = chain(ines, "A", "B", "C")  # A brought B, B brought C
    d = make_contact("D", by=ines)
    bring(d, c, by=ines)
    merge(a, c, {}, by=ines)  # C came through B, who came through A: no circle may be left
    assert not Referral.objects.filter(contact=a).exists()
    assert Tree(a, ines).top.people == 2
    assert Referral.objects.get(contact=d).introducer == a
    operation = ines.operations.latest("pk")
    undo_merge(operation)
    assert Referral.objects.get(contact=d).introducer == c
    assert Referral.objects.get(contact=c).introducer == b
    assert Tree(a, ines).top.people == 3


def test_an_introducer_that_gives_way_in_a_merge_comes_back_with_undo(ines: User) -> None:
    a, b, c, d = (make_contact(name, by=ines) for name in "ABCD")
    bring(a, c, by=ines)
    bring(b, d, by=ines)
    operation = merge(a, b, {"source_contact": "other"}, by=ines)
    assert Referral.objects.get(contact=a).introducer == d
    undo_merge(operation)
    assert {r.contact: r.introducer for r in Referral.objects.all()} == {a: c, b: d}


def test_erasing_takes_a_person_out_of_every_tree(ines: User) -> None:
    a, b, c = chain(ines, "A", "B", "C")
    code = code_of(b)
    erase_contact(b, by=ines)
    assert not Referral.objects.exists()
    assert introducer_for(code) is None
    assert Tree(a, ines).top.people == 0
    assert str(c) == "C"
    IntroducerTotal.objects.create(contact=a, people=7)
    mend_introducers()
    assert not IntroducerTotal.objects.exists()


def test_kept_totals_are_mended_a_few_at_a_time(ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.contacts.actions.bringing.MENDED_TOGETHER", 2)
    a, *_others, d = chain(ines, "A", "B", "C", "D")
    newcomers = [make_contact(f"Newcomer {n}", by=ines) for n in range(3)]
    for newcomer, introducer in zip(newcomers, (a, ines, "Walking tours"), strict=True):
        bring(newcomer, introducer, by=ines)
    right = set(IntroducerTotal.objects.values_list("contact", "user", "partner", "people"))
    assert {row[3] for row in right} == {1, 2}
    assert mend_totals() == 0
    IntroducerTotal.objects.filter(contact=a).update(people=9)
    IntroducerTotal.objects.exclude(contact=a).delete()
    IntroducerTotal.objects.create(contact=d, people=4)
    assert mend_totals() == 6
    assert set(IntroducerTotal.objects.values_list("contact", "user", "partner", "people")) == right


def test_who_brought_somebody_is_set_changed_and_taken_back_on_their_page(ines: User) -> None:
    maya, tomas = make_contact("Maya", by=ines), make_contact("Tomás", by=ines)
    client, url = sign_in(ines), reverse("introducer", args=[maya.pk])
    assert client.get(url).status_code == 200
    day = timezone.localdate() - timedelta(days=3)
    data: dict[str, Any] = {"introducer": f"contact-{tomas.pk}", "how": "introduced", "day": day, "note": "Market"}
    assert client.post(url, data).status_code == 204
    referral = Referral.objects.get(contact=maya)
    assert (referral.introducer, referral.how, timezone.localtime(referral.brought_at).date()) == (
        tomas, "introduced", day,
    )  # fmt: skip
    assert client.post(url, {**data, "day": timezone.localdate() + timedelta(days=2)}).status_code == 422
    assert client.post(url, {**data, "introducer": "Walking tours"}).status_code == 204
    assert Referral.objects.get(contact=maya).introducer == "Walking tours"
    assert client.delete(url).status_code == 204
    assert not Referral.objects.exists()
    said = [f"contact-{maya.pk}", f"contact-{tomas.pk}", "told", "", timezone.now().isoformat()]
    undo = reverse("referral-undo", args=[signing.dumps(said, salt="regulars.referral-undo")])
    assert client.post(undo).status_code == 204
    assert Referral.objects.get(contact=maya).introducer == tomas
    assert client.post(reverse("referral-undo", args=["made-up"])).status_code == 404
    assert forget_introducer(maya, by=ines) is True
    assert forget_introducer(maya, by=ines) is False


def leave(client: Client, code: str, monkeypatch: pytest.MonkeyPatch, **said: str) -> Any:
    url = reverse("referral-landing", args=[code])
    note = client.get(url).context["note"]
    monkeypatch.setattr("regulars.contacts.referrals.guard.FASTEST", 0)
    return client.post(url, {"form": note, "name": "New Person", "email": "new@person.example", **said})


def test_whoever_comes_through_a_personal_link_is_linked_without_typing(
    ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomas = make_contact("Tomás Reis", owner=ines, given_name="Tomás")
    code = code_of(tomas)
    assert code_of(tomas) == code
    visitor = Client()
    page = visitor.get(reverse("referral-landing", args=[code])).content.decode()
    assert "Tomás" not in page
    assert leave(visitor, code, monkeypatch, note="Likes filter").status_code == 302
    newcomer = Contact.objects.get(display_name="New Person")
    assert (newcomer.owner, newcomer.referral.introducer, newcomer.referral.how) == (ines, tomas, "link")
    assert Notification.objects.filter(user=ines, kind="referral").count() == 1
    leave(visitor, code, monkeypatch, name="New P.")
    assert Contact.objects.count() == 2, "somebody known is not added again"
    ReferralSettings.objects.create(pk=1, shows_first_name=True, welcome="Come in")
    page = visitor.get(reverse("referral-landing", args=[code])).content.decode()
    assert "Tomás" in page
    assert "Reis" not in page
    assert "Come in" in page


def test_machines_and_guesses_get_nowhere(ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_of(make_contact("Tomás", owner=ines))
    visitor = Client()
    assert leave(visitor, code, monkeypatch, website="x").status_code == 302
    assert leave(visitor, code, monkeypatch, email="", phone="").status_code == 422
    assert (
        visitor.post(reverse("referral-landing", args=[code]), {"name": "A", "email": "a@b.example"}).status_code == 422
    )
    assert Contact.objects.count() == 1
    answers = {visitor.get(reverse("referral-landing", args=[f"guess{n}"])).status_code for n in range(20)}
    assert answers == {404, 429}
