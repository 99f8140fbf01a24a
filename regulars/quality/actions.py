"""Beginning, settling and running imports."""

import shutil
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from regulars.access import operations
from regulars.access.models import Operation, User
from regulars.quality.files.delimited import DelimitedTable
from regulars.quality.files.mapping import Mapping, fingerprint
from regulars.quality.files.opening import VCARD, XLSX, kind_of_file
from regulars.quality.files.problems import FileProblem
from regulars.quality.files.workbook import workbook_to_csv
from regulars.quality.importing.running import IMPORT, PREVIEW
from regulars.quality.importing.sorts import sort_called, sort_of
from regulars.quality.importing.source import samples
from regulars.quality.models import Import, RememberedMapping

SAMPLE_ROWS = 200


def bring_file(source: IO[bytes] | Path, name: str, *, by: User, what: str = "contacts") -> Import:
    """Take a file in and find out what it is; nothing is imported yet. `what` is the key of its sort.

    Returns an import whose mapping is settled when the file is a vCard, a known export, or has the headers of a file
    mapped before. Raises FileProblem with one sentence when nothing can be done with the file. Stores the file.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with path.open("wb") as out:
            if isinstance(source, Path):
                with source.open("rb") as stream:
                    shutil.copyfileobj(stream, out)
            else:
                shutil.copyfileobj(source, out)
        kind = kind_of_file(path, settings.IMPORT_MAX_BYTES)
        size = path.stat().st_size
        if kind == XLSX:
            workbook_to_csv(path, rows := Path(folder) / "rows.csv")
            path = rows
        imported = Import(by=by, what=what, name=Path(name).name[:200], kind=kind, size=size)
        if kind == VCARD and not sort_called(what).takes_cards:
            raise FileProblem(_("This is an address book. Here CSV and XLSX files can be imported."))
        if kind == VCARD:
            imported.is_mapped = True
        else:
            _map(imported, path)
        with path.open("rb") as stream, transaction.atomic():
            imported.file.save(f"import.{'vcf' if kind == VCARD else 'csv'}", File(stream), save=False)
            imported.save()
    return imported


def _map(imported: Import, path: Path) -> None:
    sort = sort_of(imported)
    table = DelimitedTable(path, known=sort.recognise)
    rows = [row.cells for row, _n in zip(table.rows(), range(SAMPLE_ROWS), strict=False) if not row.problem]
    if not rows:
        raise FileProblem(_("This file has a header but no rows below it."))
    mapping = sort.mapping_for(table.headers, rows)
    if mapping.notes:
        raise FileProblem(_(mapping.notes[0]))
    remembered = RememberedMapping.objects.filter(fingerprint=_fingerprint(imported, table.headers)).first()
    if remembered and not mapping.recognised:
        mapping = Mapping.from_json(remembered.mapping)
        imported.is_mapped = True
    imported.headers = table.headers
    imported.mapping = mapping.as_json()
    imported.is_mapped = imported.is_mapped or mapping.recognised


def _fingerprint(imported: Import, headers: list[str]) -> str:
    """What files of one sort with the same headers have in common."""
    return fingerprint(headers if imported.what == "contacts" else [imported.what, *headers])


def settle_mapping(imported: Import, mapping: Mapping, *, by: User) -> None:
    """Keep what the columns mean, and remember it for the next file with the same headers."""
    imported.mapping, imported.is_mapped = mapping.as_json(), True
    imported.save(update_fields=["mapping", "is_mapped"])
    RememberedMapping.objects.update_or_create(
        fingerprint=_fingerprint(imported, imported.headers), defaults={"mapping": mapping.as_json(), "by": by}
    )


def suggest_again(imported: Import) -> Mapping:
    """Return the mapping as the program would suggest it, whatever was settled before."""
    return sort_of(imported).mapping_for(imported.headers, samples(imported))


@transaction.atomic
def start_preview(imported: Import, *, queue: bool = True) -> Operation:
    """Count, in the background, what the import would do. An earlier preview is dropped."""
    old = imported.preview
    if old is not None and not old.is_finished:
        operations.request_cancel(old)
    operation = _start(imported, PREVIEW, _("Look through %s"), queue)
    imported.preview, imported.counts = operation, {}
    imported.save(update_fields=["preview", "counts"])
    return operation


@transaction.atomic
def start_import(imported: Import, *, queue: bool = True) -> Operation | None:
    """Begin to write, in the background; None when it has begun already. `queue=False`: the caller runs it."""
    taken = Import.objects.select_for_update().filter(pk=imported.pk, operation=None).first()
    if taken is None:
        return None
    operation = _start(imported, IMPORT, _("Import %s"), queue)
    if not Import.objects.filter(pk=imported.pk, operation=None).update(operation=operation):
        raise RuntimeError("The import was begun twice at the same moment.")
    imported.operation = operation
    return operation


def _start(imported: Import, kind: str, title: str, queue: bool) -> Operation:
    total = sort_of(imported).count(imported)
    operation = Operation.objects.create(
        kind=kind,
        title=(title % imported.name)[:300],
        by=imported.by,
        total=total,
        state={"import": imported.pk, "what": imported.what},
    )
    if queue:
        operations.enqueue(operation)
    return operation


def discard(imported: Import) -> None:
    """Drop an import that has not begun, with its file."""
    imported.forget_preview()
    imported.let_go_of_file()
    imported.delete()
