"""Forms of the desk: set-up and the business's own settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from regulars.access.forms import NewPassword
from regulars.access.trades import TRADES
from regulars.insights.forms.goals import SuccessFields
from regulars.lib import places


class ZoneSelect(forms.Select):
    """A list of time zones that tells the behaviour `place-guess` the country and money of each."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the country and the currency of a zone to its option."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if country := places.country_of(str(value)):
            option["attrs"] |= {"data-country": country, "data-currency": places.currency_of(country)}
        return option


class PlaceFields(forms.Form):
    """Where a business is: money, clock, language, country."""

    currency = forms.ChoiceField(label=_("Currency"), choices=places.currency_choices)
    time_zone = forms.CharField(label=_("Time zone"), widget=ZoneSelect)
    language = forms.ChoiceField(label=_("Language of the interface"), choices=lambda: settings.LANGUAGES)
    country = forms.ChoiceField(
        label=_("Country"),
        choices=places.country_choices,
        required=False,
        help_text=_("Phone numbers written without a country code are read as this country's."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self["time_zone"].value()
        known = {str(zone): [(zone, zone)]} if zone and zone not in places.zone_names() else {}
        self.fields["time_zone"].widget.choices = [*known.items(), *places.zone_choices()]

    def clean_time_zone(self) -> str:
        """Accept every zone this machine knows."""
        zone: str = self.cleaned_data["time_zone"]
        if not places.is_zone(zone):
            raise forms.ValidationError(_("Choose a time zone from the list."))
        return zone


class BusinessForm(PlaceFields):
    """What a business is called and where it is; its trade's words can be its own."""

    name = forms.CharField(label=_("Name of the business"), max_length=200)
    person_word = forms.CharField(
        label=_("One of your people is a…"), max_length=40, help_text=_("guest, client, patient, member…")
    )
    people_word = forms.CharField(
        label=_("Several are…"), max_length=40, help_text=_("guests, clients, patients, members…")
    )
    field_order = ["name", "person_word", "people_word"]


class SetUpForm(NewPassword, PlaceFields, SuccessFields):
    """The first page: the owner's account and the business."""

    business = forms.CharField(label=_("Name of the business"), max_length=200)
    trade = forms.ChoiceField(
        label=_("What do you do?"),
        choices=[(trade.key, trade.label) for trade in TRADES.values()],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Your name"), max_length=150)
    email = forms.EmailField(label=_("Your email"), max_length=254, help_text=_("You sign in with it."))
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(render_value=False),
        help_text=_("At least 10 characters. Three or four unrelated words are good."),
        strip=False,
    )
