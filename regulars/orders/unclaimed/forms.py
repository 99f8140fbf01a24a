"""Choosing unknown buyers, and whose their orders are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.models import Company, Contact
from regulars.lib.widgets import Combobox
from regulars.orders.models import Order
from regulars.orders.unclaimed.buyers import orders_maybe_of, orders_of

KEYS = 500


class BuyersForm(forms.Form):
    """The chosen buyers: each `buyer` is the key of one."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """At least one, whose orders are still nobody's."""
        data = super().clean() or {}
        self.orders: list[Order] = self._orders(data)
        if not self.orders:
            self.add_error(None, _("Choose a buyer whose orders are still nobody’s."))
        return data

    def _orders(self, data: dict[str, Any]) -> list[Order]:
        keys = [key[:400] for key in self.data.getlist("buyer")[:KEYS]] if hasattr(self.data, "getlist") else []
        return orders_of(keys) if keys else []


class ClaimBuyersForm(BuyersForm):
    """To whom the orders of the chosen buyers go."""

    contact = forms.ModelChoiceField(
        label=_("Person"), queryset=Contact.objects.none(), required=False, widget=Combobox("contact-pick")
    )
    company = forms.ModelChoiceField(
        label=_("Company"), queryset=Company.objects.none(), required=False, widget=Combobox("company-pick")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact, company = self.fields["contact"], self.fields["company"]
        contact.queryset = Contact.objects.visible_to(self.user).filter(binned_at=None)  # type: ignore[attr-defined]
        company.queryset = Company.objects.visible_to(self.user).filter(binned_at=None)  # type: ignore[attr-defined]

    @property
    def holder(self) -> Holder | None:
        """Whose they are."""
        chosen: Holder | None = self.cleaned_data.get("contact") or self.cleaned_data.get("company")
        return chosen

    def _orders(self, data: dict[str, Any]) -> list[Order]:
        """Of the chosen buyers, or (`theirs`) those under an email or phone of whom they go to."""
        holder = data.get("contact") or data.get("company")
        if self.data.get("theirs") and holder:
            return orders_maybe_of(holder)
        return super()._orders(data)

    def clean(self) -> dict[str, Any]:
        """Somebody has to be chosen."""
        data = super().clean()
        if not (data.get("contact") or data.get("company")):
            self.add_error("contact", _("Choose somebody."))
        return data
