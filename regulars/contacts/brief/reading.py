"""The Brief: what to know before a call, a visit or a meeting, in ten seconds.

Five lists of short sentences, each with a link to where it comes from. Plain rules, nothing invented: a sentence
repeats what somebody wrote, or counts days. Eight queries at most, however much is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from regulars.access.models import Organisation, User
from regulars.contacts.brief.parts import BriefPart, Step, any_known, parts_on, steps_on, who_on
from regulars.contacts.brief.words import Sentence, emphasis_of, ended, quoted, say_day, sentences, telling_words
from regulars.contacts.models import Consent, Contact, Fact, ImportantDate, Involvement, Opener, Relationship, Rhythm
from regulars.contacts.page import ContactPage, may_know
from regulars.contacts.pronouns import Pronouns, pronouns_of
from regulars.contacts.referrals.reading import page_of
from regulars.contacts.rhythm import in_touch, rhythm_of
from regulars.lib import moments
from regulars.lib.prepared import prepared
from regulars.lib.text import fold, in_sentence, words
from regulars.timeline.models import Entry

__all__ = ["Brief", "Sentence", "build_brief", "sentences"]

SHOWN = 4  # openers, likes, people around: more would not be read in ten seconds
AHEAD, BEHIND = timedelta(days=30), timedelta(days=7)  # important dates worth a word
OLD_OPENER = timedelta(days=31)
PERSONAL_BONUS = timedelta(days=30)  # a question about family or a pet goes before a newer one about work
PERSONAL = {Fact.Kind.FAMILY, Fact.Kind.PET}


@dataclass(frozen=True)
class Brief:
    """What to know about `contact` now. Each part is a list of sentences, most important first."""

    contact: Contact
    pronouns: Pronouns
    ask_about: list[Sentence] = field(default_factory=list)
    likes_and_limits: list[Sentence] = field(default_factory=list)
    last_time: list[Sentence] = field(default_factory=list)
    who: list[Sentence] = field(default_factory=list)
    next_step: list[Sentence] = field(default_factory=list)
    rhythm: Rhythm | None = None
    more: list[tuple[BriefPart, list[Sentence]]] = field(default_factory=list)
    made_at: datetime = field(default_factory=timezone.now)

    @property
    def is_empty(self) -> bool:
        """Whether we know nothing yet but who they are."""
        return not (self.ask_about or self.likes_and_limits or self.last_time or any(said for _part, said in self.more))

    @property
    def overdue_by(self) -> int:
        """Days beyond their own usual rhythm; 0 when they are not overdue or have none."""
        return self.rhythm.overdue_by(timezone.localdate()) if self.rhythm else 0

    def parts(self) -> list[tuple[str, str, list[Sentence]]]:
        """Key, heading and sentences of each part, in reading order."""
        parts = [
            (10, "ask_about", _("Ask %(her)s about") % {"her": self.pronouns.object}, self.ask_about),
            (30, "likes_and_limits", _("Likes and limits"), self.likes_and_limits),
            (50, "last_time", _("Last time"), self.last_time),
            (70, "who_they_are", _("Who %(she)s %(is)s to us")
             % {"she": self.pronouns.subject, "is": self.pronouns.verb(_("is"), _("are"))}, self.who),
            (90, "next_best_step", _("Next best step"), self.next_step),
        ]  # fmt: skip
        parts += [(part.order, part.key, part.title_for(self.pronouns), said) for part, said in self.more]
        return [(key, title, said) for _order, key, title, said in sorted(parts, key=lambda part: part[0])]

    def column(self, number: int) -> list[tuple[str, list[Sentence]]]:
        """Heading and sentences of what upper contexts say in this column of the card."""
        said = [(part.title_for(self.pronouns), said) for part, said in self.more if part.column == number]
        return [(title, sentences) for title, sentences in said if sentences]

    @property
    def first_column(self) -> list[tuple[str, list[Sentence]]]:
        """What upper contexts say below what to ask about."""
        return self.column(1)

    @property
    def middle_column(self) -> list[tuple[str, list[Sentence]]]:
        """What upper contexts say above last time."""
        return self.column(2)

    @property
    def last_column(self) -> list[tuple[str, list[Sentence]]]:
        """What upper contexts say below the next best step."""
        return self.column(3)


def build_brief(contact: Contact, user: User, known: ContactPage | None = None) -> Brief:
    """Return the Brief of `contact`, who is visible to `user`; people and entries that `user` may not see stay out.

    `known` is the page of the contact when the caller shows it too, so that nothing is read twice.
    """
    return _Builder(contact, user, known or ContactPage(contact, user)).brief()


class _Builder:
    """Reads what is known, once, and puts it into sentences."""

    def __init__(self, contact: Contact, user: User, known: ContactPage) -> None:
        self.contact, self.user, self.known = contact, user, known
        self.p = pronouns_of(contact)
        self.today = timezone.localdate()
        self.now = timezone.now()
        self.page = contact.get_absolute_url()

    def brief(self) -> Brief:
        return Brief(
            self.contact,
            self.p,
            ask_about=list(self.ask_about()),
            likes_and_limits=list(self.likes_and_limits()),
            last_time=list(self.last_time()),
            who=list(self.who()),
            next_step=list(self.next_step()),
            rhythm=self.rhythm,
            more=[(part, list(part.sentences(self.contact, self.user, self.known))) for part in self._parts()],
        )

    @cached_property
    def organisation(self) -> Organisation | None:
        return self.known.organisation or Organisation.current()

    def _parts(self) -> list[BriefPart]:
        return parts_on(self.organisation) if any_known() else []

    # What is known

    @cached_property
    def facts(self) -> list[Fact]:
        return sorted(self.known.facts, key=lambda fact: (fact.confirmed_at, fact.pk), reverse=True)

    @cached_property
    def openers(self) -> list[Opener]:
        """Open ones, the most recent and personal first."""
        return sorted(self.known.openers[:30], key=self._rank, reverse=True)

    def _rank(self, opener: Opener) -> datetime:
        return opener.noted_at + (PERSONAL_BONUS if self._is_personal(opener) else timedelta(0))

    def _is_personal(self, opener: Opener) -> bool:
        about = set(words(opener.text))
        return any(about & telling_words(fact.text) for fact in self.facts if fact.kind in PERSONAL)

    @cached_property
    def dates(self) -> list[ImportantDate]:
        return [day.row for day in self.known.dates]

    @cached_property
    def last_contact(self) -> Involvement | None:
        return _last_contact.first(self.contact.pk)

    @cached_property
    def rhythm(self) -> Rhythm | None:
        return rhythm_of(self.contact)

    @cached_property
    def open_requests(self) -> list[Entry]:
        return [row.entry for row in _open_requests(self.contact.pk)]

    @cached_property
    def relationships(self) -> list[Relationship]:
        return [around.link for around in self.known.around if around.link.until is None][: SHOWN * 2]

    @cached_property
    def profile(self) -> Any:
        return self.contact.profile_or_blank

    # What to say

    def ask_about(self) -> Iterator[Sentence]:
        for opener in self.openers[:SHOWN]:
            text = ended(opener.text)
            yield Sentence(quoted(text, 500), f"{self.page}#opener-{opener.pk}", emphasis_of(opener.text))
            if background := self._background(opener):
                yield background
        yield from self._dates()

    def _background(self, opener: Opener) -> Sentence | None:
        """What we know that makes the question plain: the fact that speaks of the same."""
        about = {word for word in words(opener.text) if len(word) > 3}
        for fact in self.facts:
            same = fact.entry_id is not None and fact.entry_id == opener.entry_id
            if (same or about & telling_words(fact.text)) and fold(fact.text) != fold(opener.text):
                return Sentence(ended(fact.text), f"{self.page}#fact-{fact.pk}", tone="quiet")
        return None

    def _dates(self) -> Iterator[Sentence]:
        for day in self.dates:
            for when in {day.next_after(self.today), day.next_after(self.today - BEHIND)} - {None}:
                if when and -BEHIND <= when - self.today <= AHEAD:
                    yield Sentence(self._say_date(day, when), f"{self.page}#date-{day.pk}", (say_day(when),))

    def _say_date(self, day: ImportantDate, when: date) -> str:
        name = str(day) if day.kind == ImportantDate.Kind.OTHER or day.label else in_sentence(str(day))
        years = when.year - day.year if day.year and day.recurs else 0
        age = ""
        if years > 0 and day.kind == ImportantDate.Kind.BIRTHDAY:
            turns = self.p.verb(_("turns"), _("turn")) if when >= self.today else _("turned")
            age = _("; %(she)s %(turns)s %(years)d") % {"she": self.p.subject, "turns": turns, "years": years}
        elif years > 0:
            age = ngettext(", %(years)d year", ", %(years)d years", years) % {"years": years}
        values = {
            "her": self.p.Possessive,
            "name": name,
            "day": say_day(when),
            "ago": moments.ago(when),
            "age": age,
        }
        if when == self.today:
            return _("%(her)s %(name)s is today, %(day)s%(age)s.") % values
        if when > self.today:
            return _("%(her)s %(name)s is on %(day)s, %(ago)s%(age)s.") % values
        return _("%(her)s %(name)s was on %(day)s, %(ago)s%(age)s.") % values

    def likes_and_limits(self) -> Iterator[Sentence]:
        for fact in self._facts_of(Fact.Kind.LIMIT):
            yield Sentence(ended(fact.text), f"{self.page}#fact-{fact.pk}", tone="risk")
        for consent in self._refused():
            text = _("No %(channel)s: %(she)s refused.")
            yield Sentence(
                text % {"channel": consent.get_channel_display(), "she": self.p.subject},
                f"{self.page}#consent", tone="risk",
            )  # fmt: skip
        for fact in [*self._facts_of(Fact.Kind.LIKE), *self._facts_of(Fact.Kind.ATTITUDE)][:SHOWN]:
            yield Sentence(ended(fact.text), f"{self.page}#fact-{fact.pk}")
        if prefers := self._prefers():
            yield Sentence(prefers, f"{self.page}#reach")

    def _facts_of(self, kind: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind == kind]

    def _refused(self) -> list[Consent]:
        newest: dict[str, Consent] = {}
        for consent in self.known.consents:
            newest.setdefault(consent.channel, consent)
        return [consent for consent in newest.values() if not consent.is_given]

    def _prefers(self) -> str:
        channel = self.profile.get_preferred_channel_display() if self.profile.preferred_channel else ""
        channel = channel if channel[1:].lower() != channel[1:] or channel == "Telegram" else in_sentence(channel)
        parts = [part for part in (channel, self.profile.preferred_time.strip()) if part]
        said = [set(words(fact.text)) for fact in self.facts]
        if any(set(words(" ".join(parts))) <= known for known in said):  # a fact says it already
            return ""
        values = {
            "prefers": self.p.verb(_("prefers"), _("prefer")),
            "what": ", ".join(parts),
            "she": self.p.Subject,
        }
        return _("%(she)s %(prefers)s %(what)s.") % values if parts else ""

    def last_time(self) -> Iterator[Sentence]:
        if self.last_contact is None:
            return
        entry = self.last_contact.entry
        url = self._url(entry)
        day = timezone.localtime(entry.occurred_at).date()
        values = {"kind": entry.kind_info.label, "day": say_day(day), "ago": moments.ago(day)}
        if entry.author:
            values["who"] = pgettext("call with", "you") if entry.author_id == self.user.pk else entry.author.first_name
            text = _("%(kind)s with %(who)s on %(day)s, %(ago)s.") % values
        else:
            text = _("%(kind)s on %(day)s, %(ago)s.") % values
        yield Sentence(text, url)
        if entry.text:
            yield Sentence(quoted(entry.text), url)
        if entry.outcome:
            yield Sentence(_("It came to: %(what)s") % {"what": ended(entry.outcome)}, url)

    def who(self) -> Iterator[Sentence]:
        contact = self.contact
        company = contact.company if contact.company and may_know(contact.company, self.user) else None
        if contact.job_title or company:
            role = contact.job_title or self.p.Subject + self.p.verb(_(" is"), _(" are"))
            text = _("%(role)s at %(company)s.") if company else "%(role)s."
            link = company.get_absolute_url() if company else self.page
            yield Sentence(text % {"role": role, "company": company}, link)
        since = date_format(timezone.localtime(contact.created_at), "F Y")
        text = _("%(stage)s, known since %(since)s.") if contact.stage else _("Known since %(since)s.")
        yield Sentence(text % {"stage": contact.stage, "since": since}, self.page)
        for more in who_on(self.organisation) if any_known() else []:
            yield from more.say(contact, self.user, self.known)
        yield from self._came_through()
        if contact.owner:
            mine = contact.owner_id == self.user.pk
            name = _("You are") if mine else _("%(name)s is") % {"name": contact.owner}
            yield Sentence(_("%(name)s the point of contact.") % {"name": name}, self.page)
        for tie in self.relationships[:SHOWN]:
            kind, other = tie.label_seen_from(contact), tie.other_than(contact)
            yield Sentence(f"{kind[:1].upper()}{kind[1:]} {other}.", other.get_absolute_url())

    def _came_through(self) -> Iterator[Sentence]:
        profile, who = self.profile, self.known.introducer
        if who:
            yield Sentence(_("Came through %(name)s.") % {"name": who}, page_of(who) or self.page)
        elif profile.source:
            detail = f" ({profile.source_detail})" if profile.source_detail else ""
            how = f"{in_sentence(profile.source.name)}{detail}"
            yield Sentence(_("Found us by %(how)s.") % {"how": how}, self.page)

    def next_step(self) -> Iterator[Sentence]:
        reasons = [(20, self._answer()), (40, self._reach_out()), (60, self._old_openers()), (70, self._wish())]
        reasons += [(step.order, iter(step.say(self.contact, self.user, self.known))) for step in self._more_steps()]
        steps = [said for _order, reason in sorted(reasons, key=lambda pair: pair[0]) for said in reason]
        steps += self._ways()
        if self.last_contact is None:
            steps += self._begin()
        yield from steps[:3]

    def _more_steps(self) -> list[Step]:
        return steps_on(self.organisation) if any_known() else []

    def _answer(self) -> Iterator[Sentence]:
        for entry in self.open_requests:
            day = say_day(timezone.localtime(entry.occurred_at).date())
            what = quoted(entry.text, 80)
            text = _("Answer %(her)s request of %(day)s: %(what)s")
            yield Sentence(text % {"her": self.p.possessive, "day": day, "what": what}, self._url(entry), (day,))

    def _reach_out(self) -> Iterator[Sentence]:
        if not self.rhythm or not self.rhythm.overdue_by(self.today):
            return
        silence = moments.span(self.rhythm.silent_for(self.today))
        every = ngettext("every day", "every %(count)d days", self.rhythm.every) % {"count": self.rhythm.every}
        values = {
            "reach": self._reach(), "she": self.p.Subject, "is": self.p.verb(_("is"), _("are")),
            "every": every, "silence": silence,
        }  # fmt: skip
        text = _("%(reach)s. %(she)s %(is)s usually in touch %(every)s; %(silence)s have passed.")
        if not self.rhythm.is_usual:
            text = _("%(reach)s. We want to be in touch %(every)s; %(silence)s have passed.")
        yield Sentence(text % values, f"{self.page}#timeline", (self._reach(),))

    def _reach(self) -> str:
        ways = {
            "phone": _("Call %(her)s"), "email": _("Write %(her)s an email"), "sms": _("Text %(her)s"),
            "whatsapp": _("Message %(her)s on WhatsApp"), "telegram": _("Message %(her)s on Telegram"),
            "in_person": _("Say hello in person"), "post": _("Write %(her)s a card"),
        }  # fmt: skip
        guess = "phone" if self.contact.phone else "email" if self.contact.email else ""
        way = ways.get(self.profile.preferred_channel or guess, _("Get in touch with %(her)s"))
        return way % {"her": self.p.object} if "%" in way else way

    def _old_openers(self) -> Iterator[Sentence]:
        old = [opener for opener in self.openers if self.now - opener.noted_at > OLD_OPENER]
        for opener in sorted(old, key=lambda opener: opener.noted_at)[:1]:
            text = _("Ask %(what)s It has been open for %(span)s.")
            span = moments.span((self.now - opener.noted_at).days)
            values = {"what": quoted(ended(opener.text), 80), "span": span}
            yield Sentence(text % values, f"{self.page}#opener-{opener.pk}", (span,))

    def _wish(self) -> Iterator[Sentence]:
        for day in self.dates:
            when = day.next_after(self.today)
            if day.kind == ImportantDate.Kind.BIRTHDAY and when and when - self.today <= timedelta(days=7):
                values = {"her": self.p.object, "day": say_day(when)}
                text = _("Wish %(her)s a happy birthday on %(day)s.") % values
                yield Sentence(text, f"{self.page}#date-{day.pk}", (say_day(when),))

    def _ways(self) -> Iterator[Sentence]:
        if not self.contact.phone and not self.contact.email:
            text = _("Ask for a phone number or an email: there is no way to reach %(her)s yet.")
            yield Sentence(text % {"her": self.p.object}, f"{self.page}#reach")

    def _begin(self) -> Iterator[Sentence]:
        values = {"she": self.p.subject, "likes": self.p.verb(_("likes"), _("like")), "her": self.p.object}
        if not self.openers:
            how = _("Ask how %(she)s found us.") if not self.profile.source_id else _("Ask what brought %(her)s here.")
            yield Sentence(how % values, self.page)
        if not self._facts_of(Fact.Kind.LIKE):
            yield Sentence(_("Ask what %(she)s %(likes)s.") % values, self.page)

    def _url(self, entry: Entry) -> str:
        return reverse("moment", args=[entry.pk])


@prepared
def _last_contact(contact: int) -> QuerySet[Involvement]:
    rows: QuerySet[Involvement] = in_touch().filter(contact=contact).newest_first()
    return rows.select_related("entry__author")[:1]


@prepared
def _open_requests(contact: int) -> QuerySet[Involvement]:
    rows = Involvement.objects.filter(contact=contact, kind="request", entry__removed_at=None)
    return rows.filter(entry__settled_at=None).newest_first().select_related("entry")[:SHOWN]
