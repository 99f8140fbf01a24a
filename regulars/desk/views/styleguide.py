"""Every part of the interface on one page, for developers and browser tests. Not there in production."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regulars.desk.views.styleguide_charts import specimen_figures
from regulars.lib.toast import toast

SPECIMENS = ("contact", "today", "table", "dialog", "rows", "palette", "pick", "charts")


@dataclass(frozen=True)
class Specimen:
    """Somebody who does not exist."""

    pk: int
    name: str
    detail: str
    tone: str = ""

    def __str__(self) -> str:
        return self.name


PEOPLE = [
    Specimen(1, "Helena Prado", "Buys every 9 days, silent for 26.", "gold"),
    Specimen(2, "Rafael Antunes", "Buys every month, silent for 64 days. Last case ended unhappy."),
    Specimen(3, "Jonas Lindqvist", "Waits for the allergen list.", "risk"),
    Specimen(4, "王小明", "Came through Studio Norte."),
    Specimen(5, "Ngozi Adébáyọ̀-Smith of the very long name that does not end where a name ends", "New this week."),
]


class SpecimenForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(help_text="As they call themselves.")
    email = forms.EmailField(required=False)
    about = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    stage = forms.ChoiceField(choices=[("lead", "Lead"), ("customer", "Customer"), ("regular", "Regular")])
    channel = forms.ChoiceField(
        choices=[("phone", "Phone"), ("email", "Email")], widget=forms.RadioSelect, initial="phone"
    )
    limits = forms.MultipleChoiceField(
        choices=[("vegan", "vegan"), ("nuts", "nut allergy")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    born = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    news = forms.BooleanField(label="May get the newsletter", required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def show_styleguide(request: HttpRequest) -> HttpResponse:
    """Show every part; sending the form shows it with its errors (422)."""
    form = SpecimenForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    moments = [
        now,
        now - timedelta(days=1),
        now - timedelta(days=26),
        now - timedelta(days=700),
        now + timedelta(days=3),
    ]
    if request.method == "POST" and not form.is_valid():
        return render(
            request,
            "desk/styleguide/index.html",
            {"form": form, "people": PEOPLE, "moments": moments},
            status=422,
        )
    return render(request, "desk/styleguide/index.html", {"form": form, "people": PEOPLE, "moments": moments})


@require_safe
def show_specimen(request: HttpRequest, page: str) -> HttpResponse:
    """Show a page made of the parts, or answer what a part asks the server for."""
    if page not in SPECIMENS:
        raise Http404
    if page == "rows":
        toast(request, "Moved to the bin.", undo_url="/styleguide")
    figures = specimen_figures() if page == "charts" else []
    context = {"people": PEOPLE, "form": SpecimenForm(auto_id="new_%s"), "figures": figures}
    return render(request, f"desk/styleguide/{page}.html", context)
