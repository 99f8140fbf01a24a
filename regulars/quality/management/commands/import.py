"""`bin/regulars import contacts|orders|products FILE`: bring people, orders or products in from a file."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from regulars.access import operations
from regulars.access.models import Operation
from regulars.lib.commands import BadUse, Failure, ProductCommand
from regulars.quality.actions import bring_file, discard, start_import, start_preview
from regulars.quality.files.mapping import Column
from regulars.quality.files.problems import FileProblem
from regulars.quality.importing.sorts import sort_of
from regulars.quality.importing.source import samples
from regulars.quality.management.commands import colleague
from regulars.quality.models import Import, ImportProblem

ERRORS = 10_000


class Command(ProductCommand):
    help = "Bring in people, orders or products from a CSV or XLSX file, people from vCards too."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["contacts", "orders", "products"], help="what the file holds")
        parser.add_argument("file", type=Path, metavar="FILE", help="a CSV, XLSX or vCard file")
        parser.add_argument(
            "--on-duplicate",
            choices=Import.Policy.values,
            default="skip",
            help="what is known already: leave it (skip), fill its gaps, overwrite it, or create it again (orders: only"
            " skip and overwrite)",
        )
        parser.add_argument("--dry-run", action="store_true", help="only count what would happen")
        parser.add_argument("--by", metavar="EMAIL", help="the colleague who brings the file (default: the owner)")
        parser.add_argument("--tag", action="append", default=[], metavar="NAME", help="a tag for everyone in the file")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="HEADER=FIELD",
            help="what a column means, when it is not guessed right: given, email, phone/mobile, custom:KEY, …; of"
            " orders: number, placed_at, total, line.name, line.quantity, buyer.email, …",
        )
        parser.add_argument("--source", metavar="NAME", help="orders: the shop or till they come from")
        parser.add_argument("--currency", metavar="CODE", help="orders: the currency of amounts that say none")
        parser.add_argument("--rows", choices=["line", "order"], help="orders: what a row is, if not guessed right")

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        begun = time.monotonic()
        user = colleague(options["by"], "import")
        path: Path = options["file"]
        try:
            imported = bring_file(path, path.name, by=user, what=options["what"])
        except FileProblem as problem:
            raise Failure(str(problem)) from problem
        except OSError as problem:
            raise Failure(f"{path} can't be read: {problem.strerror}.") from problem
        _settle(imported, options)
        answer = _look(imported) if options["dry_run"] else _run(imported)
        return {**answer, "seconds": round(time.monotonic() - begun, 2)}

    def tell(self, answer: dict[str, Any]) -> Iterable[str]:
        verb = "Imported" if answer["import_id"] else "Would import"
        if "orders" in answer:
            yield f"{answer['orders']} orders, {answer['unclaimed']} of them of nobody we know."
        yield (
            f"{verb} {answer['rows']} rows in {answer['seconds']} s: {answer['created']} created, "
            f"{answer['updated']} updated, {answer['skipped']} skipped, {answer['failed']} failed."
        )
        for error in answer["errors"][:20]:
            field = f", {error['field']}" if error["field"] else ""
            yield f"  row {error['row']}{field}: {error['message']}"
        if len(answer["errors"]) > 20:
            yield f"  … and {len(answer['errors']) - 20} more; --json lists them."


def _settle(imported: Import, options: dict[str, Any]) -> None:
    """Keep with the import what the command line says. Raises BadUse for what its sort doesn't know."""
    sort = sort_of(imported)
    if options["on_duplicate"] not in [value for value, _label in sort.policies]:
        discard(imported)
        offered = ", ".join(value for value, _label in sort.policies)
        raise BadUse(f"--on-duplicate {options['on_duplicate']}: of {sort.key} only {offered} can be done.")
    try:
        imported.mapping = _mapped(imported, options)
    except BadUse:
        discard(imported)
        raise
    imported.policy = options["on_duplicate"]
    if imported.what == "orders":
        given = {"source": options["source"], "currency": (options["currency"] or "").upper()}
        imported.options = {name: value for name, value in given.items() if value}
    else:
        imported.options = {"tags": options["tag"]}
    imported.save()


def _mapped(imported: Import, options: dict[str, Any]) -> dict[str, Any]:
    sort, mapping = sort_of(imported), imported.mapped()
    for pair in options["map"]:
        header, equals, spec = pair.rpartition("=")
        if not equals or header not in imported.headers:
            raise BadUse(f"--map {pair}: the file has no column “{header}”.")
        column = Column.of(spec.strip())
        if column.target and not sort.has_target(column.target):
            raise BadUse(f"--map {pair}: there is no field “{column.target}”.")
        index = imported.headers.index(header)
        mapping.columns[index] = sort.settle(column, [row[index] for row in samples(imported)])
    if not mapping.columns:
        return {}
    mapping.kind = options["rows"] or mapping.kind
    missing = sort.missing(mapping.kind, {column.target for column in mapping.columns})
    if missing and imported.what != "contacts":
        raise BadUse(f"{missing} Use --map.")
    return mapping.as_json()


def _look(imported: Import) -> dict[str, Any]:
    operation = operations.run(start_preview(imported, queue=False))
    _check(operation)
    errors = [
        {"row": row, "field": field, "message": message} for row, field, message in operation.result.get("problems", [])
    ]
    answer = {"import_id": None, **_counts(operation, imported), "errors": errors}
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
    return {"import_id": imported.pk, **_counts(operation, imported), "errors": errors}


def _counts(operation: Operation, imported: Import) -> dict[str, int]:
    counts = operation.result.get("counts", {})
    more = ("orders", "unclaimed") if imported.what == "orders" else ()
    names = ("rows", *more[:1], "created", "updated", "skipped", "failed", *more[1:])
    return {name: counts.get(name, 0) for name in names}


def _check(operation: Operation) -> None:
    operation.refresh_from_db()
    if operation.status != Operation.Status.DONE:
        raise Failure(operation.problem or f"The import ended early ({operation.get_status_display().lower()}).")
