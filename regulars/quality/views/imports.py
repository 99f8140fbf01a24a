"""The way of a file: brought, understood, looked through, imported, undone if need be."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access import operations
from regulars.access.door import SignedInRequest, can
from regulars.access.models import Operation
from regulars.access.views.operations import can_undo
from regulars.lib.exports import harmless
from regulars.lib.toast import toast
from regulars.quality.actions import bring_file, discard, settle_mapping, start_import, start_preview
from regulars.quality.door import get_import
from regulars.quality.files.problems import FileProblem
from regulars.quality.forms import ImportFileForm, ImportMappingForm, plan_form
from regulars.quality.importing.sorts import sort_called, sort_of, sorts
from regulars.quality.importing.source import samples
from regulars.quality.models import Import, ImportProblem

AT_ONCE = 500  # rows that are looked through while the person waits
RECENT = 10
PROBLEMS_SHOWN = 20


def run_if_small(operation: Operation) -> None:
    """Run a short operation right away, so that nobody waits for a worker."""
    if (operation.total or 0) <= AT_ONCE:
        operations.run(operation)


@can("import")
@require_http_methods(["GET", "POST"])
def imports(request: SignedInRequest, what: str = "contacts") -> HttpResponse:
    """Bring a file; below, the files brought lately."""
    form = ImportFileForm(request.POST, request.FILES) if request.method == "POST" else ImportFileForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            imported = bring_file(upload, upload.name, by=request.user, what=what)
        except FileProblem as problem:
            form.add_error("file", str(problem))
        else:
            if imported.is_mapped:
                run_if_small(start_preview(imported))
            return redirect(imported)
    recent = Import.objects.visible_to(request.user).filter(what=what).select_related("by", "operation")[:RECENT]
    context = {"form": form, "recent": recent, "sort": sort_called(what), "sorts": sorts()}
    return render(request, "quality/imports.html", context, status=422 if request.method == "POST" else 200)


@can("import")
@require_GET
def import_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The next step of an import: its columns, its preview, its progress, or its result."""
    imported = get_import(request.user, pk)
    if imported.operation is not None:
        return render(request, "quality/import_result.html", result_context(imported, request))
    if not imported.is_mapped:
        return redirect("import-mapping", pk=pk)
    context = {"form": plan_form(imported), **preview_context(imported)}
    return render(request, "quality/import_preview.html", context)


