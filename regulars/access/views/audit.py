"""The audit log, to read and to take along."""

import csv
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, can
from regulars.access.forms import AuditFilterForm
from regulars.access.models import AuditEvent
from regulars.access.models.audit import audit, known_kinds, known_verbs
from regulars.access.pages import older

COLUMNS = ("at", "who", "did", "kind", "id", "title", "changes", "address")
BATCH = 2000


@require_safe
@can("audit")
def audit_log(request: SignedInRequest) -> HttpResponseBase:
    """Show who did, changed, exported or saw what, and when; the newest first."""
    form = _form(request.GET)
    rows = _chosen(form).select_related("actor")
    page = older(rows, "at", request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    context = {"page": page, "form": form, "query": query.urlencode(), "status": 422 if form.errors else 200}
    part = request.htmx and "after" in request.GET
    template = "access/audit_rows.html" if part else "access/audit_log.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@can("audit")
def download_audit(request: SignedInRequest) -> HttpResponseBase:
    """Give the chosen lines as CSV, however many; the download stands in the log as well."""
    form = _form(request.GET)
    if form.errors:
        return HttpResponse("These filters make no sense.", status=422, content_type="text/plain")
    audit(
        "exported",
        by=request.user,
        kind="audit log",
        address=client_address(request),
        changes={"filters": request.GET.dict()},
    )
    name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_lines(_chosen(form)), content_type="text/csv; charset=utf-8", headers=headers)


def _form(data: QueryDict) -> AuditFilterForm:
    form = AuditFilterForm(data, verbs=known_verbs(), kinds=known_kinds())
    form.is_valid()
    return form


def _chosen(form: AuditFilterForm) -> "QuerySet[AuditEvent]":
    wanted: dict[str, Any] = {}
    given = form.cleaned_data
    if given.get("who"):
        wanted["actor"] = given["who"]
    if given.get("verb"):
        wanted["verb"] = given["verb"]
    if given.get("kind"):
        wanted["kind"] = given["kind"]
    zone = timezone.get_current_timezone()
    if given.get("since"):
        wanted["at__gte"] = datetime.combine(given["since"], time.min, zone)
    if given.get("until"):
        wanted["at__lt"] = datetime.combine(given["until"] + timedelta(days=1), time.min, zone)
    return AuditEvent.objects.filter(**wanted)


class _Echo:
    def write(self, value: str) -> str:
        return value


def _lines(rows: "QuerySet[AuditEvent]") -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    after = ""
    while True:
        page = older(rows.select_related("actor"), "at", after, BATCH)
        for row in page.rows:
            yield str(writer.writerow([harmless(cell) for cell in _cells(row)]))
        if not (after := page.after):
            return


def _cells(row: AuditEvent) -> list[str]:
    who = row.actor.email if row.actor else "Regulars"
    changes = "; ".join(f"{name}: {value}" for name, value in row.changes.items())
    return [row.at.isoformat(), who, row.verb, row.kind, str(row.object_id or ""), row.title, changes, row.address]


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
