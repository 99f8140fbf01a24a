"""Folding of text, so that "Inês" and "ines" are the same word."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

from django.utils.translation import get_language
from django.utils.translation import gettext as _

CAPITAL_NOUNS = ("de",)  # languages that write every noun with a capital
_WORD = re.compile(r"\w+", re.UNICODE)
_TITLES = {
    *("mr", "mrs", "ms", "miss", "mx", "sir", "dame", "dr", "prof", "herr", "frau", "ing", "dipl"),
    *("sr", "sra", "srta", "dona", "don", "doña", "m", "mme", "mlle"),
}
_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


def fold(text: str) -> str:
    """Return `text` in lower case, without accents and with single spaces: what comparisons are made on."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.split())


def words(text: str) -> list[str]:
    """Return the folded words of `text` in their order, each once."""
    return list(dict.fromkeys(_WORD.findall(fold(text))))


def digits(text: str) -> str:
    """Return only the decimal digits of `text`."""
    return "".join(c for c in text if c.isdecimal())


def number_in(text: object) -> int | None:
    """Return the whole number in an address or a form; None for anything else, and for one too large for an id."""
    said = str(text or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def numbers_in(texts: Iterable[object], most: int) -> list[int]:
    """Return the whole numbers among the first `most` of `texts`."""
    return [number for text in islice(texts, most) if (number := number_in(text)) is not None]


def initials(name: str) -> str:
    """Return one or two capital letters that stand for `name`, titles left out; "?" when there is none."""
    words = [word for word in name.split() if any(c.isalnum() for c in word)]
    names = [word for word in words if word.rstrip(".").lower() not in _TITLES] or words
    letters = [next(c for c in word if c.isalnum()) for word in names]
    return "".join([letters[0], letters[-1]] if len(letters) > 1 else letters or ["?"]).upper()


def in_sentence(name: str) -> str:
    """Return a name as it stands in the middle of a sentence: "Referral" gives "referral", but "VIP" stays.

    In a language that writes nouns with a capital it stays as it is.
    """
    if name.isupper() or (get_language() or "").startswith(CAPITAL_NOUNS):
        return name
    return name[:1].lower() + name[1:]


def sentence_list(names: list[str], limit: int = 3) -> str:
    """Return "Ana, Rui and 4 more" for a list of names."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= limit:
        return _("%(most)s and %(last)s") % {"most": ", ".join(names[:-1]), "last": names[-1]}
    rest = {"most": ", ".join(names[:limit]), "count": len(names) - limit}
    return _("%(most)s and %(count)d more") % rest
