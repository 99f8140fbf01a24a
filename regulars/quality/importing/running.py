"""The operations behind an import: a preview that only counts, and the import itself, batch by batch.

Each batch is read and built outside the transaction, then written with its cursor, its bad rows and its undo steps in
one short transaction. A worker that is killed has written a batch whole or not at all, so whoever goes on begins at
the cursor and brings nothing twice. What a batch means is the business of its sort: see `sorts`.
"""

from collections import Counter
from itertools import islice

from django.db import connection
from django.utils.translation import gettext as _

from regulars.access.models import Operation
from regulars.access.models.audit import audit
from regulars.access.operations import OperationError, tell_starter
from regulars.lib import fast
from regulars.lib.planner import learn
from regulars.quality.files.problems import FileProblem
from regulars.quality.importing.ahead import Ahead
from regulars.quality.importing.sorts import Outcome, Reading, Sort, sort_called, sort_of
from regulars.quality.models import Import, ImportProblem

IMPORT, PREVIEW = "import", "import-preview"
NOTICES, PROBLEMS, SAMPLES = 20, 1000, 6
BIG = 1000  # rows

_readings: dict[int, Reading] = {}


def _sort(operation: Operation) -> Sort:
    return sort_called(operation.state.get("what", "contacts"))


def _reading(operation: Operation) -> Reading:
    """Return the open file of `operation`, opened at its cursor when this process has not got it."""
    cursor = operation.state.get("cursor", 0)
    reading = _readings.get(operation.pk)
    if reading is None or reading.cursor != cursor:  # also when the batch before was taken back
        _close(operation)
        imported = Import.objects.select_related("by").get(pk=operation.state["import"])
        sort = sort_of(imported)
        reading = Reading(imported, sort.pieces(imported, skip=cursor), cursor, sort.new_memory())
        _readings[operation.pk] = reading
        if operation.kind == IMPORT:
            reading.ahead = Ahead(reading.pieces) if connection.vendor in sort.reads_ahead_on else None
            fast.gather_writes(many=True)
    return reading


def _close(operation: Operation) -> None:
    reading = _readings.pop(operation.pk, None)
    if reading is not None and reading.ahead is not None:
        reading.ahead.close()


def prepare(operation: Operation) -> None:
    """Read and build the next batch, outside the transaction."""
    if operation.status == Operation.Status.UNDOING:
        return
    if operation.kind == PREVIEW and operation.pk not in _readings and operation.state.get("cursor"):
        operation.state = {name: value for name, value in operation.state.items() if name != "cursor"}
        operation.result, operation.done = {}, 0
    sort = _sort(operation)
    if operation.kind == IMPORT and sort.is_catching_up(operation):
        return
    try:
        reading = _reading(operation)
        size = sort.batch_size(reading.imported, preview=operation.kind == PREVIEW)
        reading.batch = reading.ahead.take(size) if reading.ahead else list(islice(reading.pieces, size))
    except FileProblem as problem:
        raise OperationError(str(problem)) from problem
    except OSError as problem:
        raise OperationError(_("The file can't be read any more; bring it again.")) from problem
    if operation.kind == IMPORT:
        sort.prepare(reading)


def preview_step(operation: Operation) -> bool:
    """Count what the next batch would become; writes only the counts."""
    reading = _reading(operation)
    outcome = _sort(operation).look(reading)
    if not operation.result.get("sample"):
        operation.result["sample"] = outcome.samples[:SAMPLES]
    problems = operation.result.setdefault("problems", [])
    for bad in outcome.bad:
        if len(problems) < PROBLEMS:
            problems.extend([[bad.row, problem.field, problem.message] for problem in bad.problems])
    return _finish_batch(operation, reading, outcome)


def import_step(operation: Operation) -> bool:
    """Write the next batch with its cursor, bad rows and undo steps; or catch up with what earlier ones left."""
    fast.hurry()
    sort = _sort(operation)
    if sort.is_catching_up(operation):
        sort.catch_up(operation)
        return True
    reading = _reading(operation)
    outcome = sort.write(operation, reading)
    ImportProblem.objects.bulk_create(
        [
            row
            for bad in outcome.bad
            for row in ImportProblem.rows_for(reading.imported, bad.row, list(bad.problems), bad.cells)
        ]
    )
    return _finish_batch(operation, reading, outcome) or sort.catch_up(operation)


def catch_up(operation: Operation) -> bool:
    """Do some of what batches left to be done; returns whether there was anything."""
    return _sort(operation).catch_up(operation)


def undo_step(operation: Operation) -> bool:
    """Take back one batch."""
    return _sort(operation).undo_step(operation)


def _finish_batch(operation: Operation, reading: Reading, outcome: Outcome) -> bool:
    """Note the counts and how far the file is read; returns whether there was anything left."""
    rows, more = sum(piece.rows for piece in reading.batch), bool(reading.batch)
    total = Counter(operation.result.get("counts", {})) + outcome.counts
    total["rows"] += rows
    operation.result["counts"] = dict(total)
    operation.result["notices"] = dict(reading.notices.most_common(NOTICES))
    reading.cursor += rows
    operation.advance(rows, cursor=reading.cursor)
    reading.batch = []
    return more


def finish_preview(operation: Operation) -> None:
    """Keep the counts with the import."""
    _readings.pop(operation.pk, None)
    Import.objects.filter(pk=operation.state["import"]).update(counts=operation.result.get("counts", {}))


def finish_import(operation: Operation) -> None:
    """Keep the counts with the import, write the audit line, and let go of the file."""
    _close(operation)
    fast.gather_writes(many=False)
    imported = Import.objects.filter(pk=operation.state["import"]).first()
    if imported is None:
        return
    if operation.status != Operation.Status.UNDONE:
        sort_of(imported).finish(operation, imported)
        Import.objects.filter(pk=imported.pk).update(counts=operation.result.get("counts", {}))
    imported.forget_preview()
    imported.let_go_of_file()
    verb = "undid the import of" if operation.status == Operation.Status.UNDONE else "imported"
    audit(verb, by=imported.by, kind="file", object_id=imported.pk, title=imported.name,
          changes=operation.result.get("counts", {}))  # fmt: skip
    done = operation.status == Operation.Status.DONE
    tell_starter(operation, sort_of(imported).in_words(operation.result.get("counts", {})) if done else "")
    if operation.done >= BIG:  # the planner should know at once that there are many more rows now
        learn()
