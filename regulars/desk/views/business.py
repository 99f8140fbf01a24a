"""The business's own settings: its name, words, money, clock, and the modules it uses."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.access.addresses import client_address
from regulars.access.door import SignedInRequest, can
from regulars.access.models import Organisation
from regulars.access.models.audit import audit
from regulars.desk.demo import demo_operation
from regulars.desk.forms import BusinessForm
from regulars.lib import modules
from regulars.lib.toast import toast

FIELDS = ("name", "person_word", "people_word", "currency", "time_zone", "language", "country")


@require_http_methods(["GET", "POST"])
@can("settings")
def business(request: SignedInRequest) -> HttpResponseBase:
    """Change what the business is called, what it calls its people, its money, clock and language."""
    before = {name: getattr(request.organisation, name) for name in FIELDS}
    form = BusinessForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        save_business(request, before, form.cleaned_data)
        toast(request, _("Saved."), tone="good")
        return redirect("business")
    context = {"form": form, "has_sample": not request.organisation.is_demo and demo_operation() is not None}
    return render(request, "desk/business.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def save_business(request: SignedInRequest, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Write what has changed, and the audit line that says so."""
    changes = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
    if not changes:
        return
    Organisation.objects.filter(pk=1).update(**{name: new for name, (_old, new) in changes.items()})
    _write_down(request, changes)


def _write_down(request: SignedInRequest, changes: dict[str, Any]) -> None:
    audit(
        "changed the settings of",
        by=request.user,
        kind="business",
        object_id=1,
        title=request.organisation.name,
        changes=changes,
        address=client_address(request),
    )


@require_safe
@can("settings")
def modules_page(request: SignedInRequest) -> HttpResponseBase:
    """Show the parts that can be switched on and off."""
    lines = [(module, request.organisation.has_module(module.name)) for module in modules.all_modules()]
    return render(request, "desk/modules.html", {"lines": lines})


@require_POST
@can("settings")
def switch_module(request: SignedInRequest, name: str) -> HttpResponseBase:
    """Switch a module on, or off with `off`. Nothing is lost by switching off."""
    module = next((module for module in modules.all_modules() if module.name == name), None)
    if module is None:
        raise Http404("There is no such module.")
    on = "off" not in request.POST
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=1)
        before = organisation.has_module(name)
        if on != before:
            organisation.modules = [one for one in organisation.modules if one != name] + ([name] if on else [])
            organisation.save(update_fields=["modules"])
            _write_down(request, {f"module {name}": ["on" if before else "off", "on" if on else "off"]})
    words = _("%s is switched on.") if on else _("%s is switched off. Nothing was deleted.")
    toast(request, words % module.label, tone="good")
    return redirect("modules")
