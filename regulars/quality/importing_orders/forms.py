"""What is asked before orders are brought in."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from regulars.lib.money import is_known
from regulars.orders.models import Order
from regulars.orders.rates import home_currency
from regulars.quality.forms import ImportPlanForm
from regulars.quality.models import Import


class OrdersPlanForm(ImportPlanForm):
    """What to do with orders known already, and what the rows themselves don't say."""

    currency = forms.CharField(
        label=_("Currency"), max_length=3, help_text=_("Of amounts that say none. Three letters, as in EUR.")
    )
    channel = forms.ChoiceField(
        label=_("Bought"), required=False, choices=[("", _("As the file says")), *Order.Channel.choices]
    )
    source = forms.CharField(
        label=_("Name of the shop or till"),
        max_length=40,
        help_text=_("The same order number from another shop is another order."),
    )

    @staticmethod
    def initial_of(imported: Import) -> dict[str, Any]:
        """The business's currency; the shop that the file was recognised to be of."""
        options = imported.options
        return {
            "policy": imported.policy,
            "currency": options.get("currency") or home_currency(),
            "channel": options.get("channel", ""),
            "source": options.get("source") or imported.mapped().origin or "file",
        }

    def clean_currency(self) -> str:
        """Three letters that are a currency."""
        currency = str(self.cleaned_data["currency"]).upper()
        if not is_known(currency):
            raise forms.ValidationError(_("“%(code)s” is no currency. Use three letters, as in EUR."),
                                        params={"code": currency})  # fmt: skip
        return currency

    def clean_source(self) -> str:
        """As sources are written: "second-shop"."""
        return slugify(self.cleaned_data["source"])[:40] or "file"

    def options(self) -> dict[str, Any]:
        """Currency, channel, source."""
        return {name: self.cleaned_data[name] for name in ("currency", "channel", "source")}
