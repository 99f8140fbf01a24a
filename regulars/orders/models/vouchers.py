"""Coupons and gift cards: codes that are worth something at the till."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Contact, Segment
from regulars.orders.models.order import Order
from regulars.orders.models.product import Product

# Without vowels (no words by accident) and without what is mistaken for something else when read aloud.
LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"
COUPON_LENGTH, GIFT_LENGTH = 10, 16  # 10¹⁴ and 10²² codes


def new_coupon_code() -> str:
    """Return a code that nobody guesses."""
    return get_random_string(COUPON_LENGTH, LETTERS)


def new_gift_code() -> str:
    """Return a longer one: it is money."""
    return get_random_string(GIFT_LENGTH, LETTERS)


class CouponQuerySet(models.QuerySet["Coupon"]):
    """Reading coupons."""

    def running(self, today: date) -> Self:
        """Those that can be used today."""
        found = self.filter(stopped_at=None).exclude(starts_on__gt=today).exclude(ends_on__lt=today)
        return found.filter(Q(uses_total=None) | Q(used__lt=F("uses_total")))

    def for_list(self) -> Self:
        """Load what a row shows."""
        return self.select_related("contact", "segment", "product")


class Coupon(models.Model):
    """A code that takes something off an order: per cent, an amount, or a product for nothing.

    `amount` and `minimum` are minor units of the organisation's currency. `used` is kept, and guarded by the database.
    """

    class Kind(models.TextChoices):
        """What it gives."""

        PERCENT = "percent", _("Per cent off")
        AMOUNT = "amount", _("An amount off")
        PRODUCT = "product", _("Something for nothing")

    code = models.CharField(_("Code"), max_length=40, unique=True, default=new_coupon_code)
    name = models.CharField(_("What it is for"), max_length=120)
    kind = models.CharField(_("Gives"), max_length=7, choices=Kind.choices, default=Kind.PERCENT)
    percent = models.PositiveSmallIntegerField(_("Per cent"), null=True, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Product")
    )
    gift = models.CharField(_("What for nothing"), max_length=120, blank=True)
    starts_on = models.DateField(_("From"), null=True, blank=True)
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    minimum = models.BigIntegerField(default=0)
    uses_total = models.PositiveIntegerField(_("Uses in all"), null=True, blank=True)
    uses_each = models.PositiveIntegerField(_("Uses for each person"), null=True, blank=True)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="coupons", verbose_name=_("Only for")
    )
    segment = models.ForeignKey(
        Segment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Only for this segment")
    )
    is_personal = models.BooleanField(default=False, help_text="Was for one person, even if they are gone.")
    is_for_some = models.BooleanField(default=False, help_text="Was for a segment, even if it is gone.")
    used = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = CouponQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="coupon_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(uses_total=None) | Q(used__lte=F("uses_total")), name="coupon_not_used_too_often"
            ),
            models.CheckConstraint(
                condition=Q(kind="percent", percent__gte=1, percent__lte=100)
                | Q(kind="amount", amount__gt=0)
                | (Q(kind="product") & (Q(product__isnull=False) | ~Q(gift=""))),
                name="coupon_gives_what_it_says",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="coupon_days"
            ),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="coupon_minimum"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("coupon", args=[self.pk])

    @property
    def state(self) -> str:
        """ "running", "waiting", "over", "used" or "stopped"."""
        today = timezone.localdate()
        if self.stopped_at:
            return "stopped"
        if self.uses_total is not None and self.used >= self.uses_total:
            return "used"
        if self.ends_on and self.ends_on < today:
            return "over"
        return "waiting" if self.starts_on and self.starts_on > today else "running"

    def take_one(self) -> bool:
        """Count one more use; False when it was stopped or used up, perhaps at the other till this very moment."""
        mine = Coupon.objects.filter(pk=self.pk, stopped_at=None)
        mine = mine.filter(Q(uses_total=None) | Q(used__lt=F("uses_total")))
        return bool(mine.update(used=F("used") + 1))

    def stop(self) -> bool:
        """Let nobody use it any more; False when that was done already."""
        return bool(Coupon.objects.filter(pk=self.pk, stopped_at=None).update(stopped_at=timezone.now()))

    def resume(self) -> bool:
        """Let it be used again; False when it was not stopped."""
        return bool(Coupon.objects.filter(pk=self.pk, stopped_at__isnull=False).update(stopped_at=None))


class CouponUse(models.Model):
    """Somebody used a coupon. `saved` is what it took off, where the purchase was said; `turn` counts one person's."""

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="uses", db_index=False)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="coupon_uses", db_index=False
    )
    order = models.ForeignKey(Order, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    turn = models.PositiveIntegerField(default=1)
    saved = models.BigIntegerField(null=True, blank=True)
    act = models.CharField(max_length=80, unique=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["coupon", "-at", "-id"], name="coupon_use_newest"),
            models.Index(fields=["contact", "-at"], condition=Q(contact__isnull=False), name="coupon_use_of_contact"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["coupon", "contact", "turn"],
                condition=Q(contact__isnull=False, undone_at=None),
                name="coupon_turn_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.coupon_id} at {self.at:%Y-%m-%d}"


class GiftCardQuerySet(models.QuerySet["GiftCard"]):
    """Reading gift cards."""

    def for_list(self) -> Self:
        """Load what a row shows."""
        return self.select_related("buyer", "holder")


class GiftCard(models.Model):
    """Money paid in advance, on a code. `value` and `balance` are minor units of `currency`.

    `balance` is the sum of its moves, kept with them and never below zero. Who bought it and whom it is for may be
    people we know, or a name.
    """

    code = models.CharField(max_length=40, unique=True, default=new_gift_code)
    value = models.BigIntegerField()
    balance = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    expires_on = models.DateField(null=True, blank=True)
    buyer = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="gift_cards_bought")
    holder = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="gift_cards")
    for_name = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    act = models.CharField(max_length=80, unique=True)
    sold_at = models.DateTimeField(default=timezone.now)
    sold_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    blocked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = GiftCardQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-sold_at", "-id"], name="gift_card_newest"),
            models.Index(fields=["expires_on"], condition=Q(balance__gt=0), name="gift_card_to_lapse"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__gt=0), name="gift_card_has_a_value"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="gift_card_never_below_zero"),
            models.CheckConstraint(condition=Q(balance__lte=F("value")), name="gift_card_never_above_value"),
        ]

    def __str__(self) -> str:
        return self.shown_code

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("gift-card", args=[self.pk])

    @property
    def shown_code(self) -> str:
        """The code in groups of four."""
        return " ".join(self.code[at : at + 4] for at in range(0, len(self.code), 4))

    @property
    def ends_of_code(self) -> str:
        """Enough of it to tell it apart in a list, too little to use it."""
        return f"…{self.code[-4:]}"

    @property
    def state(self) -> str:
        """ "full", "partly", "empty", "over" or "blocked"."""
        if self.blocked_at:
            return "blocked"
        if self.expires_on and self.expires_on < timezone.localdate():
            return "over"
        if not self.balance:
            return "empty"
        return "full" if self.balance == self.value else "partly"

    def shift(self, amount: int) -> bool:
        """Add `amount` to the balance, below zero to take; False when there is not so much on it, or it is blocked.

        One guarded UPDATE, like `LoyaltyCard.shift`. Write the move too.
        """
        mine = GiftCard.objects.filter(pk=self.pk, balance__gte=-amount)
        if amount < 0:
            mine = mine.filter(blocked_at=None)
        return bool(mine.update(balance=F("balance") + amount))

    def block(self) -> bool:
        """Let nobody pay with it; False when it was blocked already."""
        return bool(GiftCard.objects.filter(pk=self.pk, blocked_at=None).update(blocked_at=timezone.now()))

    def unblock(self) -> bool:
        """Let it be used again; False when it was not blocked."""
        return bool(GiftCard.objects.filter(pk=self.pk, blocked_at__isnull=False).update(blocked_at=None))


class GiftMove(models.Model):
    """One line of the ledger of a gift card. `act` names what was done, so that it is done once."""

    class Kind(models.TextChoices):
        """Why."""

        SOLD = "sold", _("Sold")
        USED = "used", _("Used")
        REVERSED = "reversed", _("Taken back")
        EXPIRED = "expired", _("Lapsed")

    card = models.ForeignKey(GiftCard, models.CASCADE, related_name="moves", db_index=False)
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    act = models.CharField(max_length=80, unique=True)
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone_by")
    order = models.ForeignKey(Order, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["card", "-at", "-id"], name="gift_move_of_card")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="sold", amount__gt=0)
                | Q(kind__in=("used", "expired"), amount__lt=0)
                | Q(kind="reversed", amount__gt=0),
                name="gift_move_has_its_sign",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.kind}"
