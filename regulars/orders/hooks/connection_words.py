"""How a connection is doing, in words."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from regulars.lib.moments import ago
from regulars.orders.models import Connection


@dataclass(frozen=True)
class State:
    """A sentence, and the tone and word of the badge beside it."""

    sentence: str
    word: str
    tone: str


def state_of(connection: Connection) -> State:
    """Say how a connection is doing."""
    if not connection.is_active:
        return State(_("Its events are turned away."), _("Off"), "outline")
    if not connection.secret:
        return State(_("Its secret is still missing."), _("Not ready"), "warm")
    if not connection.is_readable:
        return State(_("Its secret can’t be opened on this machine. Paste it again."), _("Not ready"), "risk")
    if connection.last_event_at:
        return State(_("We heard from it %(ago)s.") % {"ago": ago(connection.last_event_at)}, _("On"), "good")
    if connection.knocked_at:
        heard = {"ago": ago(connection.knocked_at)}
        return State(_("It found our address %(ago)s. Its first event is still to come.") % heard, _("On"), "good")
    return State(_("We haven’t heard from it yet."), _("On"), "secondary")


def is_reachable(address: str) -> bool:
    """Whether a shop on the internet may reach `address`, as far as it shows."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        return parts.scheme == "https" and ipaddress.ip_address(host).is_global
    except ValueError:
        return parts.scheme == "https" and "." in host and not host.endswith((".local", ".localhost", ".internal"))
