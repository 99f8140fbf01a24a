"""What customers are worth: who is gold and silver and why, how concentrated it is, and the settings of tiers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models.audit import audit
from regulars.insights import tiers
from regulars.insights.charts import csv_answer
from regulars.insights.forms.value import TierSettingsForm
from regulars.insights.tables.standing import TierChange, TierRun, TierSettings
from regulars.insights.value import value_page
from regulars.insights.value.value_list import SHOWN, ValueList
from regulars.insights.value.words import reason
from regulars.lib.toast import toast

LATELY = 6


@signed_in
@require_GET
def value(request: SignedInRequest) -> HttpResponse:
    """Who is in which tier and why; htmx gets the next rows of the list.

    What tiers bring, concentration and RFM are figures of the whole business: for roles with `insights`.
    """
    kind = "company" if request.GET.get("kind") == "company" else "contact"
    run, money = TierRun.latest(kind), request.organisation.currency
    listed = ValueList(request.GET, request.user, run)
    page = listed.page()
    context: dict[str, Any] = {
        "rows": listed.lines(page.ids, money),
        "next_url": f"?{listed.address()}&after={page.next}" if page.next else "",
    }
    if request.htmx and "after" in request.GET and not request.htmx.history_restore_request:
        return render(request, "insights/value_rows.html", context)
    context |= {"run": run, "kind": kind, "listed": listed, "choices": _choices(listed)} | _figures(request, run)
    if run and request.GET.get("format") == "csv" and context.get("curve"):
        return csv_answer(context["curve"])
    response = render(request, "insights/value.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _choices(listed: ValueList) -> list[tuple[str, str, bool]]:
    return [(str(label), f"?{listed.address(tier=key)}#best", key == listed.tier) for key, label in SHOWN.items()]


def _figures(request: SignedInRequest, run: TierRun | None) -> dict[str, Any]:
    if run is None:
        return {}
    money, people = request.organisation.currency, request.organisation.people_word
    people = _("companies") if run.kind == "company" else people
    other = TierRun.latest("company")
    lists = {"moved": _moved(request, run, money), "has_companies": bool(other and other.of)}
    if not request.user.can("insights"):
        return lists
    return lists | {
        "sentence": value_page.sentence(run, people),
        "tiers": value_page.tier_lines(run, money),
        "curve": value_page.concentration(run, people, "?format=csv"),
        "grid": value_page.grid(run) if run.kind == "contact" else [],
        "segments": value_page.segments(run, money) if run.kind == "contact" else [],
    }


def _moved(request: SignedInRequest, run: TierRun, money: str) -> list[tuple[TierChange, str]]:
    """Who came into another tier lately."""
    link = {f"{run.kind}__isnull": False}
    rows = TierChange.objects.visible_to(request.user).filter(**link).for_list().order_by("-changed_on", "-pk")
    return [(row, reason(row.value, row.rank, row.of, run.measure, run.months, money)) for row in rows[:LATELY]]


@can("settings")
@require_POST
def count_tiers(request: SignedInRequest) -> HttpResponse:
    """Count everybody's tier now: lead to the progress."""
    operation = tiers.start_recount(by=request.user)
    return redirect("operation", operation.pk)


@can("settings")
@require_http_methods(["GET", "POST"])
def tier_settings(request: SignedInRequest) -> HttpResponse:
    """What tiers are measured by; saving counts them anew, and that is no news on anybody's timeline."""
    settings = TierSettings.current()
    form = TierSettingsForm(request.POST if request.method == "POST" else None, instance=settings)
    if form.is_bound and form.is_valid():
        form.save()
        if form.changed_data:
            audit("changed the settings of", by=request.user, kind="business", object_id=1, title=_("Tiers"))
            operation = tiers.start_recount(by=request.user, fresh=True)
            toast(request, _("Saved. Tiers are counted anew."), tone="good")
            return redirect("operation", operation.pk)
        return redirect("value")
    return render(request, "insights/tier_settings.html", {"form": form}, status=422 if form.is_bound else 200)
