"""The forms of coupons and gift cards."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.forms.fields import DayField, PersonField
from regulars.contacts.models import Segment
from regulars.orders.forms.loyalty import MoneyField
from regulars.orders.loyalty.finding import code_in
from regulars.orders.models import Coupon, GiftCard, Product
from regulars.orders.models.vouchers import new_coupon_code

MOST_MINOR = 100_000_00
MOST_USES = 1_000_000


class CouponForm(forms.Form):
    """A coupon: what it gives, under which rules, and for whom."""

    name = forms.CharField(label=_("What it is for"), max_length=120)
    kind = forms.ChoiceField(label=_("Gives"), choices=Coupon.Kind.choices, initial=Coupon.Kind.PERCENT)
    percent = forms.IntegerField(label=_("Per cent"), min_value=1, max_value=100, required=False)
    gift = forms.CharField(label=_("What for nothing"), max_length=120, required=False)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        help_text=_("Leave it empty for one that nobody guesses. A word of your own is easy to guess."),
    )
    starts_on = DayField(label=_("From"), required=False)
    ends_on = DayField(label=_("Until"), required=False)
    uses_total = forms.IntegerField(
        label=_("Uses in all"), min_value=1, max_value=MOST_USES, required=False, initial=1,
        help_text=_("Empty: as often as people come."),
    )  # fmt: skip
    uses_each = forms.IntegerField(
        label=_("Uses for each person"), min_value=1, max_value=MOST_USES, required=False
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User, currency: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.user = user
        self.fields["amount"] = MoneyField(
            currency=currency, label=_("Amount in %(currency)s") % {"currency": currency}, required=False
        )
        self.fields["minimum"] = MoneyField(currency=currency, label=_("Only from this amount on"), required=False)
        contact = PersonField(user=user, label=_("Only for"), required=False)
        self.fields["contact"] = contact
        contact.show(self.data.get("contact") or self.initial.get("contact"))
        self.fields["segment"] = forms.ModelChoiceField(
            Segment.objects.visible_to(user).order_by("name"), label=_("Only for this segment"), required=False,
            empty_label=_("Everybody"),
        )  # fmt: skip
        order = "name kind percent amount gift minimum starts_on ends_on uses_total uses_each contact segment code"
        self.order_fields(order.split())

    def clean_code(self) -> str:
        """Return the code as it is kept, a new one for nothing. Raises ValidationError for one that is taken."""
        typed: str = self.cleaned_data["code"]
        if not typed:
            return new_coupon_code()
        code = code_in(typed.strip())
        if not code:
            raise ValidationError(_("Four letters and digits at least, nothing else."))
        if Coupon.objects.filter(code=code).exists() or GiftCard.objects.filter(code=code).exists():
            raise ValidationError(_("This code is taken."))
        return code

    def clean(self) -> dict[str, Any]:
        """Check that it gives what it says and that its days follow each other."""
        said: dict[str, Any] = self.cleaned_data
        needed = {"percent": "percent", "amount": "amount", "product": "gift"}[said.get("kind") or "percent"]
        if needed not in self.errors and not said.get(needed):
            self.add_error(needed, _("Say how much."))
        if said.get("starts_on") and said.get("ends_on") and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", _("This is before its first day."))
        if said.get("contact") and said.get("segment"):
            self.add_error("segment", _("One person or a segment, not both."))
        return said

    def save(self, *, by: User) -> Coupon:
        """Make the coupon."""
        said = dict(self.cleaned_data)
        for name, kind in (("percent", "percent"), ("amount", "amount"), ("gift", "product")):
            if said["kind"] != kind:
                said[name] = "" if name == "gift" else None
        said["minimum"] = said["minimum"] or 0
        if said["gift"]:
            said["product"] = Product.objects.filter(is_active=True, name__iexact=said["gift"]).first()
        bound = {"is_personal": bool(said["contact"]), "is_for_some": bool(said["segment"])}
        coupon: Coupon = Coupon.objects.create(**said, **bound, created_by=by)
        return coupon


class UseCouponForm(forms.Form):
    """For whom, and on what purchase."""

    act = forms.CharField(max_length=60)

    def __init__(self, data: Any = None, *, user: User, currency: str) -> None:
        super().__init__(data)
        self.fields["contact"] = PersonField(user=user, required=False)
        self.fields["spent"] = MoneyField(currency=currency, label=_("The purchase"), required=False)


class SellGiftCardForm(forms.Form):
    """How much is paid in advance, by whom and for whom."""

    for_name = forms.CharField(
        label=_("For (a name on the card)"), max_length=120, required=False, help_text=_("As it should be written.")
    )
    months = forms.IntegerField(
        label=_("Lapses after months"), min_value=1, max_value=120, required=False, initial=36,
        help_text=_("Empty: never. Many countries ask for three years at least."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    act = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: User, currency: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["value"] = MoneyField(
            currency=currency, label=_("Value in %(currency)s") % {"currency": currency}, min_value=1
        )
        for name, label in (("buyer", _("Bought by")), ("holder", _("For somebody we know"))):
            field = PersonField(user=user, label=label, required=False)
            self.fields[name] = field
            field.show(self.data.get(name) or self.initial.get(name))
        self.order_fields(["value", "buyer", "holder", "for_name", "months", "note", "act"])

    def clean_value(self) -> int:
        """Return it. Raises ValidationError for more than a gift card holds."""
        value: int = self.cleaned_data["value"]
        if value > MOST_MINOR:
            raise ValidationError(_("That is more than one card should hold."))
        return value


class ExtendForm(forms.Form):
    """Until when a gift card is good."""

    def __init__(self, data: Any = None, *, card: GiftCard) -> None:
        super().__init__(data)
        self.fields["until"] = DayField(label=_("Good until"), required=False, initial=card.expires_on)

    def clean_until(self) -> date | None:
        """A day to come, or none."""
        until: date | None = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise ValidationError(_("That day is over."))
        return until


class PayForm(forms.Form):
    """How much is taken from a gift card."""

    act = forms.CharField(max_length=60)

    def __init__(self, data: Any = None, *, user: User, currency: str) -> None:
        super().__init__(data)
        self.fields["amount"] = MoneyField(currency=currency, label=_("Take"), min_value=0)
        self.fields["contact"] = PersonField(user=user, required=False)
