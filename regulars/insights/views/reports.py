"""The pages of insights: all findings at a glance, one report, counting."""

from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.access.models.audit import audit
from regulars.contacts.models import Segment
from regulars.insights.charts import csv_answer
from regulars.insights.cubes.choice import ALL, Choice
from regulars.insights.cubes.goods import are_counted, ask_for_goods
from regulars.insights.cubes.reading import Sight
from regulars.insights.cubes.running import ask_for, count_again
from regulars.insights.demand.page import demand_line
from regulars.insights.forms.reports import ReportForm
from regulars.insights.reports.base import all_reports, report_named
from regulars.insights.tables import Slice
from regulars.orders.models import Order


def sight_of(request: SignedInRequest) -> Sight:
    """Return what the request is about. A segment that the colleague may not see is a 404."""
    sight = Sight(request.user, request.organisation, request.GET.dict(), timezone.localdate())
    if sight.choice.segment and not Segment.objects.visible_to(request.user).filter(pk=sight.choice.segment).exists():
        raise Http404("There is no such segment.")
    return sight


@can("insights")
@require_GET
def insights(request: SignedInRequest) -> HttpResponse:
    """Every report with its first finding, of the last twelve months."""
    sight = Sight(request.user, request.organisation, {}, timezone.localdate())
    counted = sight.slice
    lines = [(one, one.build(sight)[0].finding if counted else one.text) for one in all_reports()]
    context = {
        "lines": lines, "counted": counted, "is_empty": not counted and not Order.objects.exists(),
        "demand": demand_line(),
    }  # fmt: skip
    return render(request, "insights/insights.html", context)


@can("insights")
@require_GET
def report(request: SignedInRequest, name: str) -> HttpResponse:
    """One report; `?csv=` answers the table of one of its figures."""
    found = report_named(name)
    if found is None:
        raise Http404("There is no such report.")
    sight = sight_of(request)
    counted = sight.slice if found.by_choice else Slice.objects.filter(key="", counted_at__isnull=False).first()
    if found.by_goods and not are_counted(sight.choice):
        counted = None
    figures = found.build(sight) if counted else []
    if wanted := request.GET.get("csv"):
        figure = next((one for one in figures if one.name == wanted and one.table), None)
        if figure is None:
            raise Http404("There is no such table.")
        audit("exported", by=request.user, kind="file", title=str(found.title), changes={"format": "csv"})
        return csv_answer(figure)
    context: dict[str, Any] = {
        "report": found, "sight": sight, "figures": with_files(figures, request), "counted": counted,
        "form": ReportForm(request.user, sight), "is_empty": not counted and not Order.objects.exists(),
        "address": request.GET.urlencode() + ("&goods=1" if found.by_goods else ""), "others": all_reports(),
    }  # fmt: skip
    return render(request, "insights/report.html", context)


def with_files(figures: Any, request: HttpRequest) -> list[Any]:
    """Figures with the address of their file."""
    from dataclasses import replace

    query = request.GET.copy()
    made = []
    for figure in figures:
        query["csv"] = figure.name
        made.append(replace(figure, csv=f"?{query.urlencode()}") if figure.table else figure)
    return made


@can("insights")
@require_POST
def count_figures(request: SignedInRequest) -> HttpResponse:
    """Count everything anew: the page of the operation shows how far it is."""
    operation = count_again(by=request.user)
    audit("changed", by=request.user, kind="file", title=_("All figures"))
    return redirect("operation", operation.pk)


@can("insights")
@require_POST
def count_choice(request: SignedInRequest) -> HttpResponse:
    """Have the choice of the address counted; answers how far that is, and the page itself once it is done."""
    sight = sight_of(request)
    choice = sight.choice if isinstance(sight.choice, Choice) else ALL
    one = ask_for(choice)
    if needs_goods := "goods" in request.GET:
        ask_for_goods(choice)
    counted = Slice.objects.filter(pk=one.pk).aggregate(at=Max("counted_at"))["at"]
    response = render(request, "insights/counting.html", {"address": request.GET.urlencode()})
    if counted and not (needs_goods and not are_counted(choice)):
        response.headers["HX-Refresh"] = "true"
    return response
