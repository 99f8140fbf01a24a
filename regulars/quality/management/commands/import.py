"""`bin/regulars import contacts FILE`: bring people in from a file."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from regulars.access import operations
from regulars.access.models import Operation
from regulars.lib.commands import BadUse, Failure, ProductCommand
from regulars.quality.actions import bring_file, discard, start_import, start_preview
from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.files.problems import FileProblem
from regulars.quality.files.targets import TARGETS
from regulars.quality.management.commands import colleague
from regulars.quality.models import Import, ImportProblem

ERRORS = 10_000


class Command(ProductCommand):
    help = "Bring in people and companies from a CSV, XLSX or vCard file."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["contacts"], help="what the file holds")
        parser.add_argument("file", type=Path, metavar="FILE", help="a CSV, XLSX or vCard file")
        parser.add_argument(
            "--on-duplicate",
            choices=Import.Policy.values,
            default="skip",
            help="people known already: leave them (skip), fill their gaps, overwrite, or create them again",
        )
        parser.add_argument("--dry-run", action="store_true", help="only count what would happen")
        parser.add_argument("--by", metavar="EMAIL", help="the colleague who brings the file (default: the owner)")
        parser.add_argument("--tag", action="append", default=[], metavar="NAME", help="a tag for everyone in the file")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="HEADER=FIELD",
            help="what a column means, when it is not guessed right: given, email, phone/mobile, custom:KEY, …",
        )

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        begun = time.monotonic()
        user = colleague(options["by"], "import")
        path: Path = options["file"]
        try:
            imported = bring_file(path, path.name, by=user)
        except FileProblem as problem:
            raise Failure(str(problem)) from problem
        except OSError as problem:
            raise Failure(f"{path} can't be read: {problem.strerror}.") from problem
        imported.policy = options["on_duplicate"]
        imported.options = {"tags": options["tag"]}
        imported.mapping = _mapped(imported, options["map"])
        imported.save()
        answer = _look(imported) if options["dry_run"] else _run(imported)
        return {**answer, "seconds": round(time.monotonic() - begun, 2)}

    def tell(self, answer: dict[str, Any]) -> Iterable[str]:
        verb = "Imported" if answer["import_id"] else "Would import"
        yield (
            f"{verb} {answer['rows']} rows in {answer['seconds']} s: {answer['created']} created, "
            f"{answer['updated']} updated, {answer['skipped']} skipped, {answer['failed']} failed."
        )
        for error in answer["errors"][:20]:
            field = f", {error['field']}" if error["field"] else ""
            yield f"  row {error['row']}{field}: {error['message']}"
        if len(answer["errors"]) > 20:
            yield f"  … and {len(answer['errors']) - 20} more; --json lists them."


def _mapped(imported: Import, given: list[str]) -> dict[str, Any]:
    mapping = imported.mapped()
    for pair in given:
        header, equals, spec = pair.rpartition("=")
        if not equals or header not in imported.headers:
            raise BadUse(f"--map {pair}: the file has no column “{header}”.")
        column = Column.of(spec.strip())
        if column.target and column.target not in TARGETS and not column.target.startswith("custom:"):
            raise BadUse(f"--map {pair}: there is no field “{column.target}”.")
        mapping.columns[imported.headers.index(header)] = column
    return mapping.as_json() if isinstance(mapping, Mapping) and mapping.columns else {}


def _look(imported: Import) -> dict[str, Any]:
    operation = operations.run(start_preview(imported, queue=False))
    _check(operation)
    errors = [
        {"row": row, "field": field, "message": message} for row, field, message in operation.result.get("problems", [])
    ]
    answer = {"import_id": None, **_counts(operation), "errors": errors}
    discard(imported)
    return answer


def _run(imported: Import) -> dict[str, Any]:
    operation = start_import(imported, queue=False)
    if operation is None:
        raise Failure("This file is being imported already.")
    operations.run(operation)
    _check(operation)
    problems = ImportProblem.objects.filter(imported=imported).order_by("row", "pk")[:ERRORS]
    errors = [{"row": p.row, "field": p.field, "message": p.message} for p in problems]
    return {"import_id": imported.pk, **_counts(operation), "errors": errors}


def _counts(operation: Operation) -> dict[str, int]:
    counts = operation.result.get("counts", {})
    return {name: counts.get(name, 0) for name in ("rows", "created", "updated", "skipped", "failed")}


def _check(operation: Operation) -> None:
    operation.refresh_from_db()
    if operation.status != Operation.Status.DONE:
        raise Failure(operation.problem or f"The import ended early ({operation.get_status_display().lower()}).")
