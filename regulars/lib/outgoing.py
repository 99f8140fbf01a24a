"""Requests to addresses that somebody typed or a browser brought: never to this machine or the network it stands in.

    with outgoing.session() as session:
        session.post(address, data=…, timeout=10)

The address is checked on the open connection, before anything is sent over it, so that a name that answers differently
the second time doesn't get round it. Redirects are not followed, and no proxy of the environment is used.
"""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


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


def session() -> requests.Session:
    """Return a session whose connections reach public hosts only; close it after use."""
    made = _Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, _PublicOnly())
    return made


class _Session(requests.Session):
    """Follows no redirect: where one leads was not checked."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{**kwargs, "allow_redirects": False})


class _Guarded:
    """Closes a connection that has led to a private host."""

    def _new_conn(self) -> socket.socket:
        found: socket.socket = super()._new_conn()  # type: ignore[misc]
        if not settings.OUTGOING_PRIVATE and not is_public(found.getpeername()[0]):
            found.close()
            raise PrivateAddress("leads into a private network")
        return found


class _HTTP(_Guarded, HTTPConnection):
    pass


class _HTTPS(_Guarded, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPS


class _PublicOnly(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
