"""The forms of loyalty: how it works, rewards, giving by hand and correcting a balance."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.lib.money import from_minor, places, to_minor
from regulars.orders.models import Product, Programme, Reward

MOST = 100_000
EARNING = ("earn", "rate", "category", "product", "minimum")  # what counts only for orders from now on


class MoneyField(forms.DecimalField):
    """An amount of the organisation's currency: a decimal on the page, whole minor units in Python."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("min_value", 0)
        # Browsers refuse the comma of other countries in number fields.
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(decimal_places=places(currency), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return minor units, None for nothing. People write "3,50" too."""
        amount = super().clean(str(value).replace(",", ".") if isinstance(value, str) else value)
        return None if amount is None else to_minor(amount, self.currency)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount was typed."""
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        """Show minor units as an amount; what was typed stays as it was typed."""
        return from_minor(value, self.currency) if isinstance(value, int) else value


class LoyaltySettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """How loyalty works."""

    class Meta:
        model = Programme
        fields = ("kind", "name", "rate", "earn", "product", "category", "welcome", "expiry_months", "is_on")

    def __init__(self, data: Any = None, *, instance: Programme, currency: str) -> None:
        super().__init__(data, instance=instance)
        earn = self.fields["earn"]
        earn.choices = [  # type: ignore[attr-defined]
            ("order", _("every order")),
            ("unit", _("every unit bought")),
            ("amount", _("every %(currency)s spent") % {"currency": currency}),
        ]
        self.fields["name"].widget.attrs["placeholder"] = _("Coffee card")
        self.initial["rate"] = Decimal(f"{instance.rate.normalize():f}")
        self.fields["rate"].widget = forms.NumberInput(attrs={"step": "any", "min": "0"})
        self.fields["rate"].max_value = MOST  # type: ignore[attr-defined]
        products = Product.objects.filter(is_active=True).order_by("folded")[:500]
        product = self.fields["product"]
        product.queryset = Product.objects.all()  # type: ignore[attr-defined]
        product.choices = [("", _("Any")), *((one.pk, one.name) for one in products)]  # type: ignore[attr-defined]
        known = Product.objects.exclude(category="").order_by("category").values_list("category", flat=True)
        chosen = [(one, one) for one in dict.fromkeys([*known.distinct()[:100], instance.category]) if one]
        self.fields["category"] = forms.ChoiceField(
            label=self.fields["category"].label, choices=[("", _("Any")), *chosen], required=False
        )
        self.fields["minimum"] = MoneyField(
            currency=currency, label=_("Only from this amount on"), required=False, initial=instance.minimum or None
        )
        self.fields["expiry_months"].widget.attrs["min"] = 1
        self.order_fields(["kind", "name", "rate", "earn", "minimum", "product", "category", "welcome"])

    def clean_rate(self) -> Decimal:
        """Return it. Raises ValidationError for nothing at all, and for half a stamp."""
        rate: Decimal = self.cleaned_data["rate"]
        if rate <= 0 or rate > MOST:
            raise ValidationError(_("Between nothing and %(most)d.") % {"most": MOST})
        if self.data.get("earn") == Programme.Earn.ORDER and rate != rate.to_integral_value():
            raise ValidationError(_("An order earns whole ones."))
        return rate

    def clean_expiry_months(self) -> int | None:
        """Return the months, None for never."""
        return self.cleaned_data["expiry_months"] or None

    def programme(self) -> Programme:
        """Return the programme as the form says it, unsaved."""
        programme: Programme = self.instance
        programme.minimum = self.cleaned_data.get("minimum") or 0
        return programme

    def keep(self) -> Programme:
        """Save it. New rules of earning count for orders from now on."""
        programme = self.programme()
        if programme._state.adding or set(self.changed_data) & set(EARNING):
            programme.rules_since = timezone.now()
        programme.pk = 1
        programme.save()
        return programme


class RewardForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is given, and what it costs."""

    class Meta:
        model = Reward
        fields = ("name", "cost")

    def __init__(self, data: Any = None, *, instance: Reward | None = None, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        self.fields["name"].widget.attrs["placeholder"] = _("Free coffee")

    def clean_cost(self) -> int:
        """Return it. Raises ValidationError for nothing."""
        cost: int = self.cleaned_data["cost"]
        if not 0 < cost <= 10 * MOST:
            raise ValidationError(_("At least one."))
        return cost


class GiveForm(forms.Form):
    """So many by hand, sent under a name of its own."""

    amount = forms.IntegerField(min_value=1, max_value=10_000, initial=1, required=False)
    act = forms.CharField(max_length=60)

    def clean_amount(self) -> int:
        """Return it, one for nothing said."""
        return self.cleaned_data.get("amount") or 1


class ActForm(forms.Form):
    """Something done once, under a name of its own."""

    act = forms.CharField(max_length=60)


class AdjustForm(forms.Form):
    """A correction and why."""

    amount = forms.IntegerField(
        label=_("How many more or fewer"), min_value=-MOST, max_value=MOST, help_text=_("-2 takes two away.")
    )
    note = forms.CharField(label=_("Why"), max_length=200)
    act = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def clean_amount(self) -> int:
        """Return it. Raises ValidationError for nothing."""
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("Nothing is nothing: say how many."))
        return amount
