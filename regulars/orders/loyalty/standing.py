"""What somebody has on their cards and what it buys: for the till, their page, the Brief and the card in their hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.contacts.models import Contact
from regulars.lib.prepared import prepared
from regulars.orders.models import LoyaltyCard, Programme, Reward

MOST_STAMPS = 30  # drawn as circles; more are a number


@dataclass(frozen=True)
class Offer:
    """A reward as one person sees it: `missing` is how many are needed yet, `key` the key that redeems it."""

    reward: Reward
    missing: int
    key: str = ""

    @property
    def is_reached(self) -> bool:
        """Whether it can be redeemed now."""
        return self.missing <= 0


@dataclass(frozen=True)
class Standing:
    """The cards of one person (newest first), what is on them together, the programme and its rewards."""

    cards: Sequence[LoyaltyCard]
    programme: Programme
    rewards: Sequence[Reward]

    @cached_property
    def balance(self) -> int:
        """What is on all cards together."""
        return sum(card.balance for card in self.cards)

    @property
    def card(self) -> LoyaltyCard | None:
        """The card to show: the newest that is not blocked."""
        return next((card for card in self.cards if card.blocked_at is None), None)

    @cached_property
    def offers(self) -> list[Offer]:
        """Every reward, the cheapest first; those in reach have the keys 1, 2, 3…"""
        return [
            Offer(reward, max(reward.cost - self.balance, 0), str(number) if number < 10 else "")
            for number, reward in enumerate(self.rewards, 1)
        ]

    @property
    def reached(self) -> list[Offer]:
        """The rewards that can be redeemed now, the dearest first."""
        return [offer for offer in reversed(self.offers) if offer.is_reached]

    @property
    def next(self) -> Offer | None:
        """The reward that comes next; None when every one is reached, or there is none."""
        return next((offer for offer in self.offers if not offer.is_reached), None)

    @property
    def circles(self) -> list[bool]:
        """One for each stamp of the next (or the last) reward, True for those that are there; none for points."""
        goal = self.next.reward.cost if self.next else (self.rewards[-1].cost if self.rewards else 0)
        if not self.programme.is_stamps or not 0 < goal <= MOST_STAMPS:
            return []
        return [place < self.balance for place in range(goal)]

    @property
    def amount(self) -> str:
        """ "7 stamps", "120 points"."""
        return count_words(self.balance, self.programme)

    @property
    def what_next(self) -> str:
        """ "Free coffee is theirs now.", "3 more for: Free coffee", where the balance stands beside it anyway."""
        if self.reached:
            return _("%(reward)s is theirs now.") % {"reward": self.reached[0].reward.name}
        if self.next is None:
            return ""
        return _("%(missing)d more for: %(reward)s") % {"missing": self.next.missing, "reward": self.next.reward.name}

    @property
    def words(self) -> str:
        """ "7 of 10 stamps: Free coffee in 3", the one sentence that matters."""
        if self.reached:
            return _("%(amount)s: %(reward)s is theirs now") % {
                "amount": self.amount, "reward": self.reached[0].reward.name
            }  # fmt: skip
        if self.next is None:
            return self.amount
        said = {"have": self.balance, "goal": count_words(self.next.reward.cost, self.programme)}
        said |= {"reward": self.next.reward.name, "missing": self.next.missing}
        return _("%(have)d of %(goal)s: %(reward)s in %(missing)d") % said


def count_words(number: int, programme: Programme) -> str:
    """Return "1 stamp", "3 stamps" or "40 points"."""
    if programme.is_stamps:
        return ngettext("%(number)d stamp", "%(number)d stamps", number) % {"number": number}
    return ngettext("%(number)d point", "%(number)d points", number) % {"number": number}


def standing_of(contact: Contact) -> Standing:
    """Return what `contact` has. Three queries."""
    return Standing(_cards(contact.pk), Programme.current(), _offered())


def standing_if_any(contact: Contact) -> Standing | None:
    """The same, None for somebody without a card: that takes one query."""
    cards = _cards(contact.pk)
    return Standing(cards, Programme.current(), _offered()) if cards else None


@prepared
def _cards(contact: int) -> QuerySet[LoyaltyCard]:
    found: QuerySet[LoyaltyCard] = LoyaltyCard.objects.filter(contact=contact).order_by("-pk")[:20]
    return found


@prepared
def _offered() -> QuerySet[Reward]:
    return Reward.objects.filter(is_active=True).order_by("cost", "pk")[:30]
