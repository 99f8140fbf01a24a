"""An import survives whoever runs it: killed anywhere, it goes on where it was and brings nobody twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from regulars.access import operations
from regulars.access.models import Operation
from regulars.contacts.models import Contact, ContactPoint
from regulars.quality.actions import start_import
from regulars.quality.importing import people as people_sort
from regulars.quality.importing import running
from regulars.quality.importing.sorts import Sort
from regulars.quality.models import Import, ImportProblem
from regulars.quality.tests.factories import make_import, undo

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 1_000


class Killed(BaseException):
    """Ends the process at once, as `kill -9` would: nothing catches it, nothing is tidied."""


def people() -> str:
    lines = (
        f"P{n} Silva,{'no mail' if n % 100 == 7 else f'p{n}@a.pt'},+35191{n:07d},Firm {n % 50},vip\n"
        for n in range(ROWS)
    )
    return "Name,Email,Phone,Company,Tags\n" + "".join(lines)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Sort, "batch", 100)
    monkeypatch.setattr(people_sort, "BIG_BATCH", 100)
    yield
    running._readings.clear()


def begin(**fields: Any) -> tuple[Import, Operation]:
    imported = make_import(people(), **fields)
    operation = start_import(imported, queue=False)
    assert operation is not None
    return imported, operation


def kill_during(monkeypatch: pytest.MonkeyPatch, operation: Operation, step: int) -> None:
    """Run the import and kill it in the middle of writing batch `step`."""
    seen = 0
    save = people_sort.RowMaker.save

    def save_and_die(maker: people_sort.RowMaker) -> None:
        nonlocal seen
        seen += 1
        save(maker)
        if seen == step:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(people_sort.RowMaker, "save", save_and_die)
        with pytest.raises(Killed):
            operations.run(operation)
    running._readings.clear()  # the next process knows nothing of this one
    long_ago = timezone.now() - timedelta(minutes=5)
    Operation.objects.filter(pk=operation.pk).update(worker="gone:1", heartbeat_at=long_ago)


def test_a_killed_worker_left_whole_batches_and_the_next_one_goes_on(
    monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    imported, operation = begin()
    kill_during(monkeypatch, operation, step=4)
    operation.refresh_from_db()
    assert (operation.status, operation.done, operation.state["cursor"]) == ("running", 300, 300)
    assert Contact.objects.count() == 297
    kill_during(monkeypatch, operation, step=3)
    operations.run(Operation.objects.get(pk=operation.pk))
    imported.refresh_from_db()
    assert imported.counts == {"rows": ROWS, "created": 990, "failed": 10, "companies": 50}
    assert Contact.objects.count() == 990
    assert Contact.objects.values("display_name").distinct().count() == 990
    assert ContactPoint.objects.count() == 2 * 990
    assert ImportProblem.objects.count() == 10
    assert undo(imported).status == "undone"
    assert not Contact.objects.exists()


def test_the_rescue_job_hands_a_lost_import_to_another_worker(
    monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    from regulars.access.jobs import rescue_lost_work

    _imported, operation = begin()
    kill_during(monkeypatch, operation, step=2)
    rescue_lost_work()
    operation.refresh_from_db()
    assert operation.status == "done"
    assert Contact.objects.count() == 990


def test_a_cancelled_import_keeps_whole_batches_and_can_be_undone(
    monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    imported, operation = begin()
    step = running.import_step

    def step_and_cancel(operation: Operation) -> bool:
        if operation.done == 200:
            assert operations.request_cancel(operation)
        return step(operation)

    kind = operations.kind_of(operation)
    monkeypatch.setitem(
        operations._kinds,
        "import",
        operations.OperationKind("import", step_and_cancel, kind.undo_step, prepare=kind.prepare),
    )
    operations.run(operation)
    operation.refresh_from_db()
    assert (operation.status, operation.done) == ("cancelled", 300)
    assert Contact.objects.count() == 297
    assert undo(imported).status == "undone"
    assert not Contact.objects.exists()


def test_an_undo_that_is_killed_goes_on_too(monkeypatch: pytest.MonkeyPatch, small_batches: None) -> None:
    imported, operation = begin()
    operations.run(operation)
    monkeypatch.setattr(operations, "enqueue", lambda operation: None)  # no worker: this process is it
    assert operations.request_undo(operation, by=imported.by)
    calls = 0
    from regulars.quality.importing import undoing

    delete = undoing._delete_holders

    def delete_and_die(*args: Any) -> None:
        nonlocal calls
        calls += 1
        delete(*args)
        if calls == 5:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(undoing, "_delete_holders", delete_and_die)
        with pytest.raises(Killed):
            operations.run(operation)
    assert 0 < Contact.objects.count() < 990
    Operation.objects.filter(pk=operation.pk).update(worker="")
    operations.run(Operation.objects.get(pk=operation.pk))
    assert not Contact.objects.exists()


def test_a_step_is_short_so_that_people_can_work_meanwhile() -> None:
    assert Sort.batch <= 500
