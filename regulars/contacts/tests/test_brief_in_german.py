"""The Brief in German: the name instead of pronouns, dates and nouns as German writes them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from regulars.access.tests.factories import make_user
from regulars.contacts.brief.reading import Brief, build_brief, sentences
from regulars.contacts.models import Consent, Contact, Fact, ImportantDate, Opener, Source, Stage
from regulars.contacts.tests.factories import make_company, make_contact, make_entry
from regulars.lib import moments

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


def brief_of(name: str, **fields: object) -> Brief:
    rui = make_user("Rui Matos", role="owner")
    contact = make_contact(name, given_name=name.split()[0], owner=rui, **fields)  # type: ignore[arg-type]
    now = timezone.now()
    for days in (26, 35, 44, 53, 62):
        make_entry(contact, text="Brauchte Bohnen.", kind="visit", by=rui, occurred_at=now - timedelta(days=days))
    Opener.objects.create(contact=contact, text="wie lief die Prüfung?", noted_at=now)
    Fact.objects.create(contact=contact, text="keine Nüsse", kind="limit", confirmed_at=now)
    born = timezone.localdate() + timedelta(days=3)
    ImportantDate.objects.create(contact=contact, kind="birthday", month=born.month, day=born.day, year=born.year - 40)
    loaded = Contact.objects.select_related("company", "owner", "stage", "profile").get(pk=contact.pk)
    return build_brief(loaded, rui)


def test_headings_and_sentences_say_the_name() -> None:
    brief = brief_of("Maya Okafor", phone="+351912555014", profile={"pronouns": "she/her"})
    headings = [heading for _key, heading, _lines in brief.parts()]
    own = ["Frag Maya nach", "Vorlieben und Grenzen", "Letztes Mal", "Wer Maya für uns ist", "Nächster guter Schritt"]
    assert [heading for heading in headings if heading in own] == own
    assert "Wen Maya mitgebracht hat" in headings
    day = timezone.localdate() + timedelta(days=3)
    written = translation.gettext("j F")
    assert written == "j. F"
    birthday = next(text for text in sentences(brief.ask_about) if "Geburtstag" in text)
    assert birthday.startswith(f"Mayas Geburtstag ist am {day.day}. ")
    assert birthday.endswith(", in 3 Tagen; Maya wird 40.")
    assert sentences(brief.last_time)[0].startswith("Besuch mit dir am ")
    assert "vor 26 Tagen" in sentences(brief.last_time)[0]
    assert "Ruf Maya an. Maya ist sonst alle 9 Tage in Kontakt; 26 Tage sind vergangen." in sentences(brief.next_step)
    assert any(text.startswith("Gratuliere Maya am ") for text in sentences(brief.next_step))


def test_a_name_that_ends_in_s_takes_an_apostrophe() -> None:
    assert any(text.startswith("Agnes’ Geburtstag") for text in sentences(brief_of("Agnes Blum").ask_about))


def test_nouns_keep_their_capital_in_the_middle_of_a_sentence() -> None:
    source = Source.objects.create(name="Laufkundschaft", position=1)
    stage = Stage.objects.create(key="vip", name="Stammkundschaft", position=9, is_customer=True)
    company = make_company("Lumen Studio")
    profile = {"source": source, "preferred_channel": "phone", "preferred_time": "vormittags"}
    rui = make_user("Nora Pine", role="owner")
    contact = make_contact("Jo", owner=rui, stage=stage, company=company, profile=profile)
    Consent.objects.create(contact=contact, channel="email", is_given=False, given_on=timezone.localdate())
    brief = build_brief(Contact.objects.select_related("company", "owner", "stage", "profile").get(pk=contact.pk), rui)
    who = sentences(brief.who)
    assert "Jo ist bei Lumen Studio." in who
    assert "Der Weg zu uns: Laufkundschaft." in who
    assert "Du bist Ansprechpartner:in." in who
    assert any(text.startswith("Stammkundschaft, bekannt seit ") for text in who)
    assert "Jo bevorzugt Telefon, vormittags." in sentences(brief.likes_and_limits)
    assert "Nichts per E-Mail: Jo hat abgelehnt." in sentences(brief.likes_and_limits)


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "gestern"), (-26, "vor 26 Tagen"), (-90, "vor 3 Monaten"), (-800, "vor 2 Jahren"), (3, "in 3 Tagen")],
)
def test_time_that_passed_stands_in_the_dative(days: int, said: str) -> None:
    assert moments.ago(timezone.localdate() + timedelta(days=days)) == said
