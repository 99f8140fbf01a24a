"""What people do with one promise: open it, keep it, break it, move it, withdraw it, hand it over, prove it."""

import json
from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.lib.toast import toast
from regulars.promises.actions.promises import tell_owner
from regulars.promises.forms.promises import (
    BreakPromiseForm,
    HandOverPromiseForm,
    PromiseEvidenceForm,
    RenegotiatePromiseForm,
    WithdrawPromiseForm,
)
from regulars.promises.ledger.door import get_promise
from regulars.promises.ledger.listing import promise_row
from regulars.promises.ledger.words import full_due, honest_word, mail_link
from regulars.promises.models.promise import AlreadySettled, Promise
from regulars.timeline.files import BadFile, attach
from regulars.timeline.models import Entry

TITLES = {
    "promise_break": gettext_lazy("We can't keep this"),
    "promise_renegotiate": gettext_lazy("Agree a new date"),
    "promise_withdraw": gettext_lazy("Withdraw the promise"),
    "promise_hand_over": gettext_lazy("Hand over the promise"),
    "promise_evidence": gettext_lazy("How it was kept"),
}
EVENTS = ("promise-changed", "brief-changed", "moment-changed")


@signed_in
@require_GET
def promise(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page of a promise: what, to whom, by when, how it came about and what became of it."""
    found = get_promise(request.user, pk)
    follower = Promise.objects.filter(previous=found).first()
    context = {
        "row": promise_row(found),
        "promise": found,
        "chain": chain_of(found),
        "next": follower,
        "entry": _present(found.entry),
        "evidence_entry": _present(found.evidence_entry),
        "evidence_file": found.evidence_file if found.evidence_file and not found.evidence_file.removed_at else None,
        "may_log": request.user.can("log"),
    }
    return render(request, "promises/promise.html", context)


def _present(entry: Entry | None) -> Entry | None:
    return entry if entry and entry.removed_at is None else None


def chain_of(promise: Promise) -> list[Promise]:
    """The promises that it follows, the first one first; at most twenty."""
    chain: list[Promise] = []
    before = promise.previous
    while before is not None and len(chain) < 20:
        chain.insert(0, before)
        before = before.previous
    return chain


@require_http_methods(["POST", "DELETE"])
@can("log")
def keep_promise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep it; DELETE opens it again."""
    found = get_promise(request.user, pk, to="log")
    if request.method == "DELETE":
        return _reopened(request, found)
    try:
        found.keep(by=request.user)
    except AlreadySettled as faster:
        return _too_late(request, faster.promise)
    toast(
        request, _("Kept: %(what)s") % {"what": found.what}, tone="good",
        undo_url=reverse("promise-keep", args=[pk]), link_url=found.get_absolute_url(), link_text=_("Add proof"),
    )  # fmt: skip
    return _answer(request, found)


@require_http_methods(["GET", "POST", "DELETE"])
@can("log")
def break_promise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask why it won't be kept, then offer to write to the customer; DELETE opens it again."""
    found = get_promise(request.user, pk, to="log")
    if request.method == "DELETE":
        return _reopened(request, found)
    form = BreakPromiseForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "promise_break", found, form)
    why = form.cleaned_data["why"]
    try:
        found.break_(by=request.user, why=why)
    except AlreadySettled as faster:
        return _too_late(request, faster.promise)
    text = honest_word(found, why)
    context = {"promise": found, "text": text, "mail": mail_link(found, text)}
    name = "promise_broken.html" if request.htmx else "promise_broken_page.html"
    return _changed(render(request, f"promises/{name}", context))


@require_http_methods(["GET", "POST", "DELETE"])
@can("log")
def renegotiate_promise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Agree a new date; DELETE takes that back."""
    found = get_promise(request.user, pk, to="log")
    if request.method == "DELETE":
        if not found.take_back_move(by=request.user):
            toast(request, _("That can't be undone any more."), tone="risk")
        found.refresh_from_db()
        return _answer(request, found)
    form = RenegotiatePromiseForm(request.POST if request.method == "POST" else None, promise=found)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "promise_renegotiate", found, form)
    try:
        follower = found.renegotiate(**form.due, why=form.cleaned_data["why"], by=request.user)
    except AlreadySettled as faster:
        return _too_late(request, faster.promise)
    said = _("Agreed: %(what)s, by %(day)s") % {"what": follower.what, "day": full_due(follower)}
    toast(
        request,
        said,
        tone="good",
        undo_url=reverse("promise-renegotiate", args=[pk]),
        undo_next=found.get_absolute_url(),
    )
    return _done(request, follower)


@require_http_methods(["GET", "POST", "DELETE"])
@can("log")
def withdraw_promise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take it back: it counts neither way; DELETE opens it again."""
    found = get_promise(request.user, pk, to="log")
    if request.method == "DELETE":
        return _reopened(request, found)
    form = WithdrawPromiseForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "promise_withdraw", found, form)
    try:
        found.withdraw(by=request.user, why=form.cleaned_data["why"])
    except AlreadySettled as faster:
        return _too_late(request, faster.promise)
    undo = reverse("promise-withdraw", args=[pk])
    toast(request, _("Withdrawn: %(what)s") % {"what": found.what}, undo_url=undo)
    return _done(request, found)


