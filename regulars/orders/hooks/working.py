"""Working on messages in the background, each once.

What a message makes and the word that it is done are one transaction: a worker that is killed in the middle leaves it
waiting, and the next takes it up. Any number of workers may work at a time.
"""

import logging
import threading
import time

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from regulars.access.home import at_home_of
from regulars.lib.schedule import every
from regulars.orders.drafts import BadOrder
from regulars.orders.hooks.kinds import KINDS
from regulars.orders.hooks.news import Head, News, NotNeeded, NotUnderstood
from regulars.orders.hooks.reading import load
from regulars.orders.hooks.settling import settle
from regulars.orders.models import Connection, HookEvent
from regulars.orders.models.hook import TRIES

logger = logging.getLogger(__name__)

BATCH = 10
TURN = 20.0  # seconds after which other tasks get their turn
BREATH = 0.002  # seconds between two messages, so that those who wait to write on SQLite get in
WOKEN = "hooks-woken"
_working = threading.Lock()
Status = HookEvent.Status


def wake() -> None:
    """Have a worker look for messages, at most once a second; the schedule looks anyway."""
    if cache.add(WOKEN, True, 1):
        waiting = DBTaskResult.objects.filter(task_path=work_on_messages.module_path, status="READY")
        if not waiting.exists():
            work_on_messages.enqueue()


@task()
def work_on_messages() -> None:
    """Work on what waits. Safe to run twice and at the same time; forgets its own earlier runs."""
    mine = DBTaskResult.objects.finished().filter(task_path=work_on_messages.module_path)
    mine.filter(status="SUCCEEDED").delete()
    work_off()
    if HookEvent.objects.waiting().exists():
        work_on_messages.enqueue()


@every(seconds=5)
def work_on_what_is_left() -> None:
    """Work on messages that nobody was woken for, or whose worker died."""
    if HookEvent.objects.waiting().exists():
        work_off()


@every(hours=24)
def forget_old_messages() -> None:
    """Drop the text of old messages, and shops that were removed long ago."""
    HookEvent.forget_old()
    Connection.forget_removed()


def work_off(seconds: float = TURN) -> int:
    """Work on messages until none waits or the time is up; returns how many were dealt with here.

    One thread of a process at a time; 0 at once for the others.
    """
    if not _working.acquire(blocking=False):
        return 0
    try:
        return _work_off(time.monotonic() + seconds)
    finally:
        _working.release()


def _work_off(until: float) -> int:
    done = 0
    with at_home_of(None):
        while time.monotonic() < until and (some := HookEvent.take(BATCH)):
            for event in some:
                done += work_on(event)
                time.sleep(BREATH)
    return done


def work_on(event: HookEvent) -> bool:
    """Make of one message what it tells, once; False when another worker did.

    A DatabaseError leaves it waiting and is raised, until it was begun six times.
    """
    if event.begun >= TRIES:
        return event.settle(Status.FAILED, _("Given up: each time work on it began it came to no end."))
    try:
        return _make(event)
    except NotNeeded as why:
        return event.settle(Status.IGNORED, str(why))
    except NotUnderstood as why:
        return event.settle(Status.UNKNOWN, str(why))
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Message %s of connection %s could not be worked on", event.pk, event.connection_id)
        return event.settle(Status.FAILED, _("Something went wrong on our side. Nothing was changed; try it again."))


def _make(event: HookEvent) -> bool:
    kind = KINDS[event.connection.kind]
    news = kind.read(load(bytes(event.body)), _head_of(event), event.headers)
    try:
        return _keep(event, news)
    except BadOrder as why:
        return event.settle(Status.FAILED, str(why), order_key=news[0].key)


@transaction.atomic
def _keep(event: HookEvent, news: list[News]) -> bool:
    if not event.settle(Status.PROCESSED):
        return False
    settled = settle(event.connection, news)
    values = {"note": settled.note[:500], "order_key": settled.key[:120], "order": settled.order}
    HookEvent.objects.filter(pk=event.pk).update(**values)
    return True


def _head_of(event: HookEvent) -> Head:
    return Head(event.event_id, event.topic, event.version)
