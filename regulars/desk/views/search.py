"""Search: the palette's answers and the page with everything that was found."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.access.door import SignedInRequest, signed_in
from regulars.lib import palette as commands
from regulars.lib.search import Group, Query, all_kinds, mark, recent, search

IN_PALETTE = 6
COMMANDS_SHOWN = 5
ON_PAGE = 20
ON_PAGE_ALONE = 50  # when one kind was chosen


@require_safe
@signed_in
def palette(request: SignedInRequest) -> HttpResponse:
    """Answer `?q=` with options for the palette: whom and what it finds, then commands; with ">" only commands.

    Before anything is typed: the people touched last and the first commands.
    """
    text = request.GET.get("q", "").strip()
    only_commands = text.startswith(">")
    query = Query(text.removeprefix(">").strip())
    groups = (
        [] if only_commands else search(request.user, text, IN_PALETTE) if text else recent(request.user, IN_PALETTE)
    )
    found = commands.commands_for(request, query.parts)
    context = {
        "groups": _drawn(groups, query),
        "commands": found if only_commands else found[:COMMANDS_SHOWN],
        "q": query.text,
        "more": any(group.has_more for group in groups) and text,
        "is_recent": not text,
    }
    return render(request, "desk/palette_results.html", context)


@require_safe
@signed_in
def search_page(request: SignedInRequest) -> HttpResponse:
    """Show all that `?q=` finds, of every kind or of `?kind=`."""
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    kinds = all_kinds()
    only = kind if kind in {known.name for known in kinds} else ""
    groups = search(request.user, text, ON_PAGE_ALONE if only else ON_PAGE, only)
    context = {"groups": _drawn(groups, Query(text)), "kinds": kinds, "kind": only, "q": text[:200]}
    name = "desk/search_results.html" if request.htmx else "desk/search.html"
    return render(request, name, context)


def _drawn(groups: list[Group], query: Query) -> list[dict[str, Any]]:
    """Groups with the matched beginnings of words marked."""
    return [
        {"group": group, "rows": [{"hit": hit, "title": mark(hit.title, query.parts)} for hit in group.hits]}
        for group in groups
    ]
