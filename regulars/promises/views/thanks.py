"""Who has not been thanked yet, who was, what it came to, and how the business wants to be reminded."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models.audit import audit
from regulars.contacts.actions.adding import Holder
from regulars.contacts.door import get_company, get_contact
from regulars.lib import exports
from regulars.lib.keyset import by, read_page
from regulars.lib.toast import toast
from regulars.promises.forms.thanks import ThanksSettingsForm
from regulars.promises.models import Occasion, Thanks, ThanksSettings
from regulars.promises.thanks.figures import figures_for
from regulars.promises.thanks.occasions import say
from regulars.promises.thanks.words import money

PAGE, BATCH, SHOWN = 30, 500, 5


@signed_in
@require_GET
def thanks(request: SignedInRequest) -> HttpResponse:
    """Not thanked yet, newest first; htmx gets the next rows."""
    waiting = Occasion.objects.visible_to(request.user).open()
    page = read_page(waiting, by("occurred_at", descending=True), request.GET.get("after", "")[:2000], PAGE)
    found = Occasion.objects.filter(pk__in=page.ids).for_list().in_bulk()
    context = {
        "rows": say([found[pk] for pk in page.ids if pk in found], request.user),
        "next_url": f"{reverse('thanks')}?after={page.next}" if page.next else "",
        "may_log": request.user.can("log"),
    }
    partly = request.htmx and "after" in request.GET
    return render(request, "promises/occasion_rows.html" if partly else "promises/thanks.html", context)


@signed_in
@require_GET
def thanks_given(request: SignedInRequest) -> HttpResponse:
    """Thanks that were given, newest first."""
    given = _given(request)
    page = read_page(given, by("thanked_at", descending=True), request.GET.get("after", "")[:2000], PAGE)
    found = Thanks.objects.filter(pk__in=page.ids).for_list().select_related("by").in_bulk()
    mine = "&who=me" if request.GET.get("who") == "me" else ""
    context = {
        "rows": [found[pk] for pk in page.ids if pk in found],
        "next_url": f"{reverse('thanks-given')}?after={page.next}{mine}" if page.next else "",
        "currency": request.organisation.currency,
        "is_mine": bool(mine),
        "formats": exports.formats_for("thanks"),
        "may_log": request.user.can("log"),
    }
    partly = request.htmx and "after" in request.GET
    return render(request, "promises/thanks_given_rows.html" if partly else "promises/thanks_given.html", context)


def _given(request: SignedInRequest) -> QuerySet[Thanks]:
    rows: QuerySet[Thanks] = Thanks.objects.visible_to(request.user)
    return rows.filter(by=request.user) if request.GET.get("who") == "me" else rows


@signed_in
@require_GET
def thanks_figures(request: SignedInRequest) -> HttpResponse:
    """How many occasions were thanked, how fast, by whom, and what those people did afterwards."""
    context = {"figures": figures_for(request.user), "currency": request.organisation.currency}
    return render(request, "promises/thanks_figures.html", context)


@can("export")
@require_GET
def export_thanks(request: SignedInRequest) -> StreamingHttpResponse:
    """Stream all thanks that the colleague may know of; audited. 404 for an unknown format."""
    format = exports.format_named(request.GET.get("format", "csv"), "thanks")
    if format is None:
        raise Http404("There is no such format.")
    audit("exported", by=request.user, kind="thanks", title=_("Thanks"), changes={"format": format.name})
    heads = [_("When"), _("Whom"), _("What for"), _("How"), _("In our words"), _("Cost"), _("By")]
    table = exports.Table(_("Thanks"), "thanks", heads, _rows(_given(request)), user=request.user)
    response = StreamingHttpResponse(format.write(table), content_type=format.content_type)
    filename = f"thanks-{timezone.localdate().isoformat()}.{format.extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _rows(given: QuerySet[Thanks]) -> Iterator[list[str]]:
    cursor = ""
    while True:
        page = read_page(given, by("thanked_at", descending=True), cursor, BATCH)
        found = Thanks.objects.filter(pk__in=page.ids).for_list().select_related("by").in_bulk()
        for one in (found[pk] for pk in page.ids if pk in found):
            day = date_format(timezone.localtime(one.thanked_at), "Y-m-d")
            who = one.by.name if one.by else ""
            words = [str(one.get_reason_display()), str(one.get_way_display()), one.note]
            yield [day, one.holder.display_name, *words, f"{one.cost:.2f}" if one.cost else "", who]
        cursor = page.next
        if not cursor:
            return


@signed_in
@require_GET
def contact_thanks(request: SignedInRequest, pk: int) -> HttpResponse:
    """The panel of a contact: what is open, when they were thanked, how, for what, and what it cost."""
    return _panel(request, get_contact(request.user, pk))


@signed_in
@require_GET
def company_thanks(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same for a company."""
    return _panel(request, get_company(request.user, pk))


def _panel(request: SignedInRequest, holder: Holder) -> HttpResponse:
    return render(request, "promises/thanks_panel.html", panel_context(request, holder))


def panel_context(request: SignedInRequest, holder: Holder) -> dict[str, Any]:
    """What the panel shows. Three queries."""
    given = Thanks.objects.of(holder).order_by("-thanked_at", "-pk")
    waiting = Occasion.objects.of(holder).open().for_list()[:SHOWN]
    total = given.aggregate(cost=Sum("cost"))["cost"]
    return {
        "holder": holder,
        "stem": "contact" if hasattr(holder, "given_name") else "company",
        "given": list(given.select_related("by", "entry")[:SHOWN]),
        "waiting": say(waiting, request.user),
        "total": money(total, request.organisation.currency) if total else "",
        "may_log": request.user.can("log"),
    }


@can("settings")
@require_http_methods(["GET", "POST"])
def thanks_settings(request: SignedInRequest) -> HttpResponse:
    """Which occasions the business wants to hear of, and how long somebody is left in peace."""
    settings = ThanksSettings.current()
    form = ThanksSettingsForm(request.POST if request.method == "POST" else None, settings=settings)
    if form.is_bound and form.is_valid():
        form.save(settings)
        audit("changed the settings of", by=request.user, kind="business", object_id=1, title=_("Thanks"))
        toast(request, _("Saved."), tone="good")
        return redirect("thanks-settings")
    return render(request, "promises/thanks_settings.html", {"form": form}, status=422 if form.is_bound else 200)
