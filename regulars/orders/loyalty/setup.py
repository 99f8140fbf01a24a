"""What loyalty adds to the floors below: a module, places, a kind of entry, the Brief, a panel, conditions, and what
becomes of cards when people are merged or erased."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.actions.merging import Move, follow
from regulars.contacts.brief import parts
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Contact
from regulars.lib import modules, navigation, palette, panels
from regulars.orders import after
from regulars.orders.loyalty import ICON, KIND, MODULE, conditions
from regulars.orders.loyalty.brief import loyalty_part
from regulars.orders.loyalty.earning import follow_orders
from regulars.orders.models import Coupon, CouponUse, GiftCard, LoyaltyCard, LoyaltyMove
from regulars.timeline import kinds


def register() -> None:
    """Make loyalty known; called in `apps.ready()`."""
    from regulars.orders.loyalty import lapsing  # noqa: F401  (its schedule)

    modules.register(
        modules.Module(
            MODULE,
            _("Loyalty"),
            _("Points or stamps that follow the orders, rewards, coupons and gift cards, all at one till page."),
            ICON,
            order=62,
            off_for=("law", "consulting", "trades", "other"),
        )
    )
    _places()
    kinds.register(kinds.EntryKind(KIND, _("Loyalty"), ICON, by_hand=False))
    parts.register_part(parts.BriefPart("loyalty", _("Loyalty"), order=45, sentences=loyalty_part, module=MODULE))
    panels.register(
        panels.Panel("contact-aside", _("Loyalty"), "contact-loyalty", permission="view", order=25, module=MODULE)
    )
    panels.register(
        panels.Panel("company-aside", _("Loyalty"), "company-loyalty", permission="view", order=25, module=MODULE)
    )
    follow(
        Contact,
        Move(LoyaltyCard, "contact"),
        Move(Coupon, "contact"),
        Move(CouponUse, "contact", ("coupon_id", "turn")),
        Move(GiftCard, "buyer"),
        Move(GiftCard, "holder"),
    )
    on_erase(forget)
    also_export("loyalty", everything_of)
    after.on_change(follow_orders)
    conditions.register()


def _places() -> None:
    navigation.register(
        navigation.NavItem(
            _("Loyalty"), "loyalty-till", ICON, order=46, module=MODULE, key="y", permission="log", under=["/loyalty/"]
        )
    )
    navigation.register(
        navigation.NavItem(
            _("Loyalty"), "loyalty-settings", ICON, order=36, module=MODULE, where="settings", permission="settings"
        )
    )
    for command in (
        palette.Command("loyalty-till", _("Loyalty at the till"), ICON, "loyalty-till", permission="log",
                        module=MODULE, order=29, also=_("scan card stamp points reward redeem coupon voucher")),
        palette.Command("gift-card", _("Sell a gift card"), "gift", "gift-card-sell", permission="log",
                        module=MODULE, order=30, also=_("voucher present")),
        palette.Command("coupon", _("Make a coupon"), "ticket-percent", "coupon-add", permission="settings",
                        module=MODULE, order=49, also=_("discount code voucher")),
    ):  # fmt: skip
        palette.register(command)


def forget(traces: Traces) -> None:
    """Erase what loyalty says of a person. Gift cards are money and stay, without the name; so do used coupons."""
    LoyaltyCard.objects.filter(contact_id=traces.contact_id).delete()
    CouponUse.objects.filter(contact_id=traces.contact_id).update(contact=None)
    Coupon.objects.filter(contact_id=traces.contact_id).update(contact=None)
    for coupon in Coupon.objects.filter(is_personal=True, contact=None):
        if (name := traces.without(coupon.name)) != coupon.name:
            Coupon.objects.filter(pk=coupon.pk).update(name=name[:120])
    theirs = Q(buyer=traces.contact_id) | Q(holder=traces.contact_id)
    for card in GiftCard.objects.filter(theirs):
        card.for_name, card.note = traces.without(card.for_name)[:120], traces.without(card.note)[:200]
        card.buyer_id = None if card.buyer_id == traces.contact_id else card.buyer_id
        card.holder_id = None if card.holder_id == traces.contact_id else card.holder_id
        card.save(update_fields=["for_name", "note", "buyer", "holder"])


def everything_of(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What a person is given to read: their cards with every move, coupons they used, gift cards they have."""
    names = ("at", "amount", "kind", "note", "reward__name")
    cards = [
        {
            "card": card.number,
            "issued_at": card.issued_at,
            "balance": card.balance,
            "moves": list(LoyaltyMove.objects.filter(card=card).order_by("at", "pk").values(*names)),
        }
        for card in LoyaltyCard.objects.filter(contact=contact).order_by("pk")
    ]
    used = CouponUse.objects.filter(contact=contact, undone_at=None).order_by("at")
    coupons = [{"coupon": name, "used_at": at} for name, at in used.values_list("coupon__name", "at")]
    gifts = GiftCard.objects.filter(Q(holder=contact) | Q(buyer=contact)).order_by("pk")
    columns = ("sold_at", "value", "balance", "currency", "expires_on")
    return [*cards, *coupons, *[{"gift_card": True, **row} for row in gifts.values(*columns)]]
