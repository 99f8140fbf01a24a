"""What `bin/regulars doctor` looks at, one function for each: is it well, and if not, what to do."""

import os
import shutil
import socket
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from regulars.access import queue
from regulars.access.models import ScheduledRun

GOOD, WARNING, WRONG = "good", "warning", "wrong"
ROOM = (1024**3, 200 * 1024**2)  # bytes free below which the disk is a warning, and wrong
WAITING_TOO_LONG = timedelta(minutes=5)
CLOCKS_MAY_DIFFER = timedelta(seconds=5)
MAIL_ANSWERS_WITHIN = 10  # seconds


@dataclass(frozen=True)
class Finding:
    """What one check found: `state` is good, warning or wrong; `advice` says what to do unless it is good."""

    check: str
    state: str
    detail: str
    advice: str = ""


def examine() -> list[Finding]:
    """Make every check. One that the state of the database makes pointless is left out."""
    findings = [_database()]
    if findings[0].state != WRONG:
        findings.append(_migrations())
        if findings[-1].state != WRONG:
            findings += [_queue(), _clock()]
    return [*findings, _disk(), _mail()]


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            sql = "SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()"
            cursor.execute(sql)
            (version,) = cursor.fetchone()
            cursor.execute("PRAGMA quick_check(1)" if connection.vendor == "sqlite" else "SELECT 'ok'")
            (sound,) = cursor.fetchone()
    except DatabaseError as error:
        reason = str(error).strip().split("\n")[0]
        return Finding("database", WRONG, reason, "Check DATABASE_URL, and that the database is running.")
    if sound != "ok":
        return Finding("database", WRONG, f"The file is damaged: {sound}", "Stop Regulars and restore a backup.")
    return Finding("database", GOOD, f"{connection.display_name} {version}")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(
            "migrations", WRONG, f"{len(waiting)} not applied", "Start bin/run once, or bin/regulars migrate."
        )
    return Finding("migrations", GOOD, "all applied")


def _queue() -> Finding:
    now = timezone.now()
    ready = DBTaskResult.objects.ready()
    late = ready.filter(enqueued_at__lt=now - WAITING_TOO_LONG)[:1001].count()
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - timedelta(days=1))[:1001].count()
    working = len(queue.workers())
    detail = f"{_several(working, 'worker')}, {_several(late, 'task')} late, {failed} failed in the last day"
    if late:
        advice = "Look at the output of bin/run." if working else "No worker is running: start bin/run."
        return Finding("queue", WRONG, detail, advice)
    if not working:
        return Finding("queue", WARNING, detail, "Nothing is served now: bin/run starts web and worker.")
    if failed:
        return Finding("queue", WARNING, detail, "The output of bin/run says why they failed.")
    return Finding("queue", GOOD, detail)


def _several(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _clock() -> Finding:
    now = timezone.now()
    advice = "Set this machine's clock, for example with NTP."
    theirs = now
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (theirs,) = cursor.fetchone()
    if abs(theirs - now) > CLOCKS_MAY_DIFFER:
        return Finding("clock", WRONG, f"The database's clock says {theirs:%Y-%m-%d %H:%M:%S} UTC.", advice)
    latest = ScheduledRun.objects.aggregate(latest=Max("last_run_at"))["latest"]
    if (latest and latest > now + timedelta(minutes=1)) or now < datetime(2026, 1, 1, tzinfo=UTC):
        return Finding("clock", WRONG, f"It says {now:%Y-%m-%d %H:%M} UTC, which has been before.", advice)
    return Finding("clock", GOOD, f"{now:%Y-%m-%d %H:%M} UTC")


def _disk() -> Finding:
    folder = Path(settings.DATA_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        who = f"user {os.geteuid()}"
        return Finding("disk", WRONG, f"{folder}: {error.strerror}", f"Make the data folder writable for {who}.")
    detail = f"{free / 1024**3:.1f} GB free for {folder}"
    if free < ROOM[0]:
        return Finding("disk", WRONG if free < ROOM[1] else WARNING, detail, "Make room, or move the data folder.")
    return Finding("disk", GOOD, detail)


def _mail() -> Finding:
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        where = f"Mail is written to {settings.EMAIL_FILE_PATH}"
        return Finding("mail", WARNING, where, "Set REGULARS_EMAIL_URL, so that invitations reach people.")
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        mail = get_connection(timeout=MAIL_ANSWERS_WITHIN)
        mail.open()
        mail.close()
    except (OSError, SMTPException, socket.gaierror) as error:
        return Finding("mail", WRONG, f"{server} does not take our mail: {error}", "Check REGULARS_EMAIL_URL.")
    return Finding("mail", GOOD, server)
