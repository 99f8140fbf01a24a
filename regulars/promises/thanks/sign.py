"""`♥` or "thanked her with a card for …" in the capture box becomes thanks when the moment is saved."""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import Organisation, User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.capture.signs import Chip, Found, Hearing, Hung, Sign
from regulars.contacts.models import Contact
from regulars.promises.actions.thanking import thank
from regulars.promises.models import Thanks
from regulars.promises.thanks.words import KNOWN_VERBS, SIGN, Said, money, read_thanks
from regulars.timeline.models import Entry

_START = re.compile(
    rf"(?:^|(?<=[\s.,;]))(?:(?:♥|❤️?|<3)[ \t]*|(?:{KNOWN_VERBS})\b[ \t]*(?:(?:her|him|them|you|lhe|le)\b[ \t]*)?)"
    r"(?=[\w“\"'’])",
    re.IGNORECASE,
)
_END = re.compile(r"\n|(?<=[.!?])\s|\s[!?][ \t]*(?=[\w“\"'’])")
_EDGES = " \t,;:.–—"
ICON = "heart-handshake"


class ThanksSign(Sign):
    """See the module."""

    name = "thanks"
    module = "thanks"
    kind = "thanks"
    button = gettext_lazy("Thank you")
    sign = SIGN

    def find(self, text: str, hearing: Hearing) -> Iterable[Found]:
        """From the first heart or verb to the end of the sentence."""
        match = _START.search(text)
        if match is None:
            return
        stop = _END.search(text, match.end())
        end = stop.start() if stop else len(text)
        said = text[match.end() : end].strip(_EDGES)
        if said:
            yield Found(self.name, match.start(), end, said, read_thanks(said))

    def chips(self, found: Found) -> list[Chip]:
        """How, for what, and what it cost."""
        said: Said = found.value
        chips = [Chip(ICON, str(Thanks.Way(said.way).label), found.key, "accent")]
        if said.reason != Thanks.Reason.OTHER:
            chips.append(Chip("sparkles", str(Thanks.Reason(said.reason).label), found.key))
        if said.cost:
            organisation = Organisation.current()
            chips.append(Chip("coins", money(said.cost, organisation.currency if organisation else ""), found.key))
        return chips

    def alone(self, found: Sequence[Found]) -> str:
        """The words after "Thanked"."""
        return "; ".join(item.said for item in found)

    def save(self, found: Found, entry: Entry, holders: Sequence[Holder], by: User) -> Hung | None:
        """Thank the first person, else the first company: others in the line are whom they brought."""
        said: Said = found.value
        whom = next((one for one in holders if isinstance(one, Contact)), holders[0])
        thank(
            whom, by=by, reason=said.reason, way=said.way, note=said.text, cost=said.cost,
            at=entry.occurred_at, entry=entry,
        )  # fmt: skip
        if entry.kind == "thanks":
            return None
        return Hung(_("thanked: %(what)s") % {"what": said.text[:80]}, whom.get_absolute_url())
