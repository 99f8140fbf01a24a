"""Coming up: dates of the next 30 days, a ready greeting for each, and the words of greetings in the settings."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models.audit import audit
from regulars.contacts.actions import Moment, log_moment
from regulars.contacts.dates import greetings as words
from regulars.contacts.dates.coming import Coming, coming_dates, with_us
from regulars.contacts.dates.greetings_sent import greeted
from regulars.contacts.door import get_contact
from regulars.contacts.models import Contact, Greeting
from regulars.contacts.page import ContactPage
from regulars.lib.toast import toast

CHANNELS = {"email": "email", "whatsapp": "message", "copy": "message"}


class GreetForm(forms.Form):
    """The greeting as it goes out."""

    subject = forms.CharField(max_length=200, required=False, label=gettext_lazy("Subject"))
    text = forms.CharField(
        max_length=words.LONGEST, label=gettext_lazy("Words"), widget=forms.Textarea(attrs={"rows": 10})
    )
    channel = forms.ChoiceField(
        choices=[(name, name) for name in CHANNELS], initial="copy", required=False, widget=forms.HiddenInput
    )


class WordsForm(forms.Form):
    """The template of a greeting."""

    subject = forms.CharField(max_length=200, required=False, label=gettext_lazy("Subject"))
    text = forms.CharField(
        max_length=words.LONGEST, label=gettext_lazy("Words"), widget=forms.Textarea(attrs={"rows": 12})
    )

    def clean(self) -> dict[str, Any]:
        """Say what Liquid can't read, beside the field."""
        cleaned = super().clean() or {}
        for name in ("subject", "text"):
            try:
                words.check(cleaned.get(name, ""))
            except words.GreetingError as problem:
                self.add_error(name, str(problem))
        return cleaned


@signed_in
@require_GET
def coming_up(request: SignedInRequest) -> HttpResponse:
    """Birthdays, dates and years with us of the next 30 days; htmx gets the next rows."""
    today = timezone.localdate()
    mine = request.GET.get("whose") == "mine"
    after = _after(request.GET.get("after", ""))
    found, end = coming_dates(request.user, today, mine=mine, after=after)
    context: dict[str, Any] = {
        "days": _by_day(found, today),
        "mine": mine,
        "greeted": greeted([one.contact.pk for one in found]),
        "next_url": f"?{'whose=mine&' if mine else ''}after={end[0]}-{end[1]}" if end else "",
    }
    if request.htmx and after:
        return render(request, "contacts/coming_rows.html", context)
    context["with_us"] = with_us(request.user, today, mine=mine)
    context["greeted"] |= greeted([one.contact.pk for one in context["with_us"]])
    return render(request, "contacts/coming_up.html", context)


def _after(text: str) -> tuple[int, int] | None:
    days, _dash, pk = text.partition("-")
    if days.isdecimal() and pk.isdecimal() and len(days) < 4 and len(pk) < 19:
        return int(days), int(pk)
    return None


def _by_day(found: list[Coming], today: date) -> list[tuple[date, list[Coming]]]:
    days: dict[date, list[Coming]] = {}
    for one in found:
        days.setdefault(one.day, []).append(one)
    return list(days.items())


