"""What somebody typed or scanned at the till: a card, a coupon, a gift card, or the beginning of a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from regulars.access.models import User
from regulars.contacts.finding import matching
from regulars.contacts.models import Contact
from regulars.contacts.models.names import split_name
from regulars.lib.search import Query
from regulars.lib.text import digits
from regulars.orders.loyalty import guard
from regulars.orders.models import Coupon, GiftCard, LoyaltyCard
from regulars.orders.models.loyalty import NUMBER_LENGTH, TOKEN_LENGTH, TOKEN_LETTERS, check_digit

SHOWN = 7
LONGEST = 300
SHORTEST_CODE = 4
# At the end of whatever the QR code of a card says: an address, whose signs a scanner may type otherwise.
_TOKEN = re.compile(rf"([{TOKEN_LETTERS}]{{{TOKEN_LENGTH}}})\W*$", re.IGNORECASE)
_CODE = re.compile(r"[A-Z0-9][A-Z0-9 -]*[A-Z0-9]")


@dataclass(frozen=True)
class Found:
    """What it is: one of these, or nothing. `card` may be blocked. `refused`: too many wrong codes."""

    card: LoyaltyCard | None = None
    coupon: Coupon | None = None
    gift: GiftCard | None = None
    people: Sequence[Contact] = field(default_factory=list)
    refused: bool = False


def find(user: User, text: str, *, typed_out: bool) -> Found:
    """Return what `text` means to `user`. Codes are looked up only when it was `typed_out` (Enter, a scanner), so that
    nobody learns of one by typing its beginning, and wrong ones are counted."""
    text = " ".join(text[:LONGEST].replace("\x00", " ").split())
    if not text:
        return Found()
    card = card_for(text)
    if card is not None and _may_know(user, card):
        return Found(card=card)
    if not typed_out:
        return Found(people=people_for(user, text))
    return _by_code(user, text)


def _by_code(user: User, text: str) -> Found:
    code = code_in(text)
    if not code:
        return Found(people=people_for(user, text))
    if guard.guessed_too_often(user):
        people = people_for(user, text)
        return Found(people=people, refused=not people)
    if coupon := Coupon.objects.for_list().filter(code=code).first():
        return Found(coupon=coupon)
    if gift := GiftCard.objects.for_list().filter(code=code).first():
        return Found(gift=gift)
    people = people_for(user, text)
    if not people:
        guard.count_wrong(user)
    return Found(people=people)


def card_for(text: str) -> LoyaltyCard | None:
    """Return the card whose number or QR code `text` is, blocked or not; None for anything else. One query at most."""
    if match := _TOKEN.search(text):
        return _card(token=match[1].lower())
    number = digits(text)
    is_number = len(number) == NUMBER_LENGTH and not re.search(r"[^\d\s.-]", text)
    if is_number and check_digit(number[:-1]) == number[-1]:
        return _card(number=number)
    return None


def code_in(text: str) -> str:
    """Return the code that `text` may be, as codes are kept: capitals without gaps; "" when it can't be one."""
    plain = text.upper()
    if not _CODE.fullmatch(plain):
        return ""
    code = plain.replace(" ", "").replace("-", "")
    return code if SHORTEST_CODE <= len(code) <= 40 else ""


def people_for(user: User, text: str) -> list[Contact]:
    """Return whom the text means, by name, digits of a phone or email; mine first. A fixed number of queries."""
    query = Query(text)
    ids = [] if query.is_number else matching.by_name(user, split_name(text), "contact", SHOWN)
    if not ids:
        ids = (matching.by_digits if query.is_number else matching.by_address)(user, query, SHOWN)["contact"]
    if not ids and not query.is_number and "@" not in text:
        ids = matching.by_misspelt_name(user, split_name(text), "contact", SHOWN)
    found = Contact.objects.visible_to(user).select_related("company").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found][:SHOWN]


def _card(**fields: str) -> LoyaltyCard | None:
    found: LoyaltyCard | None = LoyaltyCard.objects.select_related("contact").filter(**fields).first()
    return found


def _may_know(user: User, card: LoyaltyCard) -> bool:
    return bool(LoyaltyCard.objects.visible_to(user).filter(pk=card.pk).exists())
