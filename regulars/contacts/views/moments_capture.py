"""The capture box: shown, previewed and saved."""

import json
import re
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.access.models import User
from regulars.contacts.capture.box import Captured, holder_named, log_captured, understand
from regulars.contacts.finding import matching
from regulars.contacts.finding.search import person_hits
from regulars.contacts.models import Tag
from regulars.contacts.models.names import split_name
from regulars.lib.text import fold, sentence_list
from regulars.lib.toast import toast
from regulars.timeline.files import BadFile, attach

_PAGE = re.compile(r"/(contact|compan)(?:s|ies)/(\d+)/")
SUGGESTED = 6


@require_http_methods(["GET", "POST"])
@can("log")
def capture(request: SignedInRequest) -> HttpResponse:
    """Open the box in a dialog, about whoever's page it was called from, or save what it holds."""
    if request.method == "POST":
        return _save(request)
    on = request.GET.get("on", "") or _page_of(request)
    context = {"holder": holder_named(on, request.user), "text": request.GET.get("text", "")}
    name = "contacts/capture.html" if request.htmx else "contacts/capture_page.html"
    return render(request, name, context)


@require_POST
@can("log")
def preview_capture(request: SignedInRequest) -> HttpResponse:
    """Say what was understood so far, as chips that can be taken away."""
    captured = understand(request.POST, request.user, request.organisation)
    return render(request, "contacts/capture_found.html", _context(request, captured))


@require_GET
@can("log")
def suggest_capture(request: SignedInRequest) -> HttpResponse:
    """What can follow "@", "#" or a capital letter in the box."""
    word, sign = request.GET.get("q", "")[:60], request.GET.get("sign", "")
    context = {"sign": sign, "options": _suggestions(request.user, word, sign)}
    return render(request, "contacts/capture_suggest.html", context)


def _save(request: SignedInRequest) -> HttpResponse:
    captured = understand(request.POST, request.user, request.organisation)
    try:
        entry = log_captured(captured, by=request.user)
    except ValueError as problem:
        return _refused(request, captured, str(problem))
    if request.FILES:
        try:
            attach(entry, list(request.FILES.getlist("files")), by=request.user)
        except BadFile as problem:
            toast(request, _("Logged, but without the file: %s") % problem, tone="risk")
    names = sentence_list([holder.display_name for holder in captured.holders])
    undo = reverse("moment-remove", args=[entry.pk])
    link = captured.holders[0].get_absolute_url()
    toast(
        request, _("Logged with %(names)s.") % {"names": names}, undo_url=undo, undo_method="POST",
        tone="good", **({} if captured.holder else {"link_url": link, "link_text": _("Open")}),
    )  # fmt: skip
    if not request.htmx:
        return redirect(link)
    response = HttpResponse(status=200)
    events = {"moment-changed": None, "brief-changed": None, "dialog:close": None}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def _refused(request: SignedInRequest, captured: Captured, problem: str) -> HttpResponse:
    context = _context(request, captured) | {"error": problem}
    if not request.htmx:
        return render(request, "contacts/capture_page.html", context, status=422)
    response = render(request, "contacts/capture_found.html", context, status=422)
    response.headers["HX-Retarget"] = f"#{context['box']}-found"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _context(request: SignedInRequest, captured: Captured) -> dict[str, object]:
    box = request.POST.get("box", "page")
    return {
        "captured": captured, "holder": captured.holder, "text": captured.typed,
        "box": box if box in ("page", "dialog") else "page",
    }  # fmt: skip


def _page_of(request: SignedInRequest) -> str:
    """Whose page the box was called from, by the address that htmx tells: "contact-5"."""
    address = urlsplit(request.htmx.current_url or "").path if request.htmx else ""
    match = _PAGE.match(address)
    return f"{'contact' if match[1] == 'contact' else 'company'}-{match[2]}" if match else ""


def _suggestions(user: User, word: str, sign: str) -> list[tuple[str, str, str]]:
    """What to insert, what to show, and a detail."""
    if sign == "@":
        colleagues = User.objects.active()
        found = [c for c in colleagues if any(p.startswith(fold(word)) for p in fold(c.name).split())]
        return [(f"@{c.name}", c.name, str(c.get_role_display())) for c in found[:SUGGESTED]]
    if sign == "#":
        tags = Tag.objects.filter(name__istartswith=word)[:SUGGESTED]
        return [(f"#{tag.name.replace(' ', '-')}", tag.name, "") for tag in tags]
    if len(word) < 2:
        return []
    people = person_hits(user, matching.by_name(user, split_name(word), "contact", SUGGESTED))
    return [(person.title, person.title, person.detail) for person in people]
