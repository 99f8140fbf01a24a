"""The background worker: runs queued tasks, and in a thread beside them what is scheduled.

Started by the supervisor. Any number may run, on any number of machines, against one database: a task is
claimed by its row, a scheduled job by `ScheduledRun`. A heartbeat row says which workers are alive; the tasks of one
that died are queued again.
"""

import logging
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")

import django

django.setup()

from django.db import DatabaseError, close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker

from regulars.access import queue
from regulars.access.jobs import rescue_lost_work
from regulars.access.models import ScheduledRun
from regulars.config.lifeline import end_with_parent
from regulars.lib import collector
from regulars.lib.schedule import Job, all_jobs
from regulars.quality.archive.restoring import finish_pending

logger = logging.getLogger("regulars.worker")

LOOK_EVERY = 0.5  # seconds between two looks into an empty queue
TICK = 5.0  # seconds between two looks at the schedule, and between two heartbeats
RETRY_AFTER = timedelta(minutes=5)


def main(parent: int) -> None:
    """Work until told to stop by SIGTERM or SIGINT, or until the process `parent` has gone."""
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the supervisor, which tells us in order
    me = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"
    finish_pending()
    collector.settle()
    queue.beat(me)
    rescue_lost_work()
    stop = threading.Event()
    for loop in (_heartbeat, _schedule):
        threading.Thread(target=loop, args=(me, stop), name=loop.__name__, daemon=True).start()
    try:
        _work(me)
    finally:
        stop.set()
        connections.close_all()  # a second signal may have struck in the middle of a transaction
        queue.sign_off(me)


def _work(me: str) -> None:
    worker = Worker(
        queue_names=["*"],
        interval=LOOK_EVERY,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=me,
        excluded_queue_names=[],
    )
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, worker.shutdown)
    worker.run()


def _heartbeat(me: str, stop: threading.Event) -> None:
    while not stop.wait(TICK):
        _guarded("heartbeat", partial(queue.beat, me))


def _schedule(me: str, stop: threading.Event) -> None:
    while not stop.is_set():
        for job in all_jobs():
            if not stop.is_set():
                _guarded(job.name, partial(run_if_due, job))
        stop.wait(TICK)


def _guarded(name: str, work: Callable[[], object]) -> None:
    try:
        close_old_connections()
        work()
    except DatabaseError as error:
        logger.warning("%s has to wait for the database: %s", name, error)
        connections.close_all()
    except Exception:
        logger.exception("%s failed", name)


def run_if_due(job: Job) -> bool:
    """Run `job` when its period has passed and no other scheduler took this run; returns whether it ran.

    One that fails is logged and due again after five minutes, or its period when that is shorter.
    """
    if not ScheduledRun.claim(job.name, job.period):
        return False
    try:
        job.run()
    except Exception:
        ScheduledRun.release(job.name, job.period, min(RETRY_AFTER, job.period))
        raise
    return True


if __name__ == "__main__":
    main(int(sys.argv[1]))
