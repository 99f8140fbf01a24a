"""How thanks read, and what a line in the capture box says about them."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.lib.text import fold

if TYPE_CHECKING:
    from regulars.promises.models import Occasion, Thanks

WAYS: dict[str, str | Promise] = {
    "words": gettext_lazy("in words"),
    "card": gettext_lazy("with a card"),
    "gift": gettext_lazy("with a gift"),
    "discount": gettext_lazy("with a discount"),
    "call": gettext_lazy("with a call"),
    "public": gettext_lazy("in public"),
}
REASONS: dict[str, str | Promise] = {
    "referral": gettext_lazy("for bringing somebody"),
    "big_order": gettext_lazy("for a big order"),
    "loyalty": gettext_lazy("for long loyalty"),
    "kind_words": gettext_lazy("for kind words"),
    "help": gettext_lazy("for help"),
    "feedback": gettext_lazy("for feedback"),
    "patience": gettext_lazy("for patience after our mistake"),
    "other": "",
}
# Beginnings of folded words, in the languages that the capture box understands.
_WAY_WORDS = {
    "card": "card postcard letter karte cartao carta tarjeta carte lettre handwritten",
    "gift": "gift present flowers bouquet voucher bottle geschenk blumen gutschein presente oferta flores regalo "
    "cadeau fleurs",
    "discount": "discount rabatt desconto descuento remise reduction",
    "call": "call called phone angerufen anruf telefon telefonema chamada llamada appel",
    "public": "public post posted story instagram oeffentlich offentlich publico publicamente publiquement",
}  # fmt: skip
_REASON_WORDS = {
    "referral": "bringing brought referral recommending recommended referring introducing empfehlung empfohlen "
    "trazer trouxe "
    "recomendar recomendacao traer trajo recomendacion recommandation amene",
    "big_order": "order bestellung auftrag encomenda pedido commande",
    "loyalty": "loyalty loyal years treue jahre lealdade fidelidade anos lealtad fidelidad fidelite annees",
    "kind_words": "review words praise compliment lob bewertung elogio avis compliment resena",
    "help": "help helping helped hilfe geholfen ajuda ayuda aide",
    "feedback": "feedback rating survey rueckmeldung ruckmeldung opiniao opinion",
    "patience": "patience waiting geduld paciencia patience",
}
_MONEY = re.compile(
    r"(?:(?P<before>[€$£]|[A-Z]{3})\s?(?P<a>\d{1,7}(?:[.,]\d{1,2})?)|(?P<b>\d{1,7}(?:[.,]\d{1,2})?)\s?(?:[€$£]|EUR|USD|GBP|CHF)(?!\w))"
)


@dataclass(frozen=True)
class Said:
    """What a line says about thanks; `cost` in the currency of the business."""

    text: str
    way: str = "words"
    reason: str = "other"
    cost: Decimal = Decimal(0)


def read_thanks(text: str) -> Said:
    """Understand "with a card for bringing Studio Norte, €4.50"."""
    found = set(re.findall(r"[^\W\d_]+", fold(text)))
    return Said(
        text[:500],
        next((way for way, known in _WAY_WORDS.items() if found & set(known.split())), "words"),
        next((reason for reason, known in _REASON_WORDS.items() if found & set(known.split())), "other"),
        _cost(text),
    )


def _cost(text: str) -> Decimal:
    match = _MONEY.search(text)
    if not match:
        return Decimal(0)
    try:
        return Decimal((match["a"] or match["b"]).replace(",", "."))
    except InvalidOperation:
        return Decimal(0)


def sentence(thanks: "Thanks", occasion: "Occasion | None" = None) -> str:
    """Return what stands on the timeline after "Thanked": "with a card for kind words: a note from all of us"."""
    way, reason = str(WAYS.get(thanks.way, "")), str(REASONS.get(thanks.reason, ""))
    said = _("%(way)s %(reason)s") % {"way": way, "reason": reason} if reason else way
    return _("%(said)s: %(note)s") % {"said": said, "note": thanks.note} if thanks.note else said


def money(amount: Decimal, currency: str) -> str:
    """Return "12.50 EUR", or "" for nothing."""
    return f"{number_format(amount, 2, use_l10n=True, force_grouping=True)} {currency}".strip() if amount else ""


SIGN = "♥"
# "thanked her with a card", and the same in the other languages; a heart says it in all of them.
KNOWN_VERBS = "thanked|said thank you|bedankt|gedankt|agradeci|agradecemos|agradecí|agradecimos|remercié|remerciée"
