"""Inviting colleagues, and joining by the link."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.access import actions
from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, can
from regulars.access.forms import InviteForm, JoinForm
from regulars.access.models import Invitation, Organisation, User
from regulars.access.roles import MEANS
from regulars.access.views.sessions import sign_in_first_time
from regulars.lib.toast import toast

logger = logging.getLogger(__name__)
SHOWN = 100


@require_http_methods(["GET", "POST"])
@can("people")
def invitations(request: SignedInRequest) -> HttpResponse:
    """Invite somebody, and see who has been invited."""
    form = InviteForm(request.POST if request.method == "POST" else None, by=request.user, initial={"role": "member"})
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite(by=request.user, address=client_address(request), **form.cleaned_data)
        except actions.NotPossible as problem:
            form.add_error("email", problem)
        else:
            toast(request, _send(request, invitation), tone="good")
            return redirect("invitations")
    known = Invitation.objects.select_related("invited_by", "accepted_by").prefetch_related("teams")[:SHOWN]
    lines = [(one, request.build_absolute_uri(reverse("join", args=[one.token]))) for one in known]
    context = {"form": form, "lines": lines, "means": MEANS}
    return render(request, "access/invitations.html", context, status=422 if form.is_bound else 200)


def _send(request: SignedInRequest, invitation: Invitation) -> str:
    """Mail the link where there is an address; return what to tell. A broken mail server never loses the invitation."""
    if not invitation.email:
        return _("The link is ready. Copy it and pass it on.")
    context = {
        "organisation": request.organisation,
        "by": request.user,
        "url": request.build_absolute_uri(reverse("join", args=[invitation.token])),
    }
    subject = _("%(name)s invites you to %(business)s") % {"name": request.user, "business": request.organisation}
    try:
        send_mail(
            subject,
            render_to_string("access/invitation_mail.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [invitation.email],
        )
    except (OSError, SMTPException):
        logger.warning("The invitation to %s could not be sent", invitation.email, exc_info=True)
        return _("The mail could not be sent. The link works: copy it and pass it on.")
    return _("The invitation is on its way to %s.") % invitation.email


@require_POST
@can("people")
def withdraw_invitation(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Make a link useless."""
    invitation = Invitation.objects.filter(pk=pk).first()
    if invitation is None:
        raise Http404("There is no such invitation.")
    done = actions.withdraw(invitation, by=request.user, address=client_address(request))
    toast(request, _("The invitation is withdrawn.") if done else _("It was used or withdrawn before."))
    return redirect("invitations")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invited person who invites them, and make their account."""
    invitation = Invitation.objects.select_related("invited_by").filter(token=token).first()
    if invitation is None or not invitation.is_open:
        context = {"invitation": invitation}
        return render(request, "access/join_closed.html", context, status=410 if invitation else 404)
    if isinstance(request.user, User):
        return render(request, "access/join_signed_in.html", {"invitation": invitation})
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"email": invitation.email})
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.accept_invitation(invitation, **form.cleaned_data, address=client_address(request))
        except actions.NotPossible as problem:
            form.add_error("email", problem)
        else:
            sign_in_first_time(request, user)
            toast(request, _("Welcome to %s.") % (Organisation.current() or "Regulars"), tone="good")
            return redirect("today")
    page = {"form": form, "invitation": invitation, "meaning": MEANS[invitation.role]}
    return render(request, "access/join.html", page, status=422 if form.is_bound else 200)
