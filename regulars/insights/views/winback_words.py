"""The words of plays in the settings: the standard ones, or our own, with a preview."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.access.models.audit import audit
from regulars.contacts.dates.greetings import LANGUAGES, LONGEST, GreetingError, check, fill
from regulars.insights.tables import Play, PlayWords
from regulars.insights.winback.plays import NAMES, words_of
from regulars.lib.toast import toast


class PlayWordsForm(forms.Form):
    """The template of a play."""

    subject = forms.CharField(max_length=200, required=False, label=gettext_lazy("Subject"))
    text = forms.CharField(max_length=LONGEST, label=gettext_lazy("Words"), widget=forms.Textarea(attrs={"rows": 12}))

    def clean(self) -> dict[str, Any]:
        """Say what Liquid can't read, beside the field."""
        cleaned = super().clean() or {}
        for name in ("subject", "text"):
            try:
                check(cleaned.get(name, ""), NAMES)
            except GreetingError as problem:
                self.add_error(name, str(problem))
        return cleaned


@can("shape")
@require_GET
def winback_words(request: SignedInRequest) -> HttpResponse:
    """Every play in every language, and which of them are our own words."""
    own = set(PlayWords.objects.values_list("play", "language"))
    rows = [
        (label, [(play, code, name, (play, code) in own) for code, name in LANGUAGES]) for play, label in Play.choices
    ]
    return render(request, "insights/winback_words.html", {"rows": rows})


@can("shape")
@require_http_methods(["GET", "POST", "DELETE"])
def edit_winback_words(request: SignedInRequest, play: str, language: str) -> HttpResponse:
    """The words of one play with a preview. DELETE: the standard words again."""
    title = _title(play, language)
    if request.method == "DELETE":
        PlayWords.objects.filter(play=play, language=language).delete()
        audit("removed", by=request.user, kind="play", title=title)
        toast(request, _("The standard words count again."))
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("winback-words")})
    subject, text = words_of(play, language)
    form = PlayWordsForm(request.POST if request.method == "POST" else None, initial={"subject": subject, "text": text})
    if form.is_valid():
        said = {**form.cleaned_data, "changed_by": request.user, "changed_at": timezone.now()}
        PlayWords.objects.update_or_create(play=play, language=language, defaults=said)
        audit("changed", by=request.user, kind="play", title=title)
        toast(request, _("Saved."), tone="good")
        return redirect("winback-words")
    context = {
        "form": form, "title": title, "play": play, "language": language, "names": NAMES,
        "is_own": PlayWords.objects.filter(play=play, language=language).exists(),
        **_preview(request, form["subject"].value() or "", form["text"].value() or ""),
    }  # fmt: skip
    return render(request, "insights/winback_words_edit.html", context, status=422 if form.is_bound else 200)


def _title(play: str, language: str) -> str:
    labels, names = dict(Play.choices), dict(LANGUAGES)
    if play not in labels or language not in names:
        raise Http404("There is no such play.")
    return f"{labels[Play(play)]}, {names[language]}"


@can("shape")
@require_POST
def preview_winback_words(request: SignedInRequest) -> HttpResponse:
    """How the words look filled in, as they are typed; or what is wrong with them."""
    context = _preview(request, request.POST.get("subject", ""), request.POST.get("text", ""))
    return render(request, "insights/winback_words_preview.html", context)


def _preview(request: SignedInRequest, subject: str, text: str) -> dict[str, Any]:
    values = {
        "first_name": "Maya", "business": request.organisation.name, "sender": request.user.first_name,
        "promise": _("the invoice by Friday"), "silent": _("7 weeks"),
        "link": request.build_absolute_uri(reverse("why", args=["…"])),
    }  # fmt: skip
    try:
        for part in (subject, text):
            check(part, NAMES)
        return {"preview": {"subject": fill(subject, values), "text": fill(text, values)}}
    except GreetingError as problem:
        return {"problem": str(problem)}
