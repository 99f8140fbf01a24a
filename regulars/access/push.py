"""Web push: what the app tells a colleague also reaches the browsers they said yes on (RFC 8030, 8291 and 8292).

A message is encrypted for the browser, so that the push service in between can't read it, and signed with a key of
this installation (VAPID) that is made when it is first needed and kept in the data folder.
"""

import base64
import json
import logging
import os
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from regulars.access import notices
from regulars.access.home import at_home_of
from regulars.access.models import Notification, PushSubscription, Role, User

if TYPE_CHECKING:
    from py_vapid import Vapid02

logger = logging.getLogger(__name__)

KEPT_FOR = 60 * 60 * 24  # seconds a push service keeps a message for a browser that is off
ANSWERS_WITHIN = 10  # seconds
GONE = (404, 410)
AT_ONCE = 3  # of more news at a time a device is told the number only


def public_key() -> str:
    """Return the key browsers subscribe with, as base64url; makes the pair when there is none."""
    raw = _key(_key_file()).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _key_file() -> Path:
    return Path(settings.DATA_DIR) / "push-key.pem"


@lru_cache(maxsize=4)
def _key(path: Path) -> "Vapid02":
    """The key in `path`, readable by its owner only; of two processes that make one the first wins."""
    from py_vapid import Vapid02

    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Vapid02()
        made.generate_keys()
        own = path.with_name(f".push-key-{os.getpid()}")
        own.touch(mode=0o600)
        own.write_bytes(made.private_pem())
        try:
            os.link(own, path)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return Vapid02.from_file(str(path))


def subscribe(user: User, *, endpoint: str, p256dh: str, auth: str, device: str, session_key: str) -> PushSubscription:
    """Keep a browser as one that is told. One that belonged to a colleague before is theirs no more."""
    known = {"user": user, "p256dh": p256dh, "auth": auth, "device": device[:80], "session_key": session_key}
    return PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=known)[0]


def forget_browser(session_key: str | None) -> None:
    """Tell the browser of this session nothing more; called when it signs out."""
    if session_key:
        PushSubscription.objects.filter(session_key=session_key).delete()


def queue(ids: list[int]) -> None:
    """Hand new notifications to a worker when any of those told has a device. One query."""
    if PushSubscription.objects.filter(user__notifications__in=ids).exists():
        push_notifications.enqueue(ids)


@task()
def push_notifications(ids: list[int]) -> None:
    """Send these notifications to the devices of those who were told. Each goes out once, however often this runs."""
    for user, news in _claimed(ids).items():
        devices = list(user.push_subscriptions.all())
        with at_home_of(user):
            messages = _messages(user, news)
        for device in devices:
            for message in messages:
                if not send(device, message):
                    break


def _claimed(ids: Iterable[int]) -> dict[User, list[Notification]]:
    found: dict[User, list[Notification]] = defaultdict(list)
    for one in Notification.objects.filter(pk__in=ids, user__is_active=True).select_related("user").order_by("pk"):
        waiting = Notification.objects.filter(pk=one.pk, pushed_at=None, read_at=None)
        if waiting.update(pushed_at=timezone.now()):
            found[one.user].append(one)
    return found


def _messages(user: User, news: list[Notification]) -> list[dict[str, Any]]:
    unread = notices.unread_count(user)
    if len(news) > AT_ONCE:
        line = _("%d new notifications") % len(news)
        return [{"title": "Regulars", "body": line, "url": reverse("notifications"), "tag": "many", "unread": unread}]
    return [
        {
            "title": str(notices.label_of(one.kind)) or "Regulars",
            "body": one.text,
            "url": reverse("notification", args=[one.pk]),
            "tag": f"notification-{one.pk}",
            "unread": unread,
        }
        for one in news
    ]


def send(device: PushSubscription, message: dict[str, Any]) -> bool:
    """Send one message; a browser that is gone for good is forgotten. Returns whether the push service took it."""
    import requests  # these three take 40 MB, which only the worker needs
    from pywebpush import WebPushException, webpush

    from regulars.lib import outgoing

    keys = {"p256dh": device.p256dh, "auth": device.auth}
    try:
        with outgoing.session() as session:
            webpush(
                {"endpoint": device.endpoint, "keys": keys},
                json.dumps(message),
                vapid_private_key=_key(_key_file()),
                vapid_claims={"sub": f"mailto:{_reachable_at()}"},
                ttl=KEPT_FOR,
                timeout=ANSWERS_WITHIN,
                requests_session=session,
            )
    except WebPushException as refused:
        status = getattr(refused.response, "status_code", 0)
        if status in GONE:
            PushSubscription.objects.filter(pk=device.pk).delete()
        else:
            logger.warning("The push service of %s said %s", device, status)
        return False
    except (requests.RequestException, ValueError, LookupError) as problem:  # keys that are none, too
        logger.warning("The push service of %s was not reached: %s", device, problem)
        return False
    PushSubscription.objects.filter(pk=device.pk).update(last_sent_at=timezone.now())
    return True


def _reachable_at() -> str:
    """Whom a push service may write to about our messages: our sender, or the owner where that is not set."""
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")
    if not sender.endswith("@localhost"):
        return str(sender)
    owner = User.objects.active().filter(role=Role.OWNER).first()
    return owner.email if owner else str(sender)


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def device_name(user_agent: str) -> str:
    """Return what a browser calls itself, in words: "Firefox on Android"; "A browser" when that can't be told."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser")
