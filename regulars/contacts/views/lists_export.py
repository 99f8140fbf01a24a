"""Exporting what a list shows: its filters, columns and order, as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, can
from regulars.access.models.audit import audit
from regulars.contacts.lists.listing import PeopleList
from regulars.contacts.views.lists import list_title, scope_of, segment_of
from regulars.lib import exports
from regulars.lib.keyset import read_page

BATCH = 500


@can("export")
@require_GET
def export_list(request: SignedInRequest, host: str) -> StreamingHttpResponse:
    """Stream the file in the format asked for; records an audit event with the filters. 404 for an unknown format."""
    format = exports.format_named(request.GET.get("format", "csv"), host)
    if format is None:
        raise Http404("There is no such format.")
    data = request.GET.copy()
    data.pop("after", None)
    people = PeopleList(data, scope_of(request, host))
    segment = segment_of(people)
    name = segment.name if segment else list_title(request, host)
    changes: dict[str, Any] = {"format": format.name}
    if people.conditions:
        changes["filters"] = ", ".join(condition.words for condition in people.conditions)
    audit("exported", by=request.user, kind=host, title=name, changes=changes)
    response = StreamingHttpResponse(format.write(table_of(people, name)), content_type=format.content_type)
    stem = slugify(name) or host
    filename = f"{stem}-{timezone.localdate().isoformat()}.{format.extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def table_of(people: PeopleList, name: str) -> exports.Table:
    """Return the whole list as a table, read page by page while it is written."""
    rows = (
        [column.text(row, people.scope) for column in people.columns]
        for ids in batches_of(people)
        for row in people.rows(ids)
    )
    return exports.Table(
        name=name,
        host=people.scope.host,
        heads=[str(column.label) for column in people.columns],
        rows=rows,
        ids=(pk for ids in batches_of(people) for pk in ids),
        user=people.scope.user,
    )


def batches_of(people: PeopleList) -> Iterator[list[int]]:
    """Yield the ids of the list in its order, some hundred at a time."""
    cursor = ""
    while True:
        page = read_page(people.matching, people.sections, cursor, BATCH)
        yield page.ids
        if not page.next:
            return
        cursor = page.next
