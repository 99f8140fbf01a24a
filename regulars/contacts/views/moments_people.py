"""Whom a moment concerns."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.forms.moments import MomentPeopleForm
from regulars.contacts.models import Involvement
from regulars.contacts.moments import NotPossible, get_moment, set_people
from regulars.contacts.views.moments_verbs import changed, dialog
from regulars.lib.toast import toast


@require_http_methods(["GET", "POST"])
@signed_in
def moment_people(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add people and companies to a moment, or take them from it."""
    entry = get_moment(request.user, pk, to="log")
    rows = list(Involvement.objects.filter(entry=entry, is_implied=False).visible_to(request.user))
    initial = {
        "contacts": [row.contact_id for row in rows if row.contact_id],
        "companies": [row.company_id for row in rows if row.company_id],
    }
    form = MomentPeopleForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_people(entry, form.cleaned_data["contacts"], form.cleaned_data["companies"], by=request.user)
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            toast(request, _("Changed whom this is about."))
            return changed(request, entry)
    return dialog(request, "contacts/moment_people", {"form": form, "entry": entry})
