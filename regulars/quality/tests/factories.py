"""Small factories for files and imports."""

from io import BytesIO

from regulars.access import operations
from regulars.access.models import Operation, User
from regulars.access.tests.factories import make_user
from regulars.quality.actions import bring_file, start_import
from regulars.quality.models import Import


def make_import(
    content: str | bytes,
    name: str = "people.csv",
    *,
    by: User | None = None,
    policy: str = "skip",
    what: str = "contacts",
) -> Import:
    """A file brought in, not imported yet."""
    data = content.encode() if isinstance(content, str) else content
    imported = bring_file(BytesIO(data), name, by=by or make_user("Nora Pine", role="owner"), what=what)
    imported.policy = policy
    imported.save()
    return imported


def run_import(
    content: str | bytes, name: str = "people.csv", *, by: User | None = None, policy: str = "skip"
) -> Import:
    """A file brought in and imported to its end."""
    return finish(make_import(content, name, by=by, policy=policy))


def finish(imported: Import) -> Import:
    """Run an import to its end in this process; returns it as it stands then."""
    operation = start_import(imported, queue=False)
    assert operation is not None
    operations.run(operation)
    imported.refresh_from_db()
    assert imported.operation is not None
    assert imported.operation.status == Operation.Status.DONE, imported.operation.problem
    return imported


def undo(imported: Import) -> Operation:
    """Undo an import in this process."""
    operation = imported.operation
    assert operation is not None
    assert operations.request_undo(operation, by=imported.by)
    operations.run(operation)
    operation.refresh_from_db()
    return operation
