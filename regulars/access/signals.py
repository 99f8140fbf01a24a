"""Writes down what allauth changes about somebody's sign-in: passwords, passkeys, apps, recovery codes."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from regulars.access.addresses import client_address
from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.access.push import forget_browser

NAMES = {"totp": "app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


def _write(verb: str, request: HttpRequest, user: User, **changes: Any) -> None:
    audit(
        verb, by=user, kind="user", object_id=user.pk, title=str(user), changes=changes, address=client_address(request)
    )


@receiver([password_changed, password_set], dispatch_uid="audit-password")
def _password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _write("changed their password", request, user)


@receiver(password_reset, dispatch_uid="audit-password-reset")
def _password_reset(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _write("chose a new password by mail", request, user)


@receiver(authenticator_added, dispatch_uid="audit-key-added")
def _key_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _write("added a second step", request, user, step=[None, NAMES.get(authenticator.type, authenticator.type)])


@receiver(authenticator_removed, dispatch_uid="audit-key-removed")
def _key_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _write("removed a second step", request, user, step=[NAMES.get(authenticator.type, authenticator.type), None])


@receiver(authenticator_reset, dispatch_uid="audit-key-reset")
def _key_reset(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _write("made new recovery codes", request, user)


@receiver(authentication_failed, dispatch_uid="audit-key-failed")
def _key_failed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _write("failed the second step", request, user)


@receiver(user_logged_out, dispatch_uid="push-signed-out")
def _signed_out(request: HttpRequest | None, **kwargs: Any) -> None:
    forget_browser(request.session.session_key if request is not None else None)