@can("import")
@require_http_methods(["GET", "POST"])
def map_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """What each column means; remembered for the next file with the same headers."""
    imported = get_import(request.user, pk)
    if imported.operation is not None or imported.kind == Import.Kind.VCARD:
        return redirect(imported)
    form = ImportMappingForm(
        request.POST if request.method == "POST" else None,
        imported=imported,
        mapping=imported.mapped(),
        samples=samples(imported),
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        settle_mapping(imported, form.chosen(), by=request.user)
        run_if_small(start_preview(imported))
        return redirect(imported)
    status = 422 if request.method == "POST" else 200
    context = {"imported": imported, "form": form, "sort": sort_of(imported)}
    return render(request, "quality/import_mapping.html", context, status=status)


@can("import")
@require_http_methods(["GET", "POST"])
def preview_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """`POST` counts again with other choices; `GET` is the part of the page that shows how far the counting is."""
    imported = get_import(request.user, pk)
    if request.method == "POST" and imported.operation is None:
        form = plan_form(imported, request.POST)
        if not form.is_valid():
            context = {"form": form, **preview_context(imported)}
            return render(request, "quality/import_preview.html", context, status=422)
        form.save()
        run_if_small(start_preview(imported))
    if not request.htmx:
        return redirect(imported)
    imported.refresh_from_db()
    return render(request, "quality/import_counts.html", preview_context(imported))


def preview_context(imported: Import) -> dict[str, Any]:
    """What the preview shows: how far it is, what would happen, some of the people, some of the bad rows."""
    operation = imported.preview
    result = operation.result if operation else {}
    counts = result.get("counts", {}) if operation and operation.is_finished else {}
    return {
        "imported": imported,
        "sort": sort_of(imported),
        "operation": operation,
        "counts": counts,
        "extra_counts": extra_counts(imported, counts),
        "sample": result.get("sample", []),
        "problems": [
            {"row": row, "field": field, "message": message} for row, field, message in result.get("problems", [])[:10]
        ],
    }


def extra_counts(imported: Import, counts: dict[str, int]) -> list[tuple[Any, int]]:
    """What else this sort counts, with its name; nothing that is zero."""
    return [(label, counts[key]) for key, label in sort_of(imported).extra_counts if counts.get(key)]


@can("import")
@require_POST
def run_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin the import with the choices on the page; a second time changes nothing."""
    imported = get_import(request.user, pk)
    form = plan_form(imported, request.POST)
    if imported.operation is None and form.is_valid():
        form.save()
        if operation := start_import(imported):
            run_if_small(operation)
    return redirect(imported)


@can("import")
@require_GET
def import_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while the import runs."""
    imported = get_import(request.user, pk)
    return render(request, "quality/import_progress.html", result_context(imported, request))


def result_context(imported: Import, request: SignedInRequest) -> dict[str, Any]:
    """What the progress and the result show."""
    operation = imported.operation
    if operation is None:
        raise Http404("This import has not begun.")
    counts = operation.result.get("counts", {})
    return {
        "imported": imported,
        "sort": sort_of(imported),
        "operation": operation,
        "counts": counts,
        "is_catching_up": sort_of(imported).is_catching_up(operation),
        "extra_counts": extra_counts(imported, counts),
        "notices": list(operation.result.get("notices", {}).items()),
        "problems": imported.problems.all()[:PROBLEMS_SHOWN] if operation.is_finished else [],
        "can_undo": can_undo(operation) and request.user.can("edit"),
    }


@can("import")
@require_GET
def import_operation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lead from an operation to the import that it runs."""
    operation = get_object_or_404(Operation, pk=pk)
    return redirect(get_import(request.user, operation.state.get("import", 0)))


@can("import")
@require_POST
def discard_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """Drop a file that was brought but not imported."""
    imported = get_import(request.user, pk)
    if imported.operation is None:
        discard(imported)
        toast(request, _("%(name)s was put aside; nothing was imported.") % {"name": imported.name})
    return redirect("import")


@can("import")
@require_GET
def import_problems(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    """The bad rows as CSV, with the reason in each, to be mended and brought again."""
    imported = get_import(request.user, pk)
    response = StreamingHttpResponse(_problem_lines(imported), content_type="text/csv; charset=utf-8")
    stem = imported.name.rpartition(".")[0] or imported.name
    safe = (
        "".join(c if c.isalnum() or c in "-_ " else "_" for c in stem)[:80].encode("ascii", "ignore").decode()
        or "import"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}-not-imported.csv"'
    return response


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _problem_lines(imported: Import) -> Iterator[str]:
    writer = csv.writer(_Echo())
    headers = imported.headers or [_("Card")]
    yield "\ufeff" + str(
        writer.writerow([*(harmless(str(h)) for h in headers), _("Row"), _("Why it was not imported")])
    )
    waiting: list[ImportProblem] = []
    for problem in imported.problems.iterator(chunk_size=500):
        if waiting and problem.row != waiting[0].row:
            yield str(writer.writerow(_problem_row(waiting, len(headers))))
            waiting = []
        waiting.append(problem)
    if waiting:
        yield str(writer.writerow(_problem_row(waiting, len(headers))))


def _problem_row(problems: list[ImportProblem], width: int) -> list[str]:
    cells = list(problems[0].cells or [])[:width]
    cells += [""] * (width - len(cells))
    why = " ".join(f"{p.field}: {p.message}" if p.field else p.message for p in problems)
    return [*(harmless(cell) for cell in cells), str(problems[0].row), harmless(why)]
