"""Calendar feeds: the private address that a device reads, and the page where addresses are made and switched off."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import Organisation
from regulars.access.models.audit import audit
from regulars.lib.toast import toast
from regulars.promises.booking.guard import GUESSES, WITHIN, address_key, is_too_often
from regulars.promises.feeds.feed import write_feed
from regulars.promises.forms.feeds import FeedForm
from regulars.promises.models.feed import CalendarFeed

AT_MOST = 20  # addresses of one colleague that are on


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar behind a secret address. A wrong one is a 404, many wrong ones from one network a 429."""
    feed = CalendarFeed.find(token)
    organisation = Organisation.current()
    if feed is None or organisation is None:
        if is_too_often("feed", address_key(request), GUESSES):
            return HttpResponse(_("Too many wrong addresses."), status=429, headers={"Retry-After": str(WITHIN)})
        raise Http404("There is no such calendar.")
    base = request.build_absolute_uri("/").rstrip("/")
    body = write_feed(feed.user, feed.parts, organisation, base)
    etag = hashlib.sha256(body).hexdigest()[:40]
    feed.says(etag)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    seconds = int(feed.changed_at.timestamp())
    response.headers["ETag"], response.headers["Last-Modified"] = quote_etag(etag), http_date(seconds)
    answer = get_conditional_response(request, quote_etag(etag), seconds, response)
    return answer if answer is not None else response


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def calendar_feeds(request: SignedInRequest) -> HttpResponse:
    """One's own addresses; POST makes one and shows it this one time."""
    own = CalendarFeed.objects.filter(user=request.user, off_at=None)
    form = FeedForm(request.POST if request.method == "POST" else None, organisation=request.organisation)
    address = ""
    if request.method == "POST" and own.count() >= AT_MOST:
        form.add_error(None, _("These are many addresses. Switch one off first."))
    if request.method == "POST" and form.is_valid():
        _feed, token = CalendarFeed.make(request.user, **form.cleaned_data)
        address = request.build_absolute_uri(reverse("calendar-feed", args=[token]))
        audit("added", by=request.user, kind="calendar", object_id=_feed.pk, title=_feed.name)
        form = FeedForm(organisation=request.organisation)
    context = {
        "form": form,
        "feeds": own,
        "address": address,
        "subscribe": f"webcal://{address.partition('://')[2]}" if address else "",
        "words_of": dict(CalendarFeed.Part.choices),
    }
    return render(request, "promises/feeds.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["POST", "DELETE"])
@signed_in
def switch_off_feed(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Let one's address lead nowhere (POST), or to the calendar again (DELETE)."""
    feed = get_object_or_404(CalendarFeed, pk=pk, user=request.user)
    if request.method == "DELETE":
        if feed.switch_on():
            toast(request, _("The address works again."), tone="good")
        return HttpResponse(status=204)
    if feed.switch_off():
        audit("removed", by=request.user, kind="calendar", object_id=feed.pk, title=feed.name)
    text = _("Switched off: %(name)s. Its address leads nowhere now.") % {"name": feed.name}
    toast(request, text, undo_url=reverse("calendar-feed-off", args=[pk]))
    return redirect("calendar-feeds")