@require_http_methods(["GET", "POST"])
@can("log")
def hand_over_promise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let another colleague answer for it, and tell them."""
    found = get_promise(request.user, pk, to="log")
    form = HandOverPromiseForm(request.POST if request.method == "POST" else None, promise=found)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "promise_hand_over", found, form)
    owner = form.cleaned_data["owner"]
    if not found.hand_to(owner, by=request.user):
        found.refresh_from_db()
        return _too_late(request, found)
    tell_owner(found, by=request.user)
    toast(request, _("%(name)s answers for it now.") % {"name": owner}, tone="good")
    return _done(request, found)


@require_http_methods(["GET", "POST"])
@can("log")
def prove_promise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say how it was kept: in a line, with a moment or with a file. Keeps it, if it is still open."""
    found = get_promise(request.user, pk, to="log")
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PromiseEvidenceForm(*data, promise=found)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, "promise_evidence", found, form)
    try:
        _prove(found, form.cleaned_data, request)
    except AlreadySettled as faster:
        return _too_late(request, faster.promise)
    except BadFile as problem:
        form.add_error("file", str(problem))
        return _ask(request, "promise_evidence", found, form)
    toast(request, _("Saved."), tone="good")
    return _done(request, found)


@transaction.atomic
def _prove(promise: Promise, data: dict[str, Any], request: SignedInRequest) -> None:
    if promise.is_open:
        promise.keep(by=request.user, evidence=data["evidence"], entry=data["entry"])
    file = None
    if data["file"]:
        said = Entry.objects.present().filter(subject_kind="promise", subject_id=promise.pk).order_by("-pk").first()
        file = attach(said, [data["file"]], by=request.user)[0] if said else None
    promise.prove(evidence=data["evidence"], entry=data["entry"], file=file)


def _reopened(request: SignedInRequest, found: Promise) -> HttpResponse:
    if not found.reopen(by=request.user):
        toast(request, _("It is open already, or was moved."), tone="risk")
    found.refresh_from_db()
    return _answer(request, found)


def _too_late(request: SignedInRequest, found: Promise) -> HttpResponse:
    """Somebody was faster: show what became of it."""
    values = {"name": found.settled_by or _("Somebody"), "what": found.get_status_display()}
    toast(request, _("%(name)s was faster. It is now: %(what)s.") % values, tone="risk")
    return _answer(request, found) if request.method != "POST" or not _in_dialog(request) else _done(request, found)


def _in_dialog(request: SignedInRequest) -> bool:
    return bool(request.htmx and (request.htmx.target or "").startswith("dialog"))


def _answer(request: SignedInRequest, found: Promise) -> HttpResponse:
    """The line that replaces the one on the page; whole pages go to the promise."""
    if not request.htmx:
        return redirect(found)
    context = {"row": promise_row(found), "may_log": True, "in_panel": "panel" in request.GET}
    return _changed(render(request, "promises/promise_row.html", context), "brief-changed", "moment-changed")


def _done(request: SignedInRequest, found: Promise) -> HttpResponse:
    """Close the dialog and let the page draw itself again; whole pages go to the promise."""
    if not request.htmx:
        return redirect(found)
    return _changed(HttpResponse(status=200, headers={"HX-Reswap": "none"}), *EVENTS, "dialog:close")


def _changed(response: HttpResponse, *events: str) -> HttpResponse:
    response.headers["HX-Trigger"] = json.dumps(dict.fromkeys(events or EVENTS))
    return response


def _ask(request: SignedInRequest, stem: str, found: Promise, form: Form) -> HttpResponse:
    """The form: a dialog, its body after an error, or a page."""
    context = {
        "promise": found,
        "row": promise_row(found),
        "form": form,
        "title": TITLES[stem],
        "form_template": f"promises/{stem}_form.html",
        "action": reverse(stem.replace("_", "-"), args=[found.pk]),
    }
    status = 422 if form.is_bound else 200
    if not request.htmx:
        return render(request, "promises/promise_ask_page.html", context, status=status)
    name = context["form_template"] if form.is_bound else "promises/promise_ask.html"
    return render(request, str(name), context, status=status)
