"""Triggers that keep the audit log as it was written, on SQLite and PostgreSQL.

They refuse to delete a line, and to change anything but the blanking of `title` and `changes` (a person's erasure).
A row in `access_audit_unlocked` lifts that: `audit_unlocked()` puts one there inside its transaction. A test run leaves
one for good, because a test database is emptied by DELETE between tests; the tests of the triggers take it away.
"""

from typing import Any

from django.conf import settings
from django.db import migrations

LOCK = "CREATE TABLE access_audit_unlocked (reason varchar(200) NOT NULL)"

SQLITE = (
    """
    CREATE TRIGGER access_audit_no_delete BEFORE DELETE ON access_auditevent
    WHEN NOT EXISTS (SELECT 1 FROM access_audit_unlocked)
    BEGIN SELECT RAISE(ABORT, 'The audit log can''t be changed.'); END
    """,
    """
    CREATE TRIGGER access_audit_no_update BEFORE UPDATE ON access_auditevent
    WHEN NOT EXISTS (SELECT 1 FROM access_audit_unlocked) AND NOT (
        NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.actor_id IS OLD.actor_id AND NEW.verb IS OLD.verb
        AND NEW.kind IS OLD.kind AND NEW.object_id IS OLD.object_id AND NEW.address IS OLD.address
        AND NEW.title IN (OLD.title, '') AND NEW.changes IN (OLD.changes, '{}')
    )
    BEGIN SELECT RAISE(ABORT, 'The audit log can''t be changed.'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION access_audit_keep() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF EXISTS (SELECT 1 FROM access_audit_unlocked) THEN
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id
            AND NEW.verb = OLD.verb AND NEW.kind = OLD.kind AND NEW.object_id IS NOT DISTINCT FROM OLD.object_id
            AND NEW.address = OLD.address AND NEW.title IN (OLD.title, '')
            AND NEW.changes IN (OLD.changes, '{}'::jsonb)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'The audit log can''t be changed.';
    END
    $body$
    """,
    """
    CREATE TRIGGER access_audit_keep BEFORE DELETE OR UPDATE ON access_auditevent
    FOR EACH ROW EXECUTE FUNCTION access_audit_keep()
    """,
)


def lock(apps: Any, editor: Any) -> None:
    """Make the table of permissions and the triggers."""
    editor.execute(LOCK)
    if getattr(settings, "TESTING", False):
        editor.execute("INSERT INTO access_audit_unlocked (reason) VALUES ('test run')")
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement, params=None)


def unlock(apps: Any, editor: Any) -> None:
    """Take them away."""
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER access_audit_no_delete")
        editor.execute("DROP TRIGGER access_audit_no_update")
    else:
        editor.execute("DROP TRIGGER access_audit_keep ON access_auditevent")
        editor.execute("DROP FUNCTION access_audit_keep()")
    editor.execute("DROP TABLE access_audit_unlocked")


class Migration(migrations.Migration):
    """See the module's docstring."""

    dependencies = [("access", "0002_audit_indexes")]

    operations = [migrations.RunPython(lock, unlock)]
