"""How to speak of a person: "she has", "he has", "they have"; by name where pronouns would need more forms."""

from dataclasses import dataclass

from django.utils.translation import get_language

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
        return self.subject[:1].upper() + self.subject[1:]

    @property
    def Possessive(self) -> str:
        """The possessive at the start of a sentence."""
        return self.possessive[:1].upper() + self.possessive[1:]

    def verb(self, singular: str, plural: str) -> str:
        """Return the form of a verb that goes with the subject: `verb("has", "have")`."""
        return plural if self.plural else singular


_KNOWN = {
    "she": Pronouns("she", "her", "her"),
    "he": Pronouns("he", "him", "his"),
    "they": Pronouns("they", "them", "their", plural=True),
}


# In these languages a pronoun changes with the verb and the noun beside it ("ihr", "sie", "ihre", "ihren"), so that no
# sentence could take it from here. There we say the name.
_BY_NAME = ("de",)


def pronouns_of(contact: Contact) -> Pronouns:
    """Return the pronouns of a contact as written down ("she/her"), or "they" when none or others are.

    In German it is the name, which fits every case: "Ruf Maya an", "Mayas Geburtstag".
    """
    if (get_language() or "").startswith(_BY_NAME):
        name = contact.given_name or contact.display_name
        return Pronouns(name, name, _genitive(name))
    written = contact.profile_or_blank.pronouns.strip().lower()
    first = written.replace("/", " ").replace(",", " ").split()[:1]
    return _KNOWN.get(first[0] if first else "they", _KNOWN["they"])


def _genitive(name: str) -> str:
    return f"{name}’" if name[-1:].lower() in "sßxz" else f"{name}s"
