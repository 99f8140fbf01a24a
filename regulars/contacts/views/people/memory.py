"""Facts confirmed and retired, openers asked and reopened."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import User
from regulars.contacts.actions import Moment, log_moment, touch
from regulars.contacts.door import get_contact
from regulars.contacts.forms.openers import AskOpenerForm
from regulars.contacts.models import Contact, Fact, Opener
from regulars.contacts.views.people.rows import draw, note
from regulars.lib.toast import toast


@signed_in
@require_POST
def confirm_fact(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """Say that a fact is still true."""
    contact = get_contact(request.user, pk, to="log")
    get_object_or_404(Fact, contact=contact, pk=row).confirm(by=request.user)
    touch([contact], timezone.now())
    toast(request, _("Confirmed today."), tone="good")
    return draw(request, contact, "facts")


@signed_in
@require_http_methods(["POST", "DELETE"])
def retire_fact(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """Say that a fact is true no more (POST), or that it is after all (DELETE)."""
    contact = get_contact(request.user, pk, to="edit")
    fact = get_object_or_404(Fact, contact=contact, pk=row)
    if request.method == "DELETE":
        fact.revive()
        note(request, contact, "facts", "", str(fact))
        return HttpResponse(status=204)
    if fact.retire():
        note(request, contact, "facts", str(fact), "")
    toast(
        request,
        _("No longer true: %(fact)s") % {"fact": fact.text[:80]},
        undo_url=reverse("fact-retire", args=[pk, row]),
    )
    return draw(request, contact, "facts")


@signed_in
@require_http_methods(["GET", "POST", "DELETE"])
def ask_opener(request: SignedInRequest, pk: int, row: int) -> HttpResponse:
    """Mark an opener as asked with what came out (POST), or as open again (DELETE)."""
    contact = get_contact(request.user, pk, to="log")
    opener = get_object_or_404(Opener, contact=contact, pk=row)
    if request.method == "DELETE":
        opener.reopen()
        return HttpResponse(status=204)
    form = AskOpenerForm(request.POST if request.method == "POST" else None, auto_id="ask_%s")
    if request.method == "GET" or not form.is_valid():
        context = {"contact": contact, "opener": opener, "form": form}
        return render(request, "contacts/opener_ask.html", context, status=422 if form.is_bound else 200)
    answered(contact, opener, form.cleaned_data["answer"], form.cleaned_data["keep"], by=request.user)
    toast(request, _("Asked."), undo_url=reverse("opener-ask", args=[pk, row]), tone="good")
    return draw(request, contact, "openers")


@transaction.atomic
def answered(contact: Contact, opener: Opener, answer: str, keep: str, *, by: User) -> None:
    """Mark `opener` as asked; `keep` is "", "note" (an entry) or "fact:KIND" (a fact)."""
    if not opener.ask(by=by, answer=answer):
        return
    touch([contact], timezone.now())
    if keep == "note":
        text = _("%(question)s — %(answer)s") % {"question": opener.text, "answer": answer}
        log_moment(Moment(text=text, kind="note", contacts=[contact]), by=by)
    elif keep.startswith("fact:"):
        kind = keep.removeprefix("fact:")
        Fact.objects.create(contact=contact, kind=kind, text=answer, entry=opener.entry, noted_by=by, confirmed_by=by)
