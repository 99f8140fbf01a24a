"""What people say to a warning: "no, they moved", "not at risk". It is kept, counted, and ends the warning."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.insights.churn.keeping import look_at
from regulars.insights.churn.warnings import warning_named
from regulars.insights.tables.risk import AtRisk, RiskWord

USUAL = timedelta(days=90)  # how long a word holds when nobody says


@transaction.atomic
def say_word(holder: Contact | Company, said: str, *, by: User, note: str = "", until: date | None = None) -> RiskWord:
    """Keep what somebody says of a warning and end the open spell. Words for good (moved, closed) need no date."""
    spell: AtRisk | None = AtRisk.objects.open().of(holder).first()
    link = {"contact" if isinstance(holder, Contact) else "company": holder}
    until = None if said in RiskWord.FOR_GOOD else until or timezone.localdate() + USUAL
    word: RiskWord = RiskWord.objects.create(
        **link, said=said, note=note.strip()[:300], until=until, by=by, reason=spell.reason if spell else ""
    )
    AtRisk.objects.open().of(holder).update(ended_on=timezone.localdate(), ended=AtRisk.Ended.SAID)
    return word


@transaction.atomic
def withdraw_word(word: RiskWord) -> bool:
    """Take a word back and look at the customer again; False when it was taken back already."""
    done = word.withdraw()
    if done:
        look_at(word.holder)
    return done


def reasons_of(spell: AtRisk, today: date | None = None) -> list[tuple[str, str]]:
    """The warnings of a spell in words, each with where it comes from, strongest first."""
    day = today or timezone.localdate()
    told = [(warning_named(numbers["key"]), numbers) for numbers in spell.reasons]
    return [(warning.say(numbers, day), warning.url(numbers)) for warning, numbers in told if warning]
