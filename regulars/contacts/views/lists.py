"""The lists of people and companies: the page, its count, its filters and its columns."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.filters import Filter, Scope, filter_named, filters_for
from regulars.contacts.lists.bulk_changes import changes_for
from regulars.contacts.lists.columns import all_columns, draw_rows
from regulars.contacts.lists.listing import PeopleList
from regulars.contacts.lists.orders import can_sort, flipped
from regulars.contacts.lists.saved_views import saved_view
from regulars.contacts.models import Segment
from regulars.contacts.segments.counts import keep_count
from regulars.lib import exports
from regulars.lib.text import number_in

NAMES = {
    "contact": {"list": "contacts", "add": "contact-add", "stem": "contact"},
    "company": {"list": "companies", "add": "company-add", "stem": "company"},
}
CURSOR_LENGTH = 2000
FIT = 6  # columns that fit beside each other; a wider table scrolls in a box of its own


@dataclass(frozen=True)
class Head:
    """The head of a column: its label, what a click sorts by, and how it is sorted now."""

    label: str
    url: str
    sorted: str
    classes: str


def scope_of(request: SignedInRequest, host: str) -> Scope:
    """Return which list it is and who looks at it."""
    return Scope(host, request.user, request.organisation)


def query_of(request: SignedInRequest) -> QueryDict:
    """Return the list's query that a dialog was opened with, or sent along."""
    return QueryDict((request.POST.get("query") or request.GET.urlencode())[:8000])


def led_to(url: str) -> HttpResponse:
    """Return an htmx answer that leads the browser to `url`."""
    return HttpResponse(status=204, headers={"HX-Redirect": url})


