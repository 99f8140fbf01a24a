"""How to speak of a person: "she has", "he has", "they have"."""

from dataclasses import dataclass

from regulars.contacts.models import Contact


@dataclass(frozen=True)
class Pronouns:
    """The forms of one pronoun; `plural` says whether verbs stand in the plural ("they have")."""

    subject: str
    object: str
    possessive: str
    plural: bool = False

    @property
    def Subject(self) -> str:
        """The subject at the start of a sentence."""
        return self.subject.capitalize()

    @property
    def Possessive(self) -> str:
        """The possessive at the start of a sentence."""
        return self.possessive.capitalize()

    def verb(self, singular: str, plural: str) -> str:
        """Return the form of a verb that goes with the subject: `verb("has", "have")`."""
        return plural if self.plural else singular


_KNOWN = {
    "she": Pronouns("she", "her", "her"),
    "he": Pronouns("he", "him", "his"),
    "they": Pronouns("they", "them", "their", plural=True),
}


def pronouns_of(contact: Contact) -> Pronouns:
    """Return the pronouns of a contact as written down ("she/her"), or "they" when none or others are."""
    written = contact.profile_or_blank.pronouns.strip().lower()
    first = written.replace("/", " ").replace(",", " ").split()[:1]
    return _KNOWN.get(first[0] if first else "they", _KNOWN["they"])
