"""Lost and slipping: the list, what was tried, why they left, and the part of it on the page of a customer."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import User
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Company, Contact
from regulars.contacts.timeline import holder_key
from regulars.insights.forms.winback import KNOWN
from regulars.insights.tables.risk import AtRisk, RiskWord
from regulars.insights.tables.winback import Attempt, Cause, Play, Why
from regulars.insights.winback import results
from regulars.insights.winback.winback_list import STATES, TIERS, TRIED, WinbackList, rows_for
from regulars.lib.keyset import by, read_page
from regulars.lib.money import money_text

SIZE, SHOWN = 30, 3


@signed_in
@require_GET
def winback(request: SignedInRequest) -> HttpResponse:
    """Who is slipping away or lost, the most valuable first; htmx gets the next rows."""
    listed, money = WinbackList(request.GET, request.user), request.organisation.currency
    page = listed.page()
    context = {
        "listed": listed,
        "rows": listed.rows(page.ids, money),
        "next_url": f"?{listed.address()}&after={page.next}" if page.next else "",
        "may_log": request.user.can("log"),
    }
    if request.htmx and "after" in request.GET and not request.htmx.history_restore_request:
        return render(request, "insights/winback_rows.html", context)
    context |= {"filters": _filters(listed), "colleagues": list(User.objects.active()), "figures": _figures(request)}
    response = render(request, "insights/winback.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _filters(listed: WinbackList) -> list[dict[str, Any]]:
    known = {"state": STATES, "reason": listed.reasons, "tier": TIERS, "tried": TRIED}
    return [{"name": name, "choices": list(known[name].items()), "chosen": listed.chosen[name]} for name in known]


def _figures(request: SignedInRequest) -> dict[str, Any]:
    """What attempts came to, in words that a page can show; nothing for roles without figures of the business."""
    if not request.user.can("insights"):
        return {}
    found, money = results.figures(), request.organisation.currency
    plays = [
        {"label": Play(play).label, "one": one, "recovered": money_text(one.recovered, money, whole=True)}
        for play, one in found.plays.items()
    ]
    causes = sorted(((Cause(cause).label, many) for cause, many in found.causes.items()), key=lambda pair: -pair[1])
    words = [(RiskWord.Said(said).label, many) for said, many in found.words.items()]
    total = money_text(found.total.recovered, money, whole=True)
    return {"all": found, "plays": plays, "causes": causes, "words": words, "recovered": total}


@signed_in
@require_GET
def attempts(request: SignedInRequest) -> HttpResponse:
    """What was tried, newest first, with what came of it."""
    money = request.organisation.currency
    tried = Attempt.objects.present().visible_to(request.user)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Attempt.Outcome.values else ""
    tried = tried.filter(outcome=outcome) if outcome else tried
    page, rows = _page(request, tried, "tried_at", Attempt)
    context = {
        "rows": [(row, money_text(row.recovered, money, whole=True) if row.recovered else "") for row in rows],
        "next_url": f"?outcome={outcome}&after={page}" if page else "",
        "outcomes": [("", True), *Attempt.Outcome.choices],
        "outcome": outcome,
        "figures": _figures(request),
    }
    partly = request.htmx and "after" in request.GET
    return render(request, "insights/attempt_rows.html" if partly else "insights/attempts.html", context)


@signed_in
@require_GET
def reasons(request: SignedInRequest) -> HttpResponse:
    """Why they stayed away, in their own words, newest first."""
    said = Why.objects.visible_to(request.user).exclude(answered_at=None)
    page, rows = _page(request, said, "answered_at", Why)
    context = {
        "rows": rows,
        "next_url": f"?after={page}" if page else "",
        "causes": KNOWN,
        "figures": _figures(request),
        "may_log": request.user.can("log"),
    }
    partly = request.htmx and "after" in request.GET
    return render(request, "insights/why_rows.html" if partly else "insights/reasons.html", context)


def _page(request: SignedInRequest, rows: "QuerySet[Any]", column: str, model: Any) -> tuple[str, list[Any]]:
    page = read_page(rows, by(column, descending=True), request.GET.get("after", "")[:2000], SIZE)
    also = "by" if model is Attempt else "sorted_by"
    found = model.objects.filter(pk__in=page.ids).for_list().select_related(also, "contact", "company").in_bulk()
    return page.next, [found[pk] for pk in page.ids if pk in found]


@signed_in
@require_GET
def contact_winback(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whether a contact is slipping away, why, what was tried and what they said."""
    return draw_panel(request, get_contact(request.user, pk, alone=True))


@signed_in
@require_GET
def company_winback(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same for a company."""
    return draw_panel(request, get_company(request.user, pk))


def draw_panel(request: SignedInRequest, holder: Contact | Company) -> HttpResponse:
    """Answer with the part of win-back on a customer's page. Seven queries."""
    money = request.organisation.currency
    spell = AtRisk.objects.open().of(holder).for_list().first()
    context = {
        "holder": holder,
        "key": holder_key(holder),
        "row": rows_for([spell], money, hints=True)[0] if spell else None,
        "word": RiskWord.objects.of(holder).filter(withdrawn_at=None).select_related("by").order_by("-said_at").first(),
        "tried": Attempt.objects.present().of(holder).select_related("by").order_by("-tried_at")[:SHOWN],
        "said": Why.objects.of(holder).exclude(answered_at=None).order_by("-answered_at")[:SHOWN],
        "may_log": request.user.can("log"),
    }
    return render(request, "insights/winback_panel.html", context)
