"""The words of a Brief: its sentences, what is quoted in them and how, and which words matter."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from regulars.lib.text import words

QUOTED = 140  # characters of an entry that are repeated


@dataclass(frozen=True)
class Sentence:
    """One sentence, where it comes from, and the words of it that matter most. `tone`: "", "risk" or "quiet".

    `dot` puts a dot before it ("risk" or "good"); what matters is then red when the dot is.
    """

    text: str
    url: str = ""
    emphasis: tuple[str, ...] = ()
    tone: str = ""
    dot: str = ""

    def __str__(self) -> str:
        return self.text

    @property
    def html(self) -> SafeString:
        """The sentence with what matters marked, escaped."""
        marked = str(conditional_escape(self.text))
        mark = '<mark class="text-risk-ink">{}</mark>' if self.dot == "risk" else "<mark>{}</mark>"
        for word in self.emphasis:
            part = str(conditional_escape(word))
            marked = marked.replace(part, str(format_html(mark, word)), 1)
        return mark_safe(marked)  # noqa: S308  (every part was escaped above)


_ABOUT = re.compile(
    r"(?:^how (?:is|are|was|were|did|does|do)|^what (?:happened to|came of|about)|^ask .{0,20}?about|^did)\s+"
    r"(?P<what>.+?)(?:\s+(?:go|going|do|doing|settle|like|feel|feeling|work|recover|recovering)\b.*)?\s*[?.!]*$",
    re.IGNORECASE,
)
_OWNERS = re.compile(r"^(?:the|a|an|her|his|their|your|our|my)\s+", re.IGNORECASE)


def emphasis_of(text: str) -> tuple[str, ...]:
    """The key words of a question: what it asks about."""
    found = _ABOUT.match(text.strip())
    if found and len(found["what"]) <= 40:
        what = _OWNERS.sub("", found["what"])
        return (what,) if what else ()
    names = re.findall(r"(?<=[a-zà-ÿ,;] )[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)*", text)
    return tuple(names[:1])


def telling_words(text: str) -> set[str]:
    """The words of a fact that could only mean it: longer than three letters, not everybody's."""
    return {word for word in words(text) if len(word) > 3} - _COMMON


_COMMON = set("about after again also always called from goes going great have having her into just like likes liked loves make many more much never next often once only over same some soon than that their them then there they this time today very want wants week went were what when where which will with work works would year years your does been being daughter mother father sister brother".split())  # fmt: skip  # noqa: E501, SIM905


def ended(text: str) -> str:
    """The text as a sentence: a capital at the start and a stop at its end."""
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", "”", "“", '"')) else f"{text}."


def _shortened(text: str, limit: int = QUOTED) -> str:
    """The first sentences of a text that fit, or its beginning with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    stop = max(text.rfind(mark, 0, limit) for mark in (". ", "! ", "? "))
    if stop >= limit // 3:
        return text[: stop + 1]
    return text[: text.rfind(" ", 0, limit) if " " in text[:limit] else limit].rstrip(",;:") + "…"


def quoted(text: str, limit: int = QUOTED) -> str:
    """The text in quotation marks, without those it brought itself."""
    text = _shortened(text, limit)
    return text if text[:1] in "“„«" and text[-1:] in "”“»" else _("“%(text)s”") % {"text": text.strip(chr(34))}


def say_day(day: date) -> str:
    """ "28 October", with its year when that is another one."""
    return date_format(day, _("j F") if day.year == timezone.localdate().year else _("j F Y"))


def sentences(parts: Iterable[Sentence]) -> list[str]:
    """The texts alone."""
    return [sentence.text for sentence in parts]
