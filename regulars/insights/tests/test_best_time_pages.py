"""What is said of when and how to reach somebody: what they asked for or refused wins, and little is called little."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regulars.access.models import User
from regulars.contacts.models import Consent, Contact, Profile
from regulars.contacts.tests.factories import make_contact
from regulars.insights.besttime.conditions import BestReached
from regulars.insights.besttime.hints import hints_for, kind_to_try
from regulars.insights.tables import AtRisk, BestTime, Pattern

pytestmark = pytest.mark.django_db
SEEN: dict[str, Any] = {
    "moments": 14, "day": 1, "days": 3, "part": 0, "parts": 1, "share": 0.61, "low": 0.45, "high": 0.76,
    "ways": {"phone": 11, "email": 3}, "way_moments": 14, "way": "phone", "way_share": 0.72, "way_low": 0.6,
    "way_high": 0.83, "reach": "phone",
}  # fmt: skip


@pytest.fixture
def ana(client: Client, owner: User) -> Contact:
    """Somebody who answers calls on three mornings, among many; a colleague is signed in."""
    client.force_login(owner)
    Pattern.objects.create(as_of=timezone.localdate(), finished_at=timezone.now(), people=40, moments=400,
                           time_alpha=[0.5] * 28, way_alpha=[1, 1, 1, 1, 1],
                           best={"day": 5, "days": 1, "part": 0, "parts": 1, "share": 0.5})  # fmt: skip
    ana = make_contact("Ana Reis")
    BestTime.objects.create(contact=ana, **SEEN)
    return ana


def _panel(client: Client, who: Contact) -> str:
    return client.get(reverse("contact-next", args=[who.pk])).content.decode().replace("\xa0", " ")


def test_the_panel_says_when_and_how_with_its_number_and_interval(client: Client, ana: Contact) -> None:
    page = _panel(client, ana)
    assert "Best time: Tuesdays to Thursdays in the morning, from 14 answers." in page
    assert "About 61 % of their answers fall into it, 45 % to 76 % in 80 of 100 cases." in page
    assert "Everybody’s pattern counts like 14 answers beside theirs." in page
    assert "Mostly by phone: 11 of 14 answers." in page

    few = make_contact("Ben Sol")
    BestTime.objects.create(contact=few, moments=3, way_moments=3, ways={"phone": 3})
    assert "Best time: too few to say, 3 of 5 answers." in _panel(client, few)
    assert "Most others answer Saturdays in the morning." in _panel(client, few)
    stranger = make_contact("Nobody Yet")
    assert "0 of 5 answers" in _panel(client, stranger)
    BestTime.objects.filter(contact=few).update(moments=9)
    assert "none stands out in 9 answers" in _panel(client, few)


def test_what_they_asked_for_or_refused_always_wins(client: Client, ana: Contact) -> None:
    assert hints_for([ana]) == {ana.pk: "Try by phone, Tuesdays to Thursdays in the morning"}
    assert kind_to_try(ana) == "call"
    Consent.objects.create(contact=ana, channel="phone", is_given=False, given_on=timezone.localdate())
    page = _panel(client, ana)
    assert "Refused: Phone." in page
    assert "Used to answer by phone, but refused it: try by email." in page
    assert "Mostly by phone" not in page
    assert kind_to_try(ana) == "email"

    Profile.objects.update_or_create(
        contact=ana, defaults={"preferred_channel": "whatsapp", "preferred_time": "after 18:00"}
    )
    ana = Contact.objects.get(pk=ana.pk)
    page = _panel(client, ana)
    assert "Asked for: WhatsApp, after 18:00." in page
    assert "Best time:" not in page
    assert hints_for([ana]) == {ana.pk: "Try by message, after 18:00"}
    Consent.objects.create(contact=ana, channel="whatsapp", is_given=False, given_on=timezone.localdate())
    assert kind_to_try(ana) == "email", "a refusal wins over an old wish"


def test_the_brief_the_segment_and_win_back_know_it(client: Client, ana: Contact) -> None:
    said = client.get(ana.get_absolute_url()).content.decode()
    assert "Best reached Tuesdays to Thursdays in the morning, by phone (14 answers)." in said
    listed = client.get("/contacts/?best_reached.way=phone&best_reached.part=0").content.decode()
    assert "Ana Reis" in listed
    assert "Ana Reis" not in client.get("/contacts/?best_reached.way=phone&best_reached.part=2").content.decode()
    assert BestReached().words({"way": "phone", "part": "0"}) == "Best reached by phone in the morning"

    AtRisk.objects.create(contact=ana, state="slipping", reason="silence", reasons=[], score=1, worth=100,
                          since=timezone.localdate(), last_on=timezone.localdate() - timedelta(days=60))  # fmt: skip
    assert "Try by phone, Tuesdays to Thursdays in the morning" in client.get(reverse("winback")).content.decode()
    dialog = client.get(reverse("winback-try", args=[f"contact-{ana.pk}"])).content.decode()
    assert '<option value="call" selected>' in dialog
