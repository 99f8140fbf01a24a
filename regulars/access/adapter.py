"""How allauth behaves here: nobody signs up alone, every sign-in is in the audit log, guessing is stopped."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from regulars.access.addresses import client_address
from regulars.access.models import User
from regulars.access.models.audit import audit


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed; people come in by set-up or invitation. `User.email` is the only email of an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts are made by set-up and invitations."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Answer 429 after five wrong passwords for an account in five minutes, or ten from an address in one."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as problem:
            raise ImmediateHttpResponse(render(request, "429.html", status=429)) from problem

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong password, with the email that was tried."""
        email = str(credentials.get("email") or "")
        user = User.objects.filter(email__iexact=email).first() if email else None
        audit(
            "failed to sign in",
            by=user,
            kind="user",
            object_id=user.pk if user else None,
            title=email,
            address=client_address(request),
        )

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in and record it."""
        super().login(request, user)
        audit("signed in", by=user, kind="user", object_id=user.pk, title=str(user), address=client_address(request))

    def logout(self, request: HttpRequest) -> None:
        """Sign out and record it."""
        if isinstance(user := request.user, User):
            audit(
                "signed out", by=user, kind="user", object_id=user.pk, title=str(user), address=client_address(request)
            )
        super().logout(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the page that the change was begun from."""
        return reverse("mfa_index")

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check a password again, under the same limit as signing in."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk
