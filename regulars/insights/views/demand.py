"""What will be asked for: the list by product, one product, a word on the page of products."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.access.models.audit import audit
from regulars.insights.charts import csv_answer
from regulars.insights.demand import page, running
from regulars.insights.demand.known import demand_of, newest_run
from regulars.insights.demand.words import lack
from regulars.orders.models import Order, Product
from regulars.orders.orders_door import get_product


@can("insights")
@require_GET
def demand(request: SignedInRequest) -> HttpResponse:
    """Expected units of each product for the next four weeks, beside last year; `?format=csv` has all of them."""
    run = newest_run()
    if run is None or not run.method:
        empty = {"run": run, "lack": lack(run), "is_empty": run is None and not Order.objects.exists()}
        return render(request, "insights/demand.html", empty)
    found, currency = page.rows_of(run), request.organisation.currency
    if request.GET.get("format") == "csv":
        audit("exported", by=request.user, kind="file", title="demand", changes={"format": "csv"})
        return csv_answer(page.figure(run, list(found), currency, ""))
    rows = list(found[: page.SHOWN])
    context = {
        "run": run, "figure": page.figure(run, rows, currency, "?format=csv"), "is_more": len(rows) == page.SHOWN,
        "shown": page.SHOWN, "rules": page.rules(run), "verdict": page.verdict(run), "sample": page.sample(run),
    }  # fmt: skip
    return render(request, "insights/demand.html", context)


@can("insights")
@require_GET
def product_demand(request: SignedInRequest, pk: int) -> HttpResponse:
    """One product, as its page shows it."""
    return HttpResponse(draw_product(request, get_product(request.user, pk)))


def draw_product(request: HttpRequest, product: Product) -> str:
    """The panel: drawn with the page, because htmx leaves out the options of a chart."""
    found, run = demand_of(product.pk), newest_run()
    context = {"figure": page.product_figure(found) if found else None, "lack": lack(run), "run": run}
    return render_to_string("insights/product_demand.html", context, request)


@can("insights")
@require_GET
def products_demand(request: SignedInRequest) -> HttpResponse:
    """The finding, on the page of products."""
    return render(request, "insights/products_demand.html", {"finding": page.demand_line()})


@can("insights")
@require_POST
def count_demand(request: SignedInRequest) -> HttpResponse:
    """Count demand and habits now: lead to the progress."""
    return redirect("operation", running.start_counting(by=request.user).pk)
