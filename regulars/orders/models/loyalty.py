"""Loyalty: how points or stamps are earned, what they buy, the cards people carry, and the ledger of both.

What somebody has is the sum over their cards: two people who are merged bring two cards, and both go on working. Each
card's `balance` is kept beside its moves, in the same transaction, and the database itself refuses one below zero.
"""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from regulars.access.door import visibility_filter
from regulars.access.models import User
from regulars.contacts.models import Contact
from regulars.orders.models.order import Order
from regulars.orders.models.product import Product

NUMBER_LENGTH = 10
# 26 of 30 letters, 127 bits; none that scanners type wrongly on another keyboard (y, z, signs), none that look alike.
TOKEN_LENGTH, TOKEN_LETTERS = 26, "abcdefghijkmnopqrstuvwx2345679"


class Programme(models.Model):
    """How the business thanks those who come back: one row.

    `minimum` is in minor units of the organisation's currency: an order below it earns nothing. `rate` is how much is
    earned by an order, by one unit of what counts, or by one whole unit of the currency. Orders placed before
    `rules_since` never earn by these rules, so that a change of them changes nothing that was.
    """

    class Kind(models.TextChoices):
        """What is collected."""

        STAMPS = "stamps", _("Stamps")
        POINTS = "points", _("Points")

    class Earn(models.TextChoices):
        """What earns."""

        ORDER = "order", _("every order")
        UNIT = "unit", _("every unit bought")
        AMOUNT = "amount", _("every unit of money spent")

    kind = models.CharField(_("Collect"), max_length=6, choices=Kind.choices, default=Kind.STAMPS)
    name = models.CharField(_("Name of the card"), max_length=80, blank=True)
    earn = models.CharField(_("For"), max_length=6, choices=Earn.choices, default=Earn.ORDER)
    rate = models.DecimalField(_("How many"), max_digits=8, decimal_places=3, default=Decimal(1))
    category = models.CharField(_("Only this category"), max_length=100, blank=True)
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Only this product")
    )
    minimum = models.BigIntegerField(default=0)
    welcome = models.PositiveIntegerField(_("Welcome gift"), default=0)
    expiry_months = models.PositiveSmallIntegerField(_("Lapses after months without a visit"), null=True, blank=True)
    is_on = models.BooleanField(_("Orders earn by themselves"), default=True)
    rules_since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="one_programme"),
            models.CheckConstraint(condition=Q(rate__gt=0, minimum__gte=0), name="programme_earns_something"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    @classmethod
    def current(cls) -> "Programme":
        """Return the programme, or the one that a business starts with: a stamp for every order."""
        return cls.objects.select_related("product").filter(pk=1).first() or cls(pk=1)

    @property
    def is_stamps(self) -> bool:
        """Whether stamps are collected, not points."""
        return self.kind == self.Kind.STAMPS


class Reward(models.Model):
    """What points or stamps buy. One that was redeemed is never deleted: it is no longer offered."""

    name = models.CharField(_("Reward"), max_length=120)
    cost = models.PositiveIntegerField(_("Costs"))
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Product")
    )
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["cost", "id"], condition=Q(is_active=True), name="reward_offered")]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(cost__gt=0), name="reward_costs_something")]

    def __str__(self) -> str:
        return self.name


def new_token() -> str:
    """Return the secret of a card."""
    return get_random_string(TOKEN_LENGTH, TOKEN_LETTERS)


def new_number() -> str:
    """Return a number for a card: nine digits by chance and one that proves them."""
    digits = get_random_string(NUMBER_LENGTH - 1, "0123456789")
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Return the digit after Luhn (ISO/IEC 7812-1): a mistyped digit or two swapped ones don't fit."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


class CardQuerySet(models.QuerySet["LoyaltyCard"]):
    """Reading cards."""

    def visible_to(self, user: User) -> Self:
        """Those of people that `user` may know of."""
        known = Q(contact__binned_at=None, contact__erased_at=None)
        return self.filter(visibility_filter(user, "contact__"), known)

    def usable(self) -> Self:
        """Those that were not blocked."""
        return self.filter(blocked_at=None)

    def for_list(self) -> Self:
        """Load what a row shows."""
        return self.select_related("contact")

    def balance(self) -> int:
        """What is on them together; on blocked ones too: a lost card costs nobody their points."""
        return int(self.aggregate(total=Sum("balance"))["total"] or 0)


