"""`€24.50 2 bags House blend` in the capture box becomes an order when the moment is saved."""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.capture.signs import Ask, Chip, Found, Hearing, Hung, Sign
from regulars.contacts.models import Contact
from regulars.lib.money import money_text, to_minor
from regulars.orders.drafts import BadOrder, OrderDraft
from regulars.orders.entries import text_for
from regulars.orders.models import HAND, Order
from regulars.orders.one_line import AMOUNT, SIGNS, Said, lines_of, read_line
from regulars.orders.rates import home_currency
from regulars.orders.recording import record
from regulars.timeline.models import Entry

MODULE = "orders"
ICON = "shopping-bag"
# An amount begins an order at the start of a line, or after a word that says so.
_VERBS = (
    r"bought|buys|order(?:ed)?|paid|spent|purchase[d]?|kaufte|gekauft|bestellt(?:e)?|bezahlt(?:e)?|zahlte|comprou|pagou"
)
_START = re.compile(
    rf"(?:^|(?<=\n))[ \t]*(?={AMOUNT.pattern})|\b(?:{_VERBS})\b[ \t:]+(?:for[ \t]+|für[ \t]+)?", re.IGNORECASE
)
_END = re.compile(r"\n|(?<=[^\d\s])[.](?=\s|$)|\s[!?♥][ \t]*(?=[\w“\"'’])")
_EDGES = " \t,;:.–—"


class OrderSign(Sign):
    """See the module."""

    name = "order"
    module = MODULE
    kind = "order"
    button = gettext_lazy("Order")

    @property
    def sign(self) -> str:  # type: ignore[override]
        """The sign of the organisation's money, which begins an order."""
        home = home_currency()
        return next((sign for sign, code in SIGNS.items() if code == home), f"{home} ")

    def find(self, text: str, hearing: Hearing) -> Iterable[Found]:
        """From the amount, or the verb before it, to the end of the sentence; one order in a line."""
        for match in _START.finditer(text):
            stop = _END.search(text, match.end())
            end = stop.start() if stop else len(text)
            end = _before_others(match.end(), end, hearing)
            said = text[match.end() : end].strip(_EDGES)
            if AMOUNT.match(said) or AMOUNT.search(said[-16:]):
                yield Found(self.name, match.start(), end, said, said)
                return

    def chips(self, found: Found) -> list[Chip]:
        """What was paid, and what for."""
        said = _said(found)
        if isinstance(said, BadOrder) or said.total is None:
            return [Chip(ICON, str(found.said), found.key, "risk")]
        chips = [Chip(ICON, money_text(to_minor(said.total, said.currency), said.currency), found.key, "accent")]
        if said.parts:
            names = [(quantity, line.name) for (quantity, _n), line in zip(said.parts, lines_of(said)[0], strict=True)]
            chips.append(Chip("package", text_for(names), found.key))
        return chips

    def ask(self, found: Found) -> Ask | None:
        """What is wrong with it."""
        said = _said(found)
        return Ask(str(said)) if isinstance(said, BadOrder) else None

    def alone(self, found: Sequence[Found]) -> str:
        """What was bought."""
        return "; ".join(item.said for item in found)

    def save(self, found: Found, entry: Entry, holders: Sequence[Holder], by: User) -> Hung | None:
        """Keep the order of the first person, else the first company. Raises ValueError when it makes no sense."""
        holder = next((one for one in holders if isinstance(one, Contact)), holders[0])
        said = read_line(found.value)
        lines, discount = lines_of(said)
        draft = OrderDraft(
            placed_at=entry.occurred_at, currency=said.currency, source=HAND, channel=Order.Channel.TILL,
            lines=lines, total=said.total, discount=discount,
        )  # fmt: skip
        is_all = entry.kind == self.kind
        order = record(draft, by=by, holder=holder, entry=entry if is_all else None).order
        if is_all:
            return None
        words = _("order: %(total)s") % {"total": money_text(order.total, order.currency)}
        return Hung(words, order.get_absolute_url())


def _said(found: Found) -> Said | BadOrder:
    try:
        return read_line(found.value)
    except BadOrder as bad:
        return bad


def _before_others(start: int, end: int, hearing: Hearing) -> int:
    """Leave tags and colleagues at the end to themselves."""
    inside = [item.start for item in hearing.others if start < item.start < end]
    return min([end, *inside])
