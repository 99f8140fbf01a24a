"""A colleague's own settings."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.access.actions import NotPossible, change_email
from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, signed_in
from regulars.access.forms import EmailForm, ProfileForm
from regulars.lib.toast import toast


@require_safe
@signed_in
def settings(request: SignedInRequest) -> HttpResponseBase:
    """Lead to the first of the settings pages."""
    return redirect("profile")


@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: SignedInRequest) -> HttpResponseBase:
    """Change one's own name, time zone and language."""
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        toast(request, _("Saved."), tone="good")
        return redirect("profile")
    return render(request, "access/profile.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required  # type: ignore[untyped-decorator]
def change_own_email(request: SignedInRequest) -> HttpResponse:
    """Change the email one signs in with, after the password was asked for again."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_email(request.user, form.cleaned_data["email"], address=client_address(request))
        except NotPossible as problem:
            form.add_error("email", problem)
        else:
            toast(request, _("From now on you sign in with %s.") % request.user.email, tone="good")
            return redirect("mfa_index")
    return render(request, "access/email_change.html", {"form": form}, status=422 if form.is_bound else 200)
