"""The session of `outgoing`: it looks where each connection has led before anything is sent over it.

So a name that answers differently the second time doesn't get round the check. Redirects are not followed, and no
proxy of the environment is used.
"""

import socket
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from regulars.lib.outgoing import PrivateAddress, is_public


class PublicSession(requests.Session):
    """Reaches public hosts only, and follows no redirect: where one leads was not checked."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, _PublicOnly())

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, as `requests` does. Raises PrivateAddress where it would reach a private network."""
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
