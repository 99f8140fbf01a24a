"""What is done about somebody who is slipping away: try, ask, say that it is none. Addresses name "contact-5"."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.contacts.capture.box import holder_named
from regulars.contacts.company_page import CompanyPage
from regulars.contacts.models import Company, Contact
from regulars.contacts.page import ContactPage, HolderPage
from regulars.insights.besttime.hints import hints_for, kind_to_try
from regulars.insights.churn.words import say_word, withdraw_word
from regulars.insights.forms.winback import AttemptForm, NoteWhyForm, RiskWordForm, SortWhyForm
from regulars.insights.tables.risk import AtRisk, RiskWord
from regulars.insights.tables.winback import Attempt, Play, Why
from regulars.insights.winback import plays, trying
from regulars.lib import moments
from regulars.lib.toast import toast
from regulars.promises.models.promise import Promise

CHANGED = {"HX-Trigger": "winback-changed, brief-changed, moment-changed, dialog:close"}


def _holder(request: SignedInRequest, key: str) -> Contact | Company:
    holder = holder_named(key, request.user)
    if holder is None:
        raise Http404("There is nobody like that.")
    return holder


def _page_of(request: SignedInRequest, holder: Contact | Company) -> HolderPage:
    page = ContactPage if isinstance(holder, Contact) else CompanyPage
    return page(holder, request.user, request.organisation)


def _done(request: SignedInRequest, holder: Contact | Company) -> HttpResponse:
    return HttpResponse(status=204, headers=CHANGED) if request.htmx else redirect(holder)


@can("log")
@require_http_methods(["GET", "POST"])
def try_winback(request: SignedInRequest, key: str) -> HttpResponse:
    """The dialog with a play and ready words; POST: it was tried, with undo."""
    holder = _holder(request, key)
    spell = AtRisk.objects.open().of(holder).first()
    cause = trying.known_cause(holder)
    if request.method == "POST":
        form = AttemptForm(request.POST)
        if form.is_valid():
            made = trying.attempt(holder, by=request.user, cause=cause, **form.cleaned_data)
            undo = reverse("attempt", args=[made.pk])
            text = _("Written down. What comes of it is counted from the orders of %(name)s.")
            toast(request, text % {"name": holder.display_name}, undo_url=undo, tone="good")
            return _done(request, holder)
        return _attempt_dialog(request, holder, form, "", status=422)
    asked = request.GET.get("play", "")
    play = asked if asked in Play.values else plays.suggested(spell, cause).value
    ready = plays.ready(play, holder, by=request.user, organisation=request.organisation, **_known(request, holder))
    form = AttemptForm(initial={"play": play, "text": ready.text, "channel": _way(holder)})
    return _attempt_dialog(request, holder, form, ready.subject)


def _way(holder: Contact | Company) -> str:
    return kind_to_try(holder) if isinstance(holder, Contact) else ""


def _attempt_dialog(
    request: SignedInRequest, holder: Contact | Company, form: AttemptForm, subject: str, status: int = 200
) -> HttpResponse:
    page = _page_of(request, holder)
    context = {
        "form": form, "holder": holder, "subject": subject, "email": page.email, "path": request.path,
        "chosen": form["play"].value(), "plays": Play.choices, "whatsapp": getattr(page, "whatsapp", ""),
        "hint": hints_for([holder]).get(holder.pk, "") if isinstance(holder, Contact) else "",
    }  # fmt: skip
    template = "insights/winback_try.html" if request.htmx else "insights/winback_try_page.html"
    return render(request, template, context, status=status)


def _known(request: SignedInRequest, holder: Contact | Company) -> dict[str, Any]:
    """What ready words may name: the promise we broke, how long they were silent, a link to the question."""
    spell = AtRisk.objects.open().of(holder).first()
    said: dict[str, Any] = {"silent": moments.span(30)}
    if spell is None:
        return said
    said["silent"] = moments.span(max((timezone.localdate() - spell.last_on).days, 1))
    for numbers in spell.reasons:
        if numbers["key"] == "promise":
            broken = Promise.objects.visible_to(request.user).filter(pk=numbers["promise"])
            said["promise"] = broken.values_list("what", flat=True).first()
    return said


@can("log")
@require_http_methods(["GET", "POST"])
def ask_why(request: SignedInRequest, key: str) -> HttpResponse:
    """The dialog to ask why (POST `link`: a personal link) or to note what they said (POST words and cause)."""
    holder = _holder(request, key)
    if request.method == "POST" and "link" in request.POST:
        why = trying.ask_why(holder, by=request.user)
        return _why_dialog(request, holder, NoteWhyForm(), why)
    form = NoteWhyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        trying.note_why(holder, form.cleaned_data["words"], form.cleaned_data["cause"], by=request.user)
        toast(request, _("Written down in their words."), tone="good")
        return _done(request, holder)
    return _why_dialog(request, holder, form, None, status=422 if form.is_bound else 200)


def _why_dialog(
    request: SignedInRequest, holder: Contact | Company, form: NoteWhyForm, why: Why | None, status: int = 200
) -> HttpResponse:
    link = request.build_absolute_uri(reverse("why", args=[why.token])) if why else ""
    context = {"form": form, "holder": holder, "link": link, "path": request.path}
    template = "insights/why_ask.html" if request.htmx else "insights/why_ask_page.html"
    return render(request, template, context, status=status)


@can("log")
@require_http_methods(["GET", "POST"])
def risk_word(request: SignedInRequest, key: str) -> HttpResponse:
    """The dialog "no, they moved"; POST keeps it and ends the warning, with undo."""
    holder = _holder(request, key)
    form = RiskWordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        until: date | None = form.cleaned_data["until"]
        said, note = form.cleaned_data["said"], form.cleaned_data["note"]
        word = say_word(holder, said, note=note, until=until, by=request.user)
        toast(request, _("Kept. No more warnings."), undo_url=reverse("risk-word-withdraw", args=[word.pk]))
        return _done(request, holder)
    context = {"form": form, "holder": holder, "path": request.path}
    template = "insights/risk_word.html" if request.htmx else "insights/risk_word_page.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@can("log")
@require_http_methods(["POST", "DELETE"])
def withdraw_risk_word(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a word back: warnings are given again."""
    word = get_object_or_404(RiskWord.objects.visible_to(request.user), pk=pk)
    if withdraw_word(word):
        toast(request, _("Taken back. Warnings are given again."))
    return _done(request, word.holder) if request.method == "POST" else HttpResponse(status=204, headers=CHANGED)


@can("log")
@require_http_methods(["DELETE"])
def take_back_attempt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo an attempt."""
    made = get_object_or_404(Attempt.objects.visible_to(request.user), pk=pk)
    trying.take_back(made, by=request.user)
    return HttpResponse(status=204, headers=CHANGED)


@can("log")
@require_POST
def sort_why(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put what a customer wrote into a category."""
    why = get_object_or_404(Why.objects.visible_to(request.user), pk=pk)
    form = SortWhyForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("Choose a reason."), status=422)
    why.sort(form.cleaned_data["cause"], by=request.user)
    toast(request, _("Sorted."), tone="good")
    return HttpResponse(status=204) if request.htmx else redirect("winback-reasons")
