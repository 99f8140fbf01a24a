"""Requests to addresses that somebody typed or a browser brought: never to this machine or the network it stands in.

    with outgoing.session() as session:
        session.post(address, data=…, timeout=10)

What sends is in `outgoing_session` and loads only when something is sent: most processes never do.
"""

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from requests import Session


class PrivateAddress(OSError):
    """The name leads to this machine or into a private network."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet; an IPv4 address inside an IPv6 one counts as what it is."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return (inner or found).is_global and not found.is_multicast


def may_be_asked(url: str) -> bool:
    """Whether `url` is one that a request may go to: https with a host, and no private address written out.

    With `REGULARS_OUTGOING_PRIVATE` plain http and private hosts are fine too.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not host:
        return False
    if settings.OUTGOING_PRIVATE:
        return parts.scheme in ("http", "https")
    try:
        return parts.scheme == "https" and is_public(host)
    except ValueError:
        return parts.scheme == "https" and host != "localhost" and "." in host


def session() -> "Session":
    """Return a session whose connections reach public hosts only; close it after use."""
    from regulars.lib.outgoing_session import PublicSession

    return PublicSession()
