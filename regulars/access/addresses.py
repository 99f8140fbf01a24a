"""Where a request comes from, as a network address."""

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the network address a request came from, through a trusted proxy where there is one; "" when unknown."""
    try:
        return str(get_adapter().get_client_ip(request))[:45]
    except (PermissionDenied, ImproperlyConfigured, ValueError):
        return ""


def current_address() -> str:
    """Return the address of the request that is being answered; "" in commands and workers.

    allauth keeps the request for us. Who acts is never taken from it: that stays explicit.
    """
    request = context.request
    return client_address(request) if request is not None else ""
