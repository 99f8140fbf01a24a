"""A file of rates, and a rate typed by hand."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.lib.money import is_known
from regulars.orders.rates import home_currency


def _codes(text: str) -> list[str]:
    return [code.upper() for code in text.replace(";", " ").replace(",", " ").split()]


class HistoryForm(forms.Form):
    """The bank's file, and which currencies are wanted besides those that orders are in."""

    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.zip,text/csv"}))
    more = forms.CharField(
        label=_("Other currencies"), required=False, max_length=200,
        help_text=_("Those that orders are in come anyway. As in USD, GBP."),
    )  # fmt: skip

    def clean_more(self) -> list[str]:
        """Currencies only."""
        codes = _codes(self.cleaned_data["more"])
        if wrong := [code for code in codes if not is_known(code)]:
            raise forms.ValidationError(_("“%(code)s” is no currency."), params={"code": wrong[0][:20]})
        return codes


class RateForm(forms.Form):
    """What one unit was worth, from a day on."""

    currency = forms.CharField(label=_("Currency"), max_length=3, widget=forms.TextInput(attrs={"placeholder": "USD"}))
    rate = forms.DecimalField(label=_("One is worth"), max_digits=20, decimal_places=10, min_value=0)
    day = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"day": timezone.localdate().isoformat()}, **kwargs})
        self.fields["rate"].help_text = home_currency()

    def clean_currency(self) -> str:
        """A currency, and not our own."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_known(code):
            raise forms.ValidationError(_("“%(code)s” is no currency."), params={"code": code})
        if code == home_currency():
            raise forms.ValidationError(_("That is your own currency."))
        return code

    def clean_rate(self) -> Any:
        """More than nothing."""
        if not self.cleaned_data["rate"]:
            raise forms.ValidationError(_("More than nothing."))
        return self.cleaned_data["rate"]

    def clean_day(self) -> Any:
        """Not in the future."""
        if self.cleaned_data["day"] > timezone.localdate():
            raise forms.ValidationError(_("A rate of the future is not known."))
        return self.cleaned_data["day"]
