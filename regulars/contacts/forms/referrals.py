"""The forms of referrals: who brought somebody, what visitors read, and what newcomers leave."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.bringing import ReferralLoop, makes_loop
from regulars.contacts.forms.fields import DayField
from regulars.contacts.models import Company, Contact, Referral, ReferralSettings
from regulars.contacts.models.referrals import Introducer
from regulars.lib.widgets import Combobox

KINDS: dict[str, Any] = {"contact": Contact, "company": Company}
MOST_DIGITS = 18


class IntroducerField(forms.CharField):
    """A person, company or colleague picked by searching ("contact-5"), or a partner by name."""

    def __init__(self, *, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(max_length=120, widget=Combobox("introducer-pick", free=True), **kwargs)

    def show(self, introducer: Introducer | None) -> str:
        """Let the control show `introducer`; returns its value."""
        if introducer is None:
            return ""
        value = introducer if isinstance(introducer, str) else f"{_kind_of(introducer)}-{introducer.pk}"
        self.widget.choices = [(value, str(introducer))]
        return value

    def clean(self, value: Any) -> Any:
        """Return the introducer. Raises ValidationError for somebody that `user` may not know of."""
        text = " ".join(str(super().clean(value) or "").split())
        match = re.fullmatch(r"(contact|company|user)-(\d{1,18})", text)
        if not match:
            return text
        kind, pk = match[1], int(match[2][:MOST_DIGITS])
        rows = KINDS[kind].objects.visible_to(self.user) if kind in KINDS else User.objects.filter(is_active=True)
        found = rows.filter(pk=pk).first()
        if found is None:
            raise ValidationError(_("There is nobody like that here."), code="gone")
        return found


def _kind_of(introducer: Any) -> str:
    return {Contact: "contact", Company: "company"}.get(type(introducer), "user")


class IntroducerForm(forms.Form):
    """Who brought somebody, when and how."""

    how = forms.ChoiceField(label=_("How"), choices=Referral.How.choices)
    day = DayField(label=_("When"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, user: User, newcomer: Contact | Company, known: Referral | None, named: Any = None
    ) -> None:
        self.newcomer, self.known = newcomer, known
        at = known.brought_at if known else newcomer.created_at
        start = {
            "day": timezone.localtime(at).date(),
            "how": known.how if known else "",
            "note": known.note if known else "",
        }
        super().__init__(data, initial=start, auto_id="introducer_%s")
        field = IntroducerField(user=user, label=_("Who brought them?"))
        field.help_text = _("A person, a company, a colleague, or the name of a partner.")
        self.fields["introducer"] = field
        self.initial["introducer"] = field.show(named)
        self.order_fields(["introducer", "how", "day", "note"])

    def clean_introducer(self) -> Any:
        """Return who it was. Raises ValidationError for a circle."""
        introducer = self.cleaned_data["introducer"]
        if makes_loop(self.newcomer, introducer):
            raise ValidationError(str(ReferralLoop()), code="circle")
        return introducer

    def clean_day(self) -> Any:
        """Return the day. Raises ValidationError for one to come."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return day

    @property
    def at(self) -> Any:
        """When they were brought: the moment known already, or noon of another day."""
        from datetime import datetime, time

        day, was = self.cleaned_data["day"], self.initial["day"]
        if day == was:
            return self.known.brought_at if self.known else self.newcomer.created_at
        noon = datetime.combine(day, time(12), timezone.get_current_timezone())
        return min(noon, timezone.now())


class ReferralSettingsForm(forms.ModelForm[ReferralSettings]):
    """What visitors who come through a personal link may read."""

    class Meta:
        model = ReferralSettings
        fields = ["shows_first_name", "welcome"]
        widgets = {"welcome": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "shows_first_name": _("Only the first name, and only of whoever gave them the link. Off is safest."),
            "welcome": _("Stands on the page that a personal link leads to."),
        }


class NewcomerForm(forms.Form):
    """What somebody leaves who comes through a personal link. `website` is for machines: nobody sees it."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    email = forms.CharField(label=_("Email"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    note = forms.CharField(
        label=_("Anything you would like us to know"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    def clean_email(self) -> str:
        """Return the address. Raises ValidationError for what is none."""
        email = str(self.cleaned_data["email"]).strip()
        if email:
            validate_email(email)
        return email

    def clean_phone(self) -> str:
        """Return the phone. Raises ValidationError for what has too few digits."""
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and sum(c.isdecimal() for c in phone) < 5:
            raise ValidationError(_("This phone number is too short."))
        return phone

    def clean(self) -> dict[str, Any]:
        """Ask for one way to reach them."""
        found = super().clean() or {}
        if not found.get("email") and not found.get("phone") and not self.errors:
            self.add_error("email", _("Leave an email or a phone number, so that we can reach you."))
        return found
