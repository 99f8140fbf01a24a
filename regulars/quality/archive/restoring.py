"""Putting an archive in the place of what is here, or into an empty installation: all of it, or nothing.

The tables are made as they were when the archive was written, filled, and then brought up to date by the ordinary
migrations; so an archive of an older version fits, and one from SQLite fits into PostgreSQL. On SQLite that
happens in a new file beside the old one, on PostgreSQL in one transaction.
"""

import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from regulars.access.models import AuditEvent, Organisation, ScheduledRun, User
from regulars.lib import pending
from regulars.lib.migrating import quickly_when_new
from regulars.quality.archive.filling import fill
from regulars.quality.archive.layout import CHUNK, ArchiveError, Manifest
from regulars.quality.archive.reading import verify

WAIT_FOR_LOCKS = 10  # seconds, on PostgreSQL
RESTORED = "restored:"


def restore(source: Path, *, replace: bool) -> Manifest:
    """Restore the archive `source` and return its manifest; what was here before is gone when this returns.

    Everybody is signed out, and this installation keeps its own secret key. Raises ArchiveError, and leaves all as it
    was, when the archive is damaged or newer than this program, when there is a business here and `replace` is
    not set, and while Regulars is being served. A kill in the middle leaves either the old or the new data.
    """
    manifest = verify(source)
    _check_version(manifest)
    finish_pending()
    if not replace and not is_empty():
        raise ArchiveError("There is a business here already; --replace puts the backup in its place.")
    data = Path(settings.DATA_DIR)
    try:
        lock = pending.hold(data)
    except pending.InUse as busy:
        raise ArchiveError(f"Regulars is running here (process {busy.holder}). Stop it first.") from None
    try:
        _restore(source, manifest, data)
    finally:
        lock.close()
    return manifest


def is_empty() -> bool:
    """Whether this installation has no business and nobody in it."""
    return Organisation.current() is None and not User.objects.exists()


def finish_pending() -> bool:
    """Carry out, or drop, what a restore that was killed in its last moments had decided."""
    if not (Path(settings.DATA_DIR) / pending.NAME).exists():
        return False
    connection.close()
    return pending.finish(Path(settings.DATA_DIR), _is_committed)


def _is_committed(token: str) -> bool:
    return ScheduledRun.objects.filter(name=RESTORED + token).exists()


def _check_version(manifest: Manifest) -> None:
    known = set(MigrationLoader(None).disk_migrations)
    newer = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if newer:
        raise ArchiveError(f"This archive was made by a newer Regulars ({newer[0]}). Update this one first.")


def _restore(source: Path, manifest: Manifest, data: Path) -> None:
    new_files = data / f"files.restoring-{secrets.token_hex(4)}"
    try:
        _check_room(manifest, data)
        with zipfile.ZipFile(source) as archive:
            _unpack(archive, manifest, new_files)
            if connection.vendor == "sqlite":
                _into_sqlite(archive, manifest, data, new_files)
            else:
                _into_postgresql(archive, manifest, data, new_files)
    except DatabaseError as error:
        raise ArchiveError(f"The database refused the archive: {str(error).strip().splitlines()[0]}") from error
    finally:
        if not (data / pending.NAME).exists():
            shutil.rmtree(new_files, ignore_errors=True)


def _check_room(manifest: Manifest, data: Path) -> None:
    needed = sum(part.size for part in [*manifest.files, *manifest.tables])
    free = shutil.disk_usage(data).free
    if free < needed:
        raise ArchiveError(f"The disk has {free // 1024**2} MB left, and this archive needs {needed // 1024**2} MB.")


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    folder.mkdir(parents=True)
    for part in manifest.files:
        path = folder / part.name.removeprefix("files/")
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(part.name) as member, path.open("wb") as file:
            shutil.copyfileobj(member, file, CHUNK)


def _build(archive: zipfile.ZipFile, manifest: Manifest, database: BaseDatabaseWrapper) -> None:
    """Make the tables as the archive knew them, fill them, and bring them up to date."""
    wanted = set(manifest.migrations)
    executor = MigrationExecutor(database)
    everything = executor.migration_plan(executor.loader.graph.leaf_nodes())
    plan = [(step, back) for step, back in everything if (step.app_label, step.name) in wanted]
    MigrationRecorder(database).ensure_schema()
    with quickly_when_new(database):
        state = executor.migrate(None, plan=plan)
    state.clear_delayed_apps_cache()
    fill(archive, manifest, state.apps, database)
    executor = MigrationExecutor(database)
    executor.migrate(executor.loader.graph.leaf_nodes())
    emit_post_migrate_signal(verbosity=0, interactive=False, db=database.alias)
    AuditEvent.objects.using(database.alias).create(verb="restored", kind="backup", title=f"of {manifest.made_at}")


def _into_sqlite(archive: zipfile.ZipFile, manifest: Manifest, data: Path, new_files: Path) -> None:
    live = Path(connection.settings_dict["NAME"])
    new = live.with_name(live.name + ".restoring")
    _remove_database(new)
    try:
        with _database_at(new) as database:
            _build(archive, manifest, database)
        _sync(new)
        _close_live()
        pending.decide(data, pending.Plan(str(new_files), str(settings.MEDIA_ROOT), str(new), str(live)))
        pending.finish(data)
    finally:
        if not (data / pending.NAME).exists():
            _remove_database(new)


@contextmanager
def _database_at(path: Path) -> Iterator[BaseDatabaseWrapper]:
    """Let the default connection of this thread lead to another SQLite file for a while; one plain file at the end.

    Migrations and what runs after them use the default connection, whatever they are told.
    """
    usual = connections[DEFAULT_DB_ALIAS]
    other = usual.copy()
    other.settings_dict["NAME"] = str(path)
    connections[DEFAULT_DB_ALIAS] = other
    try:
        with other.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
        yield other
        with other.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA journal_mode = DELETE")
    finally:
        other.close()
        connections[DEFAULT_DB_ALIAS] = usual


def _close_live() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _remove_database(path: Path) -> None:
    for rest in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + rest).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _into_postgresql(archive: zipfile.ZipFile, manifest: Manifest, data: Path, new_files: Path) -> None:
    token = secrets.token_hex(8)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_FOR_LOCKS}s'")
        _drop_everything()
        _build(archive, manifest, connection)
        ScheduledRun.objects.create(name=RESTORED + token, last_run_at=timezone.now())
        pending.decide(data, pending.Plan(str(new_files), str(settings.MEDIA_ROOT), token=token))
    pending.finish(data, _is_committed)
    ScheduledRun.objects.filter(name=RESTORED + token).delete()


def _drop_everything() -> None:
    """Drop our tables and functions, also those made by plain SQL: what begins with the label of an app of ours."""
    labels = ("django_", "regulars_", *(f"{config.label}_" for config in apps.get_app_configs()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, 'TABLE' FROM pg_tables WHERE schemaname = current_schema()")
        found = cursor.fetchall()
        cursor.execute(
            "SELECT oid::regprocedure::text, 'FUNCTION' FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace"
        )
        found += cursor.fetchall()
        for name, kind in found:
            if name.startswith(labels):
                quoted = connection.ops.quote_name(name) if kind == "TABLE" else name
                cursor.execute(f"DROP {kind} IF EXISTS {quoted} CASCADE")