@signed_in
@require_GET
def people_list(request: SignedInRequest, host: str) -> HttpResponse:
    """The list; htmx gets the part that changes with filters, order and page."""
    people = PeopleList(request.GET, scope_of(request, host))
    page = people.page()
    context = list_context(request, people) | {
        "page": page,
        "rows": draw_rows(people.rows(page.ids), people.columns, people.scope, choose=request.user.can("bulk")),
        "next_url": with_cursor(people, page.next),
        "previous_url": with_cursor(people, page.previous),
        "is_wide": len(people.columns) > FIT,
        "is_whole": not page.next and not page.previous,
    }
    partly = request.htmx and not request.htmx.history_restore_request
    response = render(request, "contacts/contacts_list.html" if partly else "contacts/contacts.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def with_cursor(people: PeopleList, cursor: str) -> str:
    """Return the query of another page of this list, or ""."""
    return f"?{people.address(after=cursor)}" if cursor and len(cursor) < CURSOR_LENGTH else ""


def list_context(request: SignedInRequest, people: PeopleList) -> dict[str, Any]:
    """What the parts of the list show besides its rows."""
    host = people.scope.host
    view = saved_view(request.user, people.data.get("view", ""), host)
    segment = segment_of(people)
    return {
        "people": people,
        "host": host,
        "view": view,
        "segment": segment,
        "may_change_segment": segment is not None and segment.may_change(request.user),
        "title": view.name if view else segment.name if segment else list_title(request, host),
        "urls": {name: reverse(url) for name, url in NAMES[host].items() if name != "stem"},
        "stem": NAMES[host]["stem"],
        "query": people.address(),
        "heads": [head(people, column) for column in people.columns],
        "chips": [(c, people.address_without(c)) for c in people.conditions],
        "clear": people.address(without=tuple(n for n in people.data if n not in ("sort", "columns"))),
        "changes": changes_for(people.scope),
        "formats": exports.formats_for(host),
        "is_changed": view is not None and view.query.get("query") != own_query(people),
    }


def segment_of(people: PeopleList) -> Segment | None:
    """Return the segment whose list this is: the one that is asked for, wherever else it is filtered by."""
    pk = number_in(people.data.get("segment"))
    is_in = people.scope.host == "contact" and people.data.get("segment.how") != "not"
    if not is_in or pk is None:
        return None
    found: Segment | None = Segment.objects.visible_to(people.scope.user).filter(pk=pk).first()
    return found


def own_query(people: PeopleList) -> str:
    """Return the query of the list without the saved view it came from."""
    return people.address(without=("view",))


def list_title(request: SignedInRequest, host: str) -> str:
    """What the business calls its people, or "Companies"."""
    return request.organisation.words["People"] if host == "contact" else _("Companies")


def head(people: PeopleList, column: Any) -> Head:
    """Return the head of a column."""
    current = people.sort.removeprefix("-") == column.key
    direction = ("descending" if people.sort.startswith("-") else "ascending") if current else ""
    url = f"?{people.address(sort=flipped(column.key, people.sort))}" if can_sort(column.key, people.scope) else ""
    return Head(str(column.label), url, direction, "num" if "num" in column.classes.split() else "")


@signed_in
@require_GET
def count_list(request: SignedInRequest, host: str) -> HttpResponse:
    """How many match, as a sentence; loaded after the page, because counting may take longer than the page."""
    people = PeopleList(request.GET, scope_of(request, host))
    count, words = people.size()
    keep_list_count(people, count, words)
    return render(request, "contacts/contacts_count.html", {"count": count, "words_count": words, "host": host})


def keep_list_count(people: PeopleList, count: int, words: str) -> None:
    """Where the list is a segment and nothing else, keep its count for the side navigation."""
    segment = segment_of(people) if [c.key for c in people.conditions] == ["segment"] else None
    if segment is not None:
        keep_count(segment, people.scope.user, count, words)


@signed_in
@require_GET
def list_filters(request: SignedInRequest, host: str) -> HttpResponse:
    """The dialog that offers every filter."""
    scope = scope_of(request, host)
    context = {"filters": filters_for(scope), "query": request.GET.urlencode(), "stem": NAMES[host]["stem"]}
    return render(request, "contacts/contacts_filters.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def list_filter(request: SignedInRequest, host: str, key: str) -> HttpResponse:
    """The form of one filter. A good answer leads to the list with it, a bad one comes back with 422."""
    scope = scope_of(request, host)
    filter = filter_named(key, scope)
    if filter is None:
        raise Http404("There is no such filter.")
    query = query_of(request)
    if request.method == "POST":
        form = filter.form(request.POST, scope)
        if form.is_valid():
            return led_to(f"{reverse(NAMES[host]['list'])}?{_with_filter(query, filter, request.POST)}")
    else:
        form = filter.form(_initial(query, filter), scope)
    context = {"form": form, "filter": filter, "query": query.urlencode(), "stem": NAMES[host]["stem"]}
    status = 422 if request.method == "POST" else 200
    return render(request, "contacts/contacts_filter.html", context, status=status)


def _initial(query: QueryDict, filter: Filter) -> QueryDict | None:
    """The filter as it is set now, or None for an empty form."""
    return query if any(filter.owns(name) for name in query) else None


def _with_filter(query: QueryDict, filter: Filter, posted: QueryDict) -> str:
    """Return the list's query with what was posted for `filter`; its earlier values and the cursor are dropped."""
    data = query.copy()
    for name in [name for name in data if filter.owns(name) or name == "after"]:
        del data[name]
    for name in posted:
        values = [value for value in posted.getlist(name) if value.strip()]
        if filter.owns(name) and values:
            data.setlist(name, values)
    return data.urlencode()


@signed_in
@require_http_methods(["GET", "POST"])
def list_columns(request: SignedInRequest, host: str) -> HttpResponse:
    """The dialog that chooses and orders columns; a POST leads to the list with them."""
    query = query_of(request)
    people = PeopleList(query, scope_of(request, host))
    if request.method == "POST":
        known = {column.key for column in all_columns(people.scope)}
        chosen = [key for key in dict.fromkeys(request.POST.getlist("columns")) if key in known]
        return led_to(f"{reverse(NAMES[host]['list'])}?{people.address(columns=','.join(chosen))}")
    shown = [column.key for column in people.columns]
    others = [column for column in all_columns(people.scope) if column.key not in shown]
    context = {
        "shown": people.columns[1:],
        "others": others,
        "query": query.urlencode(),
        "stem": NAMES[host]["stem"],
    }
    return render(request, "contacts/contacts_columns.html", context)
