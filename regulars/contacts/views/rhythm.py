"""How often we want to be in touch with somebody."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.door import get_contact
from regulars.contacts.models.rhythm import LONGEST
from regulars.contacts.rhythm import rhythm_of, wish
from regulars.lib.toast import toast

UNITS = {"days": 1, "weeks": 7, "months": 30}


class WishForm(forms.Form):
    """Every so many days, weeks or months; empty for as usual."""

    every = forms.IntegerField(min_value=1, max_value=LONGEST, required=False, label=gettext_lazy("Every"))
    unit = forms.ChoiceField(
        choices=[
            ("days", gettext_lazy("days")),
            ("weeks", gettext_lazy("weeks")),
            ("months", gettext_lazy("months (30 days)")),
        ],
        initial="weeks",
        label=gettext_lazy("Unit"),
    )

    def clean_every(self) -> int | None:
        """At most ten years, whatever the unit."""
        every: int | None = self.cleaned_data.get("every")
        if every and every * UNITS.get(self.data.get("unit", "days"), 1) > LONGEST:
            raise forms.ValidationError(_("That is more than ten years."))
        return every


@signed_in
@require_http_methods(["GET", "POST"])
def contact_rhythm(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET: the dialog that asks for the wish. POST: keep it, or with nothing in it go by what is usual."""
    contact = get_contact(request.user, pk, to="edit")
    rhythm = rhythm_of(contact)
    if request.method == "GET":
        return _dialog(request, contact, rhythm, WishForm(initial=_initial(rhythm.wish_days if rhythm else None)))
    form = WishForm(request.POST)
    if not form.is_valid():
        return _dialog(request, contact, rhythm, form, status=422)
    every = form.cleaned_data["every"]
    wish(contact, every * UNITS[form.cleaned_data["unit"]] if every else None, by=request.user)
    toast(request, _("Saved."), tone="good")
    if not request.htmx:
        return redirect(contact)
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _initial(days: int | None) -> dict[str, object]:
    if not days:
        return {}
    unit = "weeks" if days % 7 == 0 else "months" if days % 30 == 0 else "days"
    return {"every": days // UNITS[unit], "unit": unit}


def _dialog(
    request: SignedInRequest, contact: object, rhythm: object, form: WishForm, status: int = 200
) -> HttpResponse:
    context = {"contact": contact, "rhythm": rhythm, "form": form}
    return render(request, "contacts/contact_rhythm.html", context, status=status)
