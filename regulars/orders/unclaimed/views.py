"""Orders of nobody: by buyer, given to somebody or to new people, many at once."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.lib.text import numbers_in
from regulars.lib.toast import toast
from regulars.orders.actions.changing import take_away
from regulars.orders.models import Order
from regulars.orders.rates import home_currency
from regulars.orders.unclaimed.adding import start_adding
from regulars.orders.unclaimed.buyers import buyers_page
from regulars.orders.unclaimed.claiming import give_all
from regulars.orders.unclaimed.forms import BuyersForm, ClaimBuyersForm
from regulars.orders.views.orders_verbs import UNDOABLE


@signed_in
@require_GET
def unclaimed(request: SignedInRequest) -> HttpResponse:
    """The buyers we don't know; htmx gets the next ones."""
    after = request.GET.get("after", "")
    buyers, cursor = buyers_page(after)
    context = {
        "buyers": buyers,
        "next_url": f"{reverse('unclaimed')}?after={cursor}" if cursor else "",
        "currency": home_currency(),
        "may_log": request.user.can("log"),
    }
    partly = request.htmx and after
    return render(request, "orders/unclaimed_rows.html" if partly else "orders/unclaimed.html", context)


@require_http_methods(["GET", "POST", "DELETE"])
@can("log")
def claim_unclaimed(request: SignedInRequest) -> HttpResponse:
    """`GET` asks whose the orders of the chosen buyers are, `POST` gives them; `DELETE ?orders=` takes them back."""
    if request.method == "DELETE":
        return _take_back(request)
    form = ClaimBuyersForm(request.POST if request.method == "POST" else request.GET, user=request.user)
    if request.method == "GET" or not form.is_valid() or form.holder is None:
        fresh = ClaimBuyersForm(user=request.user) if request.method == "GET" else form
        context = {"form": fresh, "keys": _keys(request), "size": ""}
        partly = request.htmx and request.method == "POST"
        page = "orders/unclaimed_claim.html" if request.htmx else "orders/unclaimed_claim_page.html"
        template = "orders/unclaimed_claim_form.html" if partly else page
        return render(request, template, context, status=422 if request.method == "POST" else 200)
    given = give_all(form.orders, form.holder, by=request.user)
    said = ngettext("%(number)s order is %(name)s’s now.", "%(number)s orders are %(name)s’s now.", len(given))
    ids = ",".join(str(order.pk) for order in given)
    undo = f"{reverse('unclaimed-claim')}?orders={ids}" if len(given) <= UNDOABLE else ""
    toast(request, said % {"number": len(given), "name": form.holder.display_name}, tone="good", undo_url=undo)
    return _done(request)


def _keys(request: SignedInRequest) -> list[str]:
    return (request.POST if request.method == "POST" else request.GET).getlist("buyer")[:500]


def _take_back(request: SignedInRequest) -> HttpResponse:
    ids = numbers_in(request.GET.get("orders", "").split(","), UNDOABLE)
    orders = list(Order.objects.visible_to(request.user).filter(pk__in=ids).select_related("contact", "company"))
    if orders:
        take_away(orders, by=request.user)
    return _done(request)


@require_POST
@can("edit")
def add_unclaimed(request: SignedInRequest) -> HttpResponse:
    """Make new people of the chosen buyers, or of all there are (`everything`), with their orders.

    Very many are added in the background: the answer leads to their progress.
    """
    everything = "everything" in request.POST
    if not everything and not BuyersForm(request.POST, user=request.user).is_valid():
        toast(request, _("Choose a buyer whose orders are still nobody’s."), tone="risk")
        return _done(request)
    operation = start_adding(None if everything else _keys(request), by=request.user)
    if operation.status != operation.Status.DONE:
        return redirect("operation", pk=operation.pk)
    orders = operation.result.get("counts", {}).get("orders", 0)
    said = ngettext("%(number)s order has its customer now.", "%(number)s orders have their customers now.", orders) % {
        "number": orders
    }
    toast(request, said, tone="good", undo_url=reverse("operation-undo", args=[operation.pk]), undo_method="POST")
    return _done(request)


def _done(request: SignedInRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    to = back if back.startswith(("/contacts/", "/companies/")) else reverse("unclaimed")
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": to})
    return redirect(to)
