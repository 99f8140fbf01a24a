"""Where a colleague is signed in. The list itself is allauth's; this ends one of them."""

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.access.push import forget_browser
from regulars.lib.toast import toast


@require_POST
@signed_in
def end_session(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Sign one of one's own sessions out."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session is None:
        raise Http404("There is no such session.")
    forget_browser(session.session_key)
    session.end()
    user = request.user
    audit("ended a session", by=user, kind="user", object_id=user.pk, title=str(user), address=client_address(request))
    toast(request, _("That browser is signed out."), tone="good")
    return redirect("usersessions_list")


def sign_in_first_time(request: HttpRequest, user: User) -> None:
    """Sign in somebody who has just chosen a password; the browser stands on their list like any other."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method="password", email=user.email)
    UserSession.objects.create_from_request(request)
