"""Forms of orders: by hand, changed, refunded, claimed."""

from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.adding import Holder
from regulars.contacts.capture.due_dates import moment_of
from regulars.contacts.forms.fields import DayField, PersonField
from regulars.contacts.models import Company
from regulars.lib.money import from_minor, to_minor
from regulars.lib.text import number_in
from regulars.lib.widgets import Combobox
from regulars.orders.checking import check
from regulars.orders.drafts import BadOrder, OrderDraft
from regulars.orders.entries import text_for
from regulars.orders.models import HAND, Order
from regulars.orders.one_line import Said, lines_of, number, read_line
from regulars.orders.rates import home_currency
from regulars.orders.recording import zone_of_business
from regulars.orders.redrafting import draft_of

LINES_ASKED = 30  # of an order that is refunded
BY_HAND = (Order.Status.PAID, Order.Status.PLACED, Order.Status.FULFILLED)


class CompanyPick(forms.IntegerField):
    """A company picked by searching, if the user may know of it."""

    def __init__(self, *, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(widget=Combobox("company-pick"), **kwargs)

    def show(self, value: Any) -> None:
        """Let the control show the name behind `value`."""
        if (pk := number_in(value)) is not None:
            found = Company.objects.visible_to(self.user).filter(pk=pk).first()
            self.widget.choices = [(found.pk, found.display_name)] if found else []

    def clean(self, value: Any) -> Any:
        """Return the company or None."""
        pk = super().clean(value)
        found = Company.objects.visible_to(self.user).filter(pk=min(pk, 2**62)).first() if pk else None
        if pk and found is None:
            raise forms.ValidationError(_t("There is no such company."), code="gone")
        return found


class WhoseForm(forms.Form):
    """Somebody: a person or a company."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in (
            ("contact", PersonField(user=user, label=_("Person"), required=False)),
            ("company", CompanyPick(user=user, label=_("or company"), required=False)),
        ):
            field.show(self.data.get(name) if self.is_bound else self.initial.get(name))
            self.fields[name] = field

    @property
    def holder(self) -> Holder | None:
        """Whose it is: the person counts."""
        found: Holder | None = self.cleaned_data.get("contact") or self.cleaned_data.get("company")
        return found


class OrderForm(WhoseForm):
    """An order by hand: what it came to and what for, in one line, and when."""

    line = forms.CharField(
        label=_("What was bought, and what it came to"), max_length=500,
        help_text=_("“24.50 2 House blend, Flat white”. Without an amount the prices of the products count."),
    )  # fmt: skip
    day = DayField(label=_("Day"), required=False)
    clock = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    channel = forms.ChoiceField(label=_("Bought"), choices=Order.Channel.choices, initial=Order.Channel.TILL)
    status = forms.ChoiceField(
        label=_("Status"), choices=[(s.value, s.label) for s in BY_HAND], initial=Order.Status.PAID
    )
    number = forms.CharField(label=_("Order number"), max_length=80, required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        """Check the order as it will be kept, so that what is wrong stands beside its field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "line" in data:
            try:
                self.draft = self.draft_from(data)
                check(self.draft, zone_of_business(), timezone.now())
            except BadOrder as bad:
                self.add_error({"placed_at": "day", "status": "status"}.get(bad.field, "line"), str(bad))
        return data

    def draft_from(self, data: dict[str, Any]) -> OrderDraft:
        """The order that the form describes. Raises BadOrder."""
        said = read_line(data["line"])
        lines, discount = lines_of(said)
        return OrderDraft(
            placed_at=self.placed_at(data), currency=said.currency, source=HAND, number=data.get("number", ""),
            channel=data.get("channel") or Order.Channel.TILL, status=data.get("status") or Order.Status.PAID,
            lines=lines, total=said.total, discount=discount, note=data.get("note", ""),
        )  # fmt: skip

    def placed_at(self, data: dict[str, Any]) -> datetime:
        """When it was bought: now, unless a day was said; noon, unless a time was."""
        zone, now = zone_of_business(), timezone.now()
        day, clock = data.get("day"), data.get("clock")
        if not day and not clock:
            return now
        day = day or now.astimezone(zone).date()
        if not clock:
            return now if day == now.astimezone(zone).date() else moment_of(day, time(12), zone)
        return moment_of(day, clock, zone)


class QuickOrderForm(forms.Form):
    """The one line on the page of a customer."""

    line = forms.CharField(label=_("What was bought, and what it came to"), max_length=500)

    def clean_line(self) -> str:
        """Read it, so that what is wrong stands beside it."""
        text: str = self.cleaned_data["line"]
        try:
            said = read_line(text)
            lines, discount = lines_of(said)
            self.draft = OrderDraft(
                placed_at=timezone.now(), currency=said.currency, source=HAND, channel=Order.Channel.TILL, lines=lines,
                total=said.total, discount=discount,
            )  # fmt: skip
            check(self.draft, zone_of_business(), timezone.now())
        except BadOrder as bad:
            raise forms.ValidationError(str(bad)) from bad
        return text


class EditOrderForm(OrderForm):
    """The same for an order that is kept already; whose it is is changed elsewhere."""

    def __init__(self, *args: Any, order: Order, user: User, **kwargs: Any) -> None:
        self.order = order
        placed = order.placed_at.astimezone(zone_of_business())
        kwargs["initial"] = {
            "line": line_text(order), "day": placed.date(), "clock": placed.time().replace(second=0, microsecond=0),
            "channel": order.channel, "status": order.status, "number": order.number, "note": order.note,
        }  # fmt: skip
        super().__init__(*args, user=user, **kwargs)
        for name in ("contact", "company"):
            del self.fields[name]
        if order.status not in BY_HAND:
            del self.fields["status"]

    def draft_from(self, data: dict[str, Any]) -> OrderDraft:
        """What the order was, with what was changed."""
        kept = draft_of(self.order)
        changes: dict[str, Any] = {name: data[name] for name in ("number", "channel", "status", "note") if name in data}
        placed = kept.placed_at.astimezone(zone_of_business())
        if (data.get("day"), data.get("clock")) != (placed.date(), placed.time().replace(second=0, microsecond=0)):
            changes["placed_at"] = self.placed_at(data)
        if data["line"] != line_text(self.order):
            said: Said = read_line(data["line"])
            lines, discount = lines_of(said)
            if said.currency != kept.currency:
                changes["settled_rate"] = None
            changes |= {
                "lines": lines, "total": said.total, "discount": discount, "currency": said.currency,
                "shipping": Decimal(0), "tax": Decimal(0), "tax_included": Decimal(0),
            }  # fmt: skip
        return replace(kept, **changes)


def line_text(order: Order) -> str:
    """An order as a line that can be typed: "24.50 2 House blend"."""
    amount = f"{from_minor(order.total, order.currency):f}"
    sign = "" if order.currency == home_currency() else f"{order.currency} "
    what = ", ".join(
        text_for([row]).replace(" × ", " ") for row in order.lines.order_by("pk").values_list("quantity", "name")
    )
    return f"{sign}{amount} {what}".strip()


class RefundOrderForm(forms.Form):
    """How much is given back, and for which lines where that is known (`back-5`: how many of line 5)."""

    amount = forms.CharField(label=_("Amount"), max_length=30, widget=forms.TextInput({"inputmode": "decimal"}))

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields["amount"].initial = f"{from_minor(order.total - order.refunded, order.currency):f}"
        for line in order.lines.order_by("pk")[:LINES_ASKED]:
            if (left := line.quantity - (line.returned or 0)) > 0:
                self.fields[f"back-{line.pk}"] = forms.DecimalField(
                    label=line.name, required=False, min_value=0, max_value=left, max_digits=12, decimal_places=3,
                    widget=forms.NumberInput({"class": "input w-20 shrink-0", "placeholder": "0", "step": "any"}),
                )  # fmt: skip

    @property
    def line_fields(self) -> list[forms.BoundField]:
        """What asks for each line."""
        return [self[name] for name in self.fields if name.startswith("back-")]

    @property
    def returned(self) -> dict[int, Decimal]:
        """How much of which line comes back; empty where nobody says."""
        said = {name: value for name, value in self.cleaned_data.items() if name.startswith("back-") and value}
        return {int(name.removeprefix("back-")): value for name, value in said.items()}

    def clean_amount(self) -> int:
        """Return minor units."""
        try:
            amount = number(self.cleaned_data["amount"].strip())
        except BadOrder as bad:
            raise forms.ValidationError(str(bad)) from bad
        return to_minor(amount, self.order.currency)


class ClaimOrderForm(WhoseForm):
    """Whose it is, and whether the buyer's other orders are theirs too."""

    others = forms.BooleanField(label=_("Their other orders too"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """Somebody has to be chosen."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (data.get("contact") or data.get("company")):
            self.add_error("contact", _t("Choose somebody."))
        return data