class LoyaltyCard(models.Model):
    """A card in somebody's hand, found by its number or by the secret in its QR code.

    `balance` is the sum of its moves. `active_at` is when something was last earned or spent by its holder.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="loyalty_cards", db_index=False)
    number = models.CharField(max_length=20, unique=True, default=new_number)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    balance = models.BigIntegerField(default=0)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    active_at = models.DateTimeField(default=timezone.now)
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects: ClassVar[Any] = CardQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contact", "id"], name="card_of_contact"),
            models.Index(fields=["-active_at", "-id"], name="card_by_activity"),
            models.Index(fields=["balance", "contact"], condition=Q(balance__gt=0), name="card_with_balance"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="card_never_below_zero"),
            models.CheckConstraint(
                condition=Q(blocked_at=None, blocked_by=None) | Q(blocked_at__isnull=False), name="card_blocked_when"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_number

    def get_absolute_url(self) -> str:
        """The page for whoever holds the card."""
        return reverse("loyalty-card", args=[self.token])

    @property
    def shown_number(self) -> str:
        """The number in groups that can be read aloud."""
        return f"{self.number[:3]} {self.number[3:6]} {self.number[6:]}".strip()

    def block(self, *, by: User) -> bool:
        """Let it open nothing any more; what is on it stays its holder's. False when it was blocked already."""
        mine = LoyaltyCard.objects.filter(pk=self.pk, blocked_at=None)
        return bool(mine.update(blocked_at=timezone.now(), blocked_by=by))

    def unblock(self) -> bool:
        """Let it be used again; False when it was not blocked."""
        mine = LoyaltyCard.objects.filter(pk=self.pk, blocked_at__isnull=False)
        return bool(mine.update(blocked_at=None, blocked_by=None))

    def shift(self, amount: int) -> bool:
        """Add `amount` to the balance, below zero to take; False when there is not so much on it. Write the move too.

        One guarded UPDATE: of two tills that take at once the second sees what the first has left.
        """
        mine = LoyaltyCard.objects.filter(pk=self.pk, balance__gte=-amount)
        return bool(mine.update(balance=F("balance") + amount, active_at=timezone.now()))


class LoyaltyMove(models.Model):
    """One line of the ledger. `act` names what was done, once for each card: sent twice, it is done once.

    One act can have a move on several cards of the same person. `rule` is what an order was reckoned by, so that its
    refund is reckoned alike.
    """

    class Kind(models.TextChoices):
        """Why."""

        EARNED = "earned", _("Earned")
        REDEEMED = "redeemed", _("Redeemed")
        ADJUSTED = "adjusted", _("Given by hand")
        WELCOME = "welcome", _("Welcome gift")
        EXPIRED = "expired", _("Lapsed")
        REVERSED = "reversed", _("Taken back")

    card = models.ForeignKey(LoyaltyCard, models.CASCADE, related_name="moves", db_index=False)
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    act = models.CharField(max_length=80)
    order = models.ForeignKey(
        Order, models.SET_NULL, null=True, blank=True, related_name="loyalty_moves", db_index=False
    )
    reward = models.ForeignKey(Reward, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone_by")
    rule = models.JSONField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["card", "-at", "-id"], name="loyalty_move_of_card"),
            models.Index(fields=["order"], condition=Q(order__isnull=False), name="loyalty_move_of_order"),
            models.Index(fields=["reward"], condition=Q(reward__isnull=False), name="loyalty_move_of_reward"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "card"], name="loyalty_act_once"),
            models.UniqueConstraint(fields=["act"], condition=Q(kind="welcome"), name="loyalty_welcome_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="loyalty_move_moves"),
            models.CheckConstraint(
                condition=Q(kind__in=("earned", "welcome"), amount__gt=0)
                | Q(kind__in=("redeemed", "expired"), amount__lt=0)
                | Q(kind__in=("adjusted", "reversed")),
                name="loyalty_move_has_its_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.kind}"