@can("log")
@require_http_methods(["GET", "POST"])
def greet(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """GET: the dialog with a ready greeting. POST: it was sent by hand; write it on the timeline, with undo."""
    contact = get_contact(request.user, pk)
    coming = words.find_coming(contact, key, timezone.localdate())
    if coming is None:
        raise Http404("There is no such day.")
    if request.method == "POST":
        form = GreetForm(request.POST)
        if form.is_valid():
            return _sent(request, contact, coming, form.cleaned_data)
        return _dialog(request, contact, coming, form, status=422)
    ready = words.ready_for(coming, by=request.user, organisation=request.organisation)
    return _dialog(request, contact, coming, GreetForm(initial={"subject": ready.subject, "text": ready.text}))


def _dialog(
    request: SignedInRequest, contact: Contact, coming: Coming, form: GreetForm, status: int = 200
) -> HttpResponse:
    page = ContactPage(contact, request.user, request.organisation)
    context = {"contact": contact, "coming": coming, "form": form, "email": page.email, "whatsapp": page.whatsapp}
    return render(request, "contacts/greeting.html", context, status=status)


def _sent(request: SignedInRequest, contact: Contact, coming: Coming, said: dict[str, Any]) -> HttpResponse:
    kind = CHANNELS[said["channel"] or "copy"]
    snapshot = {"greeting": coming.key, "on": coming.day.isoformat()}
    moment = Moment(text=said["text"], kind=kind, contacts=[contact], snapshot=snapshot)
    entry = log_moment(moment, by=request.user)
    undo = reverse("moment-remove", args=[entry.pk])
    text = _("Written on the timeline of %(name)s.") % {"name": contact.display_name}
    toast(request, text, undo_url=undo, undo_method="POST", tone="good")
    if not request.htmx:
        return redirect("coming-up")
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@can("shape")
@require_GET
def greetings(request: SignedInRequest) -> HttpResponse:
    """Every kind of greeting in every language, and which of them are our own words."""
    own = set(Greeting.objects.values_list("kind", "language"))
    rows = [
        (label, [(kind, code, name, (kind, code) in own) for code, name in words.LANGUAGES])
        for kind, label in Greeting.Kind.choices
    ]
    return render(request, "contacts/greetings.html", {"rows": rows})


@can("shape")
@require_http_methods(["GET", "POST", "DELETE"])
def edit_greeting(request: SignedInRequest, kind: str, language: str) -> HttpResponse:
    """The words of one greeting with a preview. DELETE: the standard words again."""
    labels, names = dict(Greeting.Kind.choices), dict(words.LANGUAGES)
    if kind not in labels or language not in names:
        raise Http404("There is no such greeting.")
    title = f"{labels[kind]}, {names[language]}"
    if request.method == "DELETE":
        Greeting.objects.filter(kind=kind, language=language).delete()
        audit("removed", by=request.user, kind="greeting", title=title)
        toast(request, _("The standard words count again."))
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("greetings")})
    form = WordsForm(request.POST if request.method == "POST" else None, initial=_initial(kind, language))
    if form.is_valid():
        defaults = {**form.cleaned_data, "changed_by": request.user}
        Greeting.objects.update_or_create(kind=kind, language=language, defaults=defaults)
        audit("changed", by=request.user, kind="greeting", title=title)
        toast(request, _("Saved."))
        return redirect("greetings")
    own = Greeting.objects.filter(kind=kind, language=language).exists()
    context = {"form": form, "title": title, "kind": kind, "language": language, "is_own": own, "names": words.NAMES}
    context |= _preview(request, kind, language, form["subject"].value() or "", form["text"].value() or "")
    return render(request, "contacts/greeting_edit.html", context, status=422 if form.is_bound else 200)


def _initial(kind: str, language: str) -> dict[str, str]:
    subject, text = words.template_for(kind, language)
    return {"subject": subject, "text": text}


@can("shape")
@require_POST
def preview_greeting(request: SignedInRequest) -> HttpResponse:
    """How the words look filled in, as they are typed; or what is wrong with them."""
    data = request.POST
    kind, language = data.get("kind", ""), data.get("language", "")
    if kind not in Greeting.Kind.values or language not in dict(words.LANGUAGES):
        raise Http404("There is no such greeting.")
    context = _preview(request, kind, language, data.get("subject", ""), data.get("text", ""))
    return render(request, "contacts/greeting_preview.html", context)


def _preview(request: SignedInRequest, kind: str, language: str, subject: str, text: str) -> dict[str, Any]:
    values = words.sample(kind, request.organisation, request.user, language)
    try:
        for part in (subject, text):
            words.check(part)
        return {"preview": {"subject": words.fill(subject, values), "text": words.fill(text, values)}}
    except words.GreetingError as problem:
        return {"problem": str(problem)}
