"""The form of a product."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from regulars.lib.money import from_minor, to_minor
from regulars.lib.text import fold
from regulars.orders.models import Product
from regulars.orders.rates import home_currency

MOST = Decimal(10**10)


class ProductForm(forms.ModelForm[Product]):
    """A product, its prices in the organisation's currency."""

    price = forms.DecimalField(label=_("Price"), required=False, min_value=0, max_value=MOST)
    cost = forms.DecimalField(
        label=_("Cost"), required=False, min_value=0, max_value=MOST,
        help_text=_("What one costs you: with it, margins are known."),
    )  # fmt: skip

    class Meta:
        model = Product
        fields: ClassVar = ("name", "sku", "category", "unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home = home_currency()
        for name in ("price", "cost"):
            minor = getattr(self.instance, name)
            self.initial[name] = None if minor is None else f"{from_minor(minor, self.home):f}"

    def clean_sku(self) -> str:
        """Refuse one that another product has."""
        sku: str = self.cleaned_data["sku"].strip()
        if sku and Product.objects.filter(sku=sku).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_t("Another product has this SKU."))
        return sku

    def save(self, commit: bool = True) -> Product:
        """Save it with its prices in minor units; lines of the past keep what they say."""
        product = self.instance
        product.folded = fold(product.name)[:200]
        for name in ("price", "cost"):
            amount = self.cleaned_data[name]
            setattr(product, name, None if amount is None else to_minor(amount, self.home))
        product.save()
        return product
