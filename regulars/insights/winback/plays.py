"""What to try against which reason, and the ready words for it: the business's own, else the standard ones (Liquid,
filled in for the person, sent by a colleague).

The words have the same sandbox as greetings: a handful of values, no loops, bounded.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import get_language

from regulars.access.models import Organisation, User
from regulars.contacts.dates.greetings import GreetingError, Ready, fill
from regulars.contacts.models import Company, Contact
from regulars.insights.churn.warnings import warning_named
from regulars.insights.tables.plays import PlayWords
from regulars.insights.tables.risk import AtRisk
from regulars.insights.tables.winback import Cause, Play

NAMES = ("first_name", "business", "sender", "promise", "silent", "link")
FOR_CAUSE = {
    Cause.SERVICE: Play.APOLOGISE, Cause.PROMISE: Play.APOLOGISE, Cause.PRICE: Play.OFFER, Cause.CHOICE: Play.OFFER,
    Cause.OTHER_SHOP: Play.OFFER, Cause.MOVED: Play.LET_GO, Cause.TIME: Play.CHECK_IN, Cause.OTHER: Play.CHECK_IN,
}  # fmt: skip

_HELLO = {"en": "{% if first_name %}Dear {{ first_name }}{% else %}Hello{% endif %},",
          "de": "{% if first_name %}Hallo {{ first_name }}{% else %}Guten Tag{% endif %},"}  # fmt: skip
_BYE = {"en": "Warm regards\n{{ sender }}, {{ business }}", "de": "Herzliche Grüße\n{{ sender }}, {{ business }}"}
_ASK = {
    "en": "\n\nWould you tell me in one line what we could do better? {{ link }}",
    "de": "\n\nSagen Sie mir in einer Zeile, was wir besser machen können? {{ link }}",
}
_SAID: dict[tuple[str, str], tuple[str, str]] = {
    ("apologise", "en"): (
        "We owe you an apology",
        "{% if promise %}we promised you “{{ promise }}” and did not keep our word{% else %}something went wrong on "
        "our side{% endif %}. I am sorry. I would like to put it right: tell me when it suits you, and it is the first "
        "thing I do that day.",
    ),
    ("apologise", "de"): (
        "Wir müssen uns entschuldigen",
        "{% if promise %}wir haben Ihnen „{{ promise }}“ versprochen und nicht Wort gehalten{% else %}bei uns ist "
        "etwas schiefgegangen{% endif %}. Das tut mir leid. Ich möchte es gutmachen: Sagen Sie mir, wann es Ihnen "
        "passt, dann ist es das Erste, was ich an dem Tag tue.",
    ),
    ("offer", "en"): (
        "Something for you at {{ business }}",
        "it has been a while, and we would love to see you again. The next time you come, your first one is on us; "
        "just show this message.",
    ),
    ("offer", "de"): (
        "Etwas für Sie bei {{ business }}",
        "es ist eine Weile her, und wir würden uns freuen, Sie wiederzusehen. Beim nächsten Besuch geht das Erste auf "
        "uns; zeigen Sie einfach diese Nachricht.",
    ),
    ("check_in", "en"): (
        "How are you?",
        "we have not seen you for {{ silent }} and wondered how you are. No offer, no reason, only that we noticed.",
    ),
    ("check_in", "de"): (
        "Wie geht es Ihnen?",
        "wir haben Sie seit {{ silent }} nicht gesehen und uns gefragt, wie es Ihnen geht. Kein Angebot, kein Anlass, "
        "nur dass es uns aufgefallen ist.",
    ),
    ("let_go", "en"): (
        "Thank you",
        "thank you for the time you were with us. We are glad to have known you, and the door stays open. You will not "
        "hear from us again unless you want to.",
    ),
    ("let_go", "de"): (
        "Danke",
        "danke für die Zeit, die Sie bei uns waren. Schön, dass wir uns kennen, und die Tür bleibt offen. Sie hören "
        "nichts mehr von uns, außer Sie möchten es.",
    ),
}
STANDARD = {
    (play, language): (subject, f"{_HELLO[language]}\n\n{text}{_ASK[language] if play == 'check_in' else ''}\n\n"
                       f"{_BYE[language]}")
    for (play, language), (subject, text) in _SAID.items()
}  # fmt: skip


def suggested(spell: AtRisk | None, cause: str = "") -> Play:
    """What helps best: against the reason that the customer gave, else against the strongest warning."""
    if cause in FOR_CAUSE:
        return FOR_CAUSE[Cause(cause)]
    warning = warning_named(spell.reason) if spell else None
    return warning.play if warning else Play.CHECK_IN


def words_of(play: str, language: str) -> tuple[str, str]:
    """Return subject and text of a play in the business's own words, else the standard ones. One query."""
    own = PlayWords.objects.filter(play=play, language=language).values_list("subject", "text").first()
    return own or STANDARD.get((play, language)) or STANDARD[play, "en"]


def ready(play: str, holder: Contact | Company, *, by: User, organisation: Organisation, **said: Any) -> Ready:
    """The words of a play, filled in; `said` has what else is known: promise, silent, link. One query.

    Own words that can't be filled in any more never stand in the way: the standard ones are taken.
    """
    known = dict(PlayWords.objects.filter(play=play).values_list("language", "pk"))
    language = _language_of(holder, organisation, {*known, *_HELLO})
    values = {
        "first_name": holder.given_name or holder.display_name if isinstance(holder, Contact) else "",
        "business": organisation.name,
        "sender": by.first_name,
        **said,
    }
    subject, text = words_of(play, language)
    try:
        return Ready(fill(subject, values), fill(text, values), language)
    except GreetingError:
        subject, text = STANDARD.get((play, language)) or STANDARD[play, "en"]
        return Ready(fill(subject, values), fill(text, values), language)


def _language_of(holder: Contact | Company, organisation: Organisation, known: Collection[str]) -> str:
    """The customer's language where there are words in it, else the business's, else English."""
    own = getattr(getattr(holder, "profile_or_blank", None), "language", "")
    wanted = (own, organisation.language, get_language() or "")
    return next((language[:2] for language in wanted if language and language[:2] in known), "en")
