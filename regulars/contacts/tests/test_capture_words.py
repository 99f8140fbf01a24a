"""Days and kinds in other languages. "Now" is Saturday 21 November 2026, 16:20 in Lisbon."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from regulars.contacts.capture.languages import in_english, spoken
from regulars.contacts.capture.line import Reading, read

NOW = datetime(2026, 11, 21, 16, 20, tzinfo=ZoneInfo("Europe/Lisbon"))


def understood(text: str, language: str) -> Reading:
    return read(text, NOW, languages=[language])


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("de", "gestern", "2026-11-20 12:00"),
        ("de", "Maya gestern Abend angerufen", "2026-11-20 19:00"),
        ("de", "gestern um 19:30 Uhr vorbeigekommen", "2026-11-20 19:30"),
        ("de", "gestern um 15 Uhr", "2026-11-20 15:00"),
        ("de", "vorgestern Bohnen geholt", "2026-11-19 12:00"),
        ("de", "heute früh", "2026-11-21 09:00"),
        ("de", "vor 3 Wochen", "2026-10-31 12:00"),
        ("de", "vor einer Woche da gewesen", "2026-11-14 12:00"),
        ("de", "vor zwei Tagen", "2026-11-19 12:00"),
        ("de", "vor 20 Minuten", "2026-11-21 16:00"),
        ("de", "letzten Samstag im Laden", "2026-11-14 12:00"),
        ("de", "am Freitag Bohnen geholt", "2026-11-20 12:00"),
        ("de", "Freitag: Verkostung", "2026-11-20 12:00"),
        ("de", "am 28. Oktober", "2026-10-28 12:00"),
        ("de", "3. März 2025 unterschrieben", "2025-03-03 12:00"),
        ("de", "letzte Woche", "2026-11-14 12:00"),
        ("de", "14 Uhr: Lieferung", "2026-11-21 14:00"),
        ("de", "yesterday", "2026-11-20 12:00"),
        ("de", "gestern Abend um 7", "2026-11-20 19:00"),
        ("de", "Hat gestern wegen der Bohnen angerufen", "2026-11-20 12:00"),
        ("de", "am Freitag getroffen", "2026-11-20 12:00"),
        ("de", "vor 2 Monaten", "2026-09-21 12:00"),
        ("de", "vor einem Jahr", "2025-11-21 12:00"),
        ("de", "28. Okt.: Bestellung abgeholt", "2026-10-28 12:00"),
        ("de", "28.10.2025 unterschrieben", "2025-10-28 12:00"),
        ("de", "28.10. unterschrieben", "2026-10-28 12:00"),
        ("de", "rief um 14:05 Uhr zurück", "2026-11-21 14:05"),
        ("pt", "ontem", "2026-11-20 12:00"),
        ("pt", "ontem à tarde passou por cá", "2026-11-20 15:00"),
        ("pt", "ontem às 15h30", "2026-11-20 15:30"),
        ("pt", "anteontem", "2026-11-19 12:00"),
        ("pt", "hoje de manhã", "2026-11-21 09:00"),
        ("pt", "esta manhã", "2026-11-21 09:00"),
        ("pt", "há 3 semanas", "2026-10-31 12:00"),
        ("pt", "há uma semana veio buscar café", "2026-11-14 12:00"),
        ("pt", "dois dias atrás", "2026-11-19 12:00"),
        ("pt", "há duas horas", "2026-11-21 14:20"),
        ("pt", "sexta-feira passada", "2026-11-20 12:00"),
        ("pt", "na sexta-feira veio buscar café", "2026-11-20 12:00"),
        ("pt", "na última sexta", "2026-11-20 12:00"),
        ("pt", "28 de outubro", "2026-10-28 12:00"),
        ("pt", "3 de março de 2025: assinou", "2025-03-03 12:00"),
        ("pt", "na semana passada", "2026-11-14 12:00"),
        ("es", "ayer por la tarde", "2026-11-20 15:00"),
        ("es", "hace dos días", "2026-11-19 12:00"),
        ("es", "el viernes pasado", "2026-11-20 12:00"),
        ("es", "28 de octubre de 2025", "2025-10-28 12:00"),
        ("fr", "hier soir", "2026-11-20 19:00"),
        ("fr", "il y a 3 semaines", "2026-10-31 12:00"),
        ("fr", "lundi dernier", "2026-11-16 12:00"),
        ("fr", "le 28 octobre à 14h", "2026-10-28 14:00"),
        ("fr", "aujourd’hui", "2026-11-21 16:20"),
    ],
)
def test_when_it_happened_in_the_language_of_the_business(language: str, text: str, day: str) -> None:
    moment = understood(text, language).occurred_at
    assert moment is not None
    assert f"{moment:%Y-%m-%d %H:%M}" == day


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "möchte das Angebot bis Freitag"),
        ("de", "kommt nächsten Freitag"),
        ("de", "Hafermilch freitags"),
        ("de", "am 5. Dezember Verkostung"),
        ("de", "31. Februar"),
        ("de", "morgen"),
        ("de", "mai"),
        ("de", "kostet um 30 % mehr"),
        ("de", "kommt am Freitag wieder mit der Tochter"),
        ("de", "Bestellung von 3.5 kg"),
        ("de", "um 18 Uhr"),
        ("de", "vor allem Espresso"),
        ("pt", "cliente há 3 anos"),
        ("pt", "segunda vez que pergunta"),
        ("pt", "quer até sexta-feira"),
        ("pt", "amanhã"),
        ("pt", "as 3 caixas"),
        ("fr", "mardi prochain"),
    ],
)
def test_what_is_no_time(language: str, text: str) -> None:
    assert understood(text, language).occurred_at is None


def test_other_languages_are_not_understood_where_nobody_speaks_them() -> None:
    assert read("gestern", NOW, languages=["pt", "xx"]).occurred_at is None


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("de", "Anruf gestern wegen der Rechnung", "call"),
        ("de", "Besuch: zwei Flat White", "visit"),
        ("de", "Kam vorbei für Bohnen", "visit"),
        ("de", "angerufen wegen Bohnen", "call"),
        ("de", "Anfrage: 20 kg", "request"),
        ("de", "Besuch angekündigt", ""),
        ("pt", "Ligou ontem por causa da fatura", "call"),
        ("pt", "Passou por cá", "visit"),
        ("pt", "Reunião: preços novos", "meeting"),
    ],
)
def test_of_which_kind(language: str, text: str, kind: str) -> None:
    assert understood(text, language).kind == kind


def test_spans_point_at_what_was_typed() -> None:
    text = "Am Freitag um 15 Uhr kam Maya #vip"
    reading = understood(text, "de")
    assert {item.what: text[item.start : item.end] for item in reading.found} == {
        "date": "Am Freitag um 15 Uhr",
        "tag": "#vip",
    }
    assert reading.text == "Kam Maya"
    assert understood("Bohnen geholt vor 3 Wochen", "de").text == "Bohnen geholt"


def test_a_business_writes_in_its_own_language_and_that_of_its_country() -> None:
    assert spoken("de", "AT") == ["de"]
    assert spoken("en", "PT") == ["pt"]
    assert spoken("de", "ch") == ["de"]
    assert spoken("en", "") == []


def test_what_is_not_about_time_stays_as_it_was() -> None:
    line = in_english("Größe M, 2. Wahl, Vor dem Mai", ["de", "pt"])
    assert line.text == "Größe M, 2. Wahl, Vor dem Mai"
    assert line.pieces == []
