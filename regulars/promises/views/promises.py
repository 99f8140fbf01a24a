"""The ledger: its page, its export, its rates, and what stands on the pages of people and companies."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.access.models.users import active_names
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Company, Contact
from regulars.contacts.timeline import holder_key
from regulars.lib import exports
from regulars.lib.toast import toast
from regulars.promises.forms.promises import PromiseReminderForm, PromiseSettingsForm
from regulars.promises.ledger import rates
from regulars.promises.ledger.listing import SPANS, STATUSES, PromiseList, promise_rows
from regulars.promises.models.promise import Promise
from regulars.promises.models.promise_settings import PromiseReminder, PromiseSettings

IN_PANEL = 8
BATCH = 500
MONTHS = 12


@signed_in
@require_GET
def promises(request: SignedInRequest) -> HttpResponse:
    """The ledger; htmx gets the next page, or the part that changes with filters."""
    ledger = PromiseList(request.GET, request.user)
    page = ledger.page()
    follow = f"?{ledger.address()}&after={page.next}" if page.next else ""
    context = {
        "ledger": ledger,
        "rows": ledger.rows(page.ids),
        "next_url": follow,
        "may_log": request.user.can("log"),
    }
    if request.htmx and "after" in request.GET and not request.htmx.history_restore_request:
        return render(request, "promises/promise_rows.html", context)
    response = render(request, "promises/ledger.html", context | _choices(ledger) | {"rate": _rate(ledger)})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _choices(ledger: PromiseList) -> dict[str, Any]:
    """What the filters offer."""
    colleagues: list[tuple[int, str]] = active_names()
    if ledger.owner_id is not None and ledger.owner_id not in {pk for pk, _name in colleagues}:
        colleagues += [(gone.pk, str(gone)) for gone in User.objects.filter(pk=ledger.owner_id)]
    return {
        "statuses": [(label, f"?{ledger.address(status=key)}", key) for key, label in STATUSES.items()],
        "spans": SPANS.items(),
        "colleagues": colleagues,
        "holder_kind": "company" if isinstance(ledger.holder, Company) else "contact",
        "formats": exports.formats_for("promise"),
    }


def _rate(ledger: PromiseList) -> rates.Rate:
    """The rate of whom the ledger is narrowed to; else that of the last 12 months."""
    if ledger.holder is not None:
        return rates.rate_with(ledger.holder)
    since = timezone.localdate() - timedelta(days=365)
    owner = User.objects.filter(pk=ledger.owner_id).first() if ledger.owner_id is not None else None
    return rates.rate_of(owner, since) if owner else rates.rate_of_all_lately(since, timezone.localdate())


@can("log")
@require_GET
def add_promise(request: SignedInRequest) -> HttpResponse:
    """Lead to the capture box with a promise begun."""
    return redirect(f"{reverse('capture')}?text=!%20")


@can("export")
@require_GET
def export_promises(request: SignedInRequest) -> StreamingHttpResponse:
    """Stream the ledger in the format asked for, as it is filtered; audited. 404 for an unknown format."""
    format = exports.format_named(request.GET.get("format", "csv"), "promise")
    if format is None:
        raise Http404("There is no such format.")
    ledger = PromiseList(request.GET, request.user)
    audit("exported", by=request.user, kind="promise", title=_("Promises"), changes=ledger.words())
    heads = [_("What"), _("To"), _("Company"), _("Who answers"), _("Due"), _("First promised for"), _("Status"),
             _("Settled"), _("Evidence")]  # fmt: skip
    table = exports.Table(_("Promises"), "promise", heads, _cells(ledger), user=request.user)
    response = StreamingHttpResponse(format.write(table), content_type=format.content_type)
    name = f"promises-{timezone.localdate().isoformat()}.{format.extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(ledger: PromiseList) -> Iterator[list[str]]:
    cursor = ""
    while True:
        page = ledger.page(cursor or "-", BATCH)
        yield from (_cell(row.promise) for row in ledger.rows(page.ids))
        if not page.next:
            return
        cursor = page.next


def _cell(promise: Promise) -> list[str]:
    due = timezone.localtime(promise.due_at).strftime("%Y-%m-%d %H:%M") if promise.has_time else f"{promise.due_on}"
    settled = timezone.localtime(promise.settled_at).strftime("%Y-%m-%d %H:%M") if promise.settled_at else ""
    status = _("Late") if promise.is_late else str(promise.get_status_display())
    company = promise.company.display_name if promise.company else ""
    return [promise.what, promise.contact.display_name if promise.contact else "", company, promise.owner.name, due,
            f"{timezone.localtime(promise.first_due_at):%Y-%m-%d}", status, settled, promise.evidence]  # fmt: skip


@signed_in
@require_GET
def promise_rates(request: SignedInRequest) -> HttpResponse:
    """How we keep our word: by month, colleague and team, over the last twelve months."""
    since = _months_ago(timezone.localdate(), MONTHS - 1)
    ledger = reverse("promises")
    context = {
        "total": rates.rate_of_all(since, timezone.localdate()),
        "months": [
            rates.Kept(date_format(month, "F Y"), rate, f"{ledger}?status=all&from={month}&until={_last_of(month)}")
            for month, rate in rates.rates_by_month(since)
            if month <= timezone.localdate()
        ],
        "colleagues": [
            rates.Kept(str(user), rate, f"{ledger}?status=all&who={user.pk}")
            for user, rate in rates.rates_by_colleague(since)
        ],
        "teams": [rates.Kept(str(team), rate) for team, rate in rates.rates_by_team(since)],
        "since": since,
    }
    return render(request, "promises/ledger_rates.html", context)


def _months_ago(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)


def _last_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@signed_in
@require_GET
def contact_promises(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is open with a contact, and how often we kept our word to them."""
    return draw_promises(request, get_contact(request.user, pk, alone=True))


@signed_in
@require_GET
def company_promises(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is open with a company and its people."""
    return draw_promises(request, get_company(request.user, pk))


def draw_promises(request: SignedInRequest, holder: Contact | Company) -> HttpResponse:
    """Answer with the open promises to somebody, late ones first."""
    open_ones = Promise.objects.visible_to(request.user).of(holder).open().for_list().order_by("due_at", "pk")
    found = list(open_ones[: IN_PANEL + 1])
    context = {
        "holder": holder,
        "on": holder_key(holder),
        "rows": promise_rows(found[:IN_PANEL]),
        "is_more": len(found) > IN_PANEL,
        "rate": rates.rate_with(holder),
        "may_log": request.user.can("log"),
        "in_panel": True,
    }
    return render(request, "promises/promise_panel.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def promise_settings(request: SignedInRequest) -> HttpResponse:
    """When one is reminded, and for those who lead: whose promises managers hear about."""
    reminder = PromiseReminder.objects.filter(pk=request.user.pk).first() or PromiseReminder(user=request.user)
    leads = request.user.can("settings")
    data = request.POST if request.method == "POST" else None
    own = PromiseReminderForm(data, instance=reminder)
    business = PromiseSettingsForm(data, instance=PromiseSettings.current()) if leads else None
    if request.method == "POST" and own.is_valid() and (business is None or business.is_valid()):
        own.save()
        if business is not None:
            business.save()
        toast(request, _("Saved."), tone="good")
        return redirect("promise-settings")
    status = 422 if request.method == "POST" else 200
    return render(request, "promises/promise_settings.html", {"form": own, "business": business}, status=status)
