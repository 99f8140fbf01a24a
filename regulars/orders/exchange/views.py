"""The settings page of exchange rates."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.lib.toast import toast
from regulars.orders.exchange.forms import HistoryForm, RateForm
from regulars.orders.exchange.history import NoHistory
from regulars.orders.exchange.keeping import load_history, newest_rates, set_rate, waiting
from regulars.orders.rates import home_currency


@can("settings")
@require_GET
def rates(request: SignedInRequest) -> HttpResponse:
    """What foreign money was worth, and which orders wait for a rate."""
    return _page(request)


def _page(request: SignedInRequest, history: HistoryForm | None = None, typed: RateForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "history": history or HistoryForm(),
        "typed": typed or RateForm(),
        "waiting": waiting(),
        "newest": newest_rates(),
        "home": home_currency(),
    }
    return render(request, "orders/rates.html", context, status=422 if history or typed else 200)


@can("settings")
@require_POST
def load_rates(request: SignedInRequest) -> HttpResponse:
    """Take the European Central Bank's history in."""
    form = HistoryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, history=form)
    try:
        number, currencies = load_history(form.cleaned_data["file"], form.cleaned_data["more"], by=request.user)
    except NoHistory as problem:
        form.add_error("file", str(problem))
        return _page(request, history=form)
    said = {"number": f"{number:,}", "currencies": ", ".join(currencies)}
    toast(request, _("%(number)s rates of %(currencies)s are in; orders are valued anew.") % said, tone="good")
    return redirect("rates")


@can("settings")
@require_POST
def type_rate(request: SignedInRequest) -> HttpResponse:
    """Keep a rate typed by hand."""
    form = RateForm(request.POST)
    if not form.is_valid():
        return _page(request, typed=form)
    data = form.cleaned_data
    set_rate(data["currency"], data["day"], data["rate"], by=request.user)
    said = {"currency": data["currency"], "rate": data["rate"].normalize(), "home": home_currency()}
    toast(
        request, _("1 %(currency)s is %(rate)s %(home)s from that day on; orders are valued anew.") % said, tone="good"
    )
    return redirect("rates")
