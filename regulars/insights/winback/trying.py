"""Trying to win somebody back, asking them why, and writing down what they say."""

from django.db import transaction
from django.utils import timezone

from regulars.access.models import User
from regulars.contacts.actions import Moment, log_moment
from regulars.contacts.models import Company, Contact
from regulars.contacts.moments import remove_moment
from regulars.insights.churn.keeping import look_at
from regulars.insights.tables.risk import AtRisk
from regulars.insights.tables.winback import Attempt, Cause, Play, Why
from regulars.timeline.models import Entry

KIND = "winback"
ASK_AGAIN_AFTER = 90  # days for which a link can be answered


def _link(holder: Contact | Company) -> dict[str, Contact | Company]:
    return {"contact" if isinstance(holder, Contact) else "company": holder}


def _log(holder: Contact | Company, text: str, verb: str, *, by: User | None, **said: str) -> Entry:
    people, companies = ([holder], []) if isinstance(holder, Contact) else ([], [holder])
    moment = Moment(text, kind=KIND, contacts=people, companies=companies, snapshot={"verb": verb, **said})
    return log_moment(moment, by=by)


@transaction.atomic
def attempt(
    holder: Contact | Company, play: str, *, by: User, text: str = "", channel: str = "", cause: str = ""
) -> Attempt:
    """Note that `by` tried to win somebody back; it stands on the timeline and its result is counted from orders.

    Letting somebody go with thanks is an outcome: their spell ends, nobody is asked to try again.
    """
    spell: AtRisk | None = AtRisk.objects.open().of(holder).first()
    is_goodbye = play == Play.LET_GO
    now = timezone.now()
    made: Attempt = Attempt.objects.create(
        **_link(holder), play=play, cause=cause, channel=channel, text=text.strip()[:4000],
        worth=spell.worth if spell else 0, tried_at=now, tried_on=timezone.localdate(now), by=by,
        outcome=Attempt.Outcome.LEFT if is_goodbye else Attempt.Outcome.OPEN,
        entry=_log(holder, text.strip()[:4000], "tried", by=by, play=play, channel=channel),
    )  # fmt: skip
    if is_goodbye:
        AtRisk.objects.open().of(holder).update(ended_on=timezone.localdate(), ended=AtRisk.Ended.SAID)
    return made


@transaction.atomic
def take_back(made: Attempt, *, by: User) -> bool:
    """Undo an attempt with its line; False when it was taken back already."""
    done = made.take_back()
    if done and made.entry:
        remove_moment(made.entry, by=by)
    if done and made.play == Play.LET_GO:
        look_at(made.holder)
    return done


@transaction.atomic
def ask_why(holder: Contact | Company, *, by: User) -> Why:
    """Return an open question to this customer: the one that is open already, or a new one with a link."""
    open_one: Why | None = Why.objects.of(holder).filter(answered_at=None).order_by("-pk").first()
    if open_one is not None and open_one.asked_at and _age(open_one) < ASK_AGAIN_AFTER:
        return open_one
    made: Why = Why.objects.create(**_link(holder), asked_at=timezone.now(), asked_by=by)
    return made


def _age(why: Why) -> int:
    return (timezone.now() - why.asked_at).days if why.asked_at else 0


def open_question(token: str) -> Why | None:
    """Return the question behind a link: answered or open, not older than 90 days, of somebody who is still there."""
    found: Why | None = Why.objects.filter(token=token).select_related("contact", "company").first()
    if found is None or found.asked_at is None or _age(found) >= ASK_AGAIN_AFTER:
        return None
    holder = found.holder
    return found if holder.binned_at is None and not getattr(holder, "erased_at", None) else None


@transaction.atomic
def answered(why: Why, words: str, cause: str) -> bool:
    """Keep the customer's own answer and write it on their timeline; False when it was answered before."""
    if not why.answer(words.strip(), cause):
        return False
    entry = _log(why.holder, words.strip()[:2000], "answered", by=None, cause=cause)
    Why.objects.filter(pk=why.pk).update(entry=entry)
    return True


@transaction.atomic
def note_why(holder: Contact | Company, words: str, cause: str, *, by: User) -> Why:
    """Write down what a customer said to a colleague."""
    made: Why = Why.objects.create(
        **_link(holder), answered_at=timezone.now(), words=words.strip()[:2000], cause=cause, sorted_by=by,
        entry=_log(holder, words.strip()[:2000], "answered", by=by, cause=cause),
    )  # fmt: skip
    return made


def known_cause(holder: Contact | Company) -> str:
    """Why they stayed away, by what they said last; "" when nobody knows."""
    rows = Why.objects.of(holder).exclude(answered_at=None).order_by("-answered_at")
    return rows.values_list("cause", flat=True).first() or Cause.UNKNOWN.value
