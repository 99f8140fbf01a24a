"""What will come: for one person or company, and how good such words have been."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Company, Contact
from regulars.contacts.page import ContactPage
from regulars.insights.besttime.known import best_time_on, newest_pattern
from regulars.insights.besttime.words import Advice, advice
from regulars.insights.charts import csv_answer
from regulars.insights.predicting import page
from regulars.insights.predicting.job import start_predicting
from regulars.insights.predicting.known import newest_run, prediction_of
from regulars.insights.predicting.words import lack, outlook
from regulars.insights.tables.run import Run


@signed_in
@require_GET
def contact_next(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is expected of a person."""
    contact = get_contact(request.user, pk, alone=True)
    return draw_next(request, contact, _best_reached(request, contact))


def _best_reached(request: SignedInRequest, contact: Contact) -> Advice:
    page = ContactPage(contact, request.user, request.organisation)
    return advice(best_time_on(page), newest_pattern(), page.profile, page.consents)


@signed_in
@require_GET
def company_next(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is expected of a company with its people."""
    return draw_next(request, get_company(request.user, pk))


def draw_next(request: SignedInRequest, holder: Contact | Company, reached: Advice | None = None) -> HttpResponse:
    """The panel: chance, purchases and value with their intervals, and what they rest on; how a person is reached."""
    kind = "contact" if isinstance(holder, Contact) else "company"
    said = outlook(prediction_of(holder), newest_run(kind), request.organisation.currency)
    return render(request, "insights/next.html", {"outlook": said, "kind": kind, "reached": reached})


@signed_in
@require_GET
def backtest(request: SignedInRequest) -> HttpResponse:
    """What we said against what happened, for anybody to see; `?format=csv&figure=…` is a table as a file."""
    kind = "company" if request.GET.get("kind") == "company" else "contact"
    run = Run.objects.latest_of(kind)
    context: dict[str, Any] = {"run": run, "kind": kind, "has_companies": newest_run("company") is not None}
    if run is None or not run.model:
        return render(request, "insights/backtest.html", context | {"lack": lack(run) if run else ""})
    people = _("companies") if kind == "company" else request.organisation.people_word
    figures = _figures(run, people, request.organisation.currency)
    if request.GET.get("format") == "csv":
        wanted = figures.get(request.GET.get("figure", "calibration"))
        if wanted is None:
            raise Http404("There is no such table.")
        return csv_answer(wanted)
    context |= {
        "sentence": page.sentence(run, people), "in_all": page.in_all(run), "verdict": page.verdict(run),
        "sample": page.sample(run), "lines": page.lines(run), "parameters": page.parameters(run),
        "link": page.link(run), "command": page.command(run), **figures,
    }  # fmt: skip
    return render(request, "insights/backtest.html", context)


def _figures(run: Run, people: str, currency: str) -> dict[str, Any]:
    csv = f"?kind={run.kind}&format=csv"
    return {"calibration": page.calibration(run, people, csv), "cohorts": page.cohorts(run, currency, csv)}


@can("settings")
@require_POST
def predict(request: SignedInRequest) -> HttpResponse:
    """Choose, fit and score everybody now: lead to the progress."""
    return redirect("operation", start_predicting(by=request.user).pk)
