"""Settings of what the business sorts by: custom fields, tags, stages, sources. All need the capability `shape`."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can
from regulars.contacts import shaping
from regulars.contacts.filters.base import as_ints
from regulars.contacts.forms.settings import CustomFieldForm, MergeTagForm, NameForm
from regulars.contacts.models import CustomField, Source, Stage, Tag
from regulars.contacts.views.lists import led_to
from regulars.lib.toast import toast


def _sent(request: SignedInRequest) -> QueryDict | None:
    """What was posted, be it nothing at all."""
    return request.POST if request.method == "POST" else None


def _dialog(request: SignedInRequest, form: Any, title: str, **more: Any) -> HttpResponse:
    """A form in a dialog, 422 when it was sent and is wrong."""
    context = {"form": form, "title": title, **more}
    status = 422 if request.method == "POST" else 200
    return render(request, "contacts/settings_form.html", context, status=status)


@can("shape")
@require_GET
def custom_fields(request: SignedInRequest) -> HttpResponse:
    """The fields of people and of companies, and the archived ones."""
    fields = list(CustomField.objects.all())
    names = {CustomField.Host.CONTACT: request.organisation.words["People"], CustomField.Host.COMPANY: _("Companies")}
    groups = [
        (host, label, [field for field in fields if field.host == host and not field.archived_at])
        for host, label in names.items()
    ]
    archived = [field for field in fields if field.archived_at]
    return render(request, "contacts/settings_fields.html", {"groups": groups, "archived": archived})


@can("shape")
@require_http_methods(["GET", "POST"])
def add_custom_field(request: SignedInRequest) -> HttpResponse:
    """Add a field."""
    form = CustomFieldForm(_sent(request), initial={"host": request.GET.get("host", "contact"), "kind": "text"})
    if request.method == "POST" and form.is_valid():
        field = shaping.add_field(by=request.user, **form.cleaned_data)
        toast(request, _("“%(name)s” is added.") % {"name": field.label})
        return led_to(reverse("custom-fields"))
    return _dialog(request, form, _("Add a field"))


@can("shape")
@require_http_methods(["GET", "POST"])
def custom_field(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a field, change its choices."""
    field = get_object_or_404(CustomField, pk=pk)
    initial = {"label": field.label, "options": "\n".join(field.options)}
    form = CustomFieldForm(_sent(request), field=field, initial=initial)
    if request.method == "POST" and form.is_valid():
        options = form.cleaned_data.get("options", field.options)
        shaping.change_field(field, by=request.user, label=form.cleaned_data["label"], options=options)
        return led_to(reverse("custom-fields"))
    return _dialog(request, form, field.label, note=field.get_kind_display())


@can("shape")
@require_http_methods(["POST", "DELETE"])
def archive_custom_field(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST takes the field out of use, DELETE brings it back."""
    field = get_object_or_404(CustomField, pk=pk)
    archived = request.method == "POST"
    shaping.set_field_archived(field, archived, by=request.user)
    if archived:
        text = _("“%(name)s” is out of use; its values are kept.") % {"name": field.label}
        toast(request, text, undo_url=reverse("custom-field-archive", args=[pk]))
    return led_to(reverse("custom-fields"))


def _order(request: SignedInRequest, model: type[Any]) -> HttpResponse:
    shaping.put_in_order(model, as_ints(request.POST.getlist("order")))
    return HttpResponse(status=204)


@can("shape")
@require_POST
def order_fields(request: SignedInRequest) -> HttpResponse:
    """Put custom fields in the order in which their ids are sent."""
    return _order(request, CustomField)


@can("shape")
@require_POST
def order_stages(request: SignedInRequest) -> HttpResponse:
    """Put stages in the order in which their ids are sent."""
    return _order(request, Stage)


@can("shape")
@require_POST
def order_sources(request: SignedInRequest) -> HttpResponse:
    """Put sources in the order in which their ids are sent."""
    return _order(request, Source)


def _names(request: SignedInRequest, model: type[Any], page: str, add: Any) -> HttpResponse:
    """A page that lists records by name and adds one."""
    form = NameForm(_sent(request), model=model)
    if request.method == "POST" and form.is_valid():
        add(by=request.user, **form.cleaned_data)
        return redirect(page)
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "records": model.objects.all(),
        "one_url": page.removesuffix("s"),
        "merge_url": "tag-merge" if model is Tag else "",
        "order_url": "" if model is Tag else reverse(f"{page}-order"),
    }
    return render(request, f"contacts/settings_{page}.html", context, status=status)


def _name(request: SignedInRequest, record: Any, page: str) -> HttpResponse:
    """The dialog that renames a record."""
    initial = {"name": record.name, "is_customer": getattr(record, "is_customer", False)}
    form = NameForm(_sent(request), record=record, model=type(record), initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = dict(form.cleaned_data)
        shaping.rename(record, cleaned.pop("name"), by=request.user, **cleaned)
        return led_to(reverse(page))
    return _dialog(request, form, _("Rename"))


def _remove(request: SignedInRequest, record: Stage | Source, page: str) -> HttpResponse:
    if not shaping.remove_unused(record, by=request.user):
        text = _("“%(name)s” is in use. Change those who have it first, or rename it.")
        toast(request, text % {"name": record.name})
        return HttpResponse(status=204)
    return led_to(reverse(page))


@can("shape")
@require_http_methods(["GET", "POST"])
def stages(request: SignedInRequest) -> HttpResponse:
    """The lifecycle stages."""
    return _names(request, Stage, "stages", shaping.add_stage)


@can("shape")
@require_http_methods(["GET", "POST", "DELETE"])
def stage(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a stage, say whether it means customer; remove one that nobody is in."""
    record = get_object_or_404(Stage, pk=pk)
    return _remove(request, record, "stages") if request.method == "DELETE" else _name(request, record, "stages")


@can("shape")
@require_http_methods(["GET", "POST"])
def sources(request: SignedInRequest) -> HttpResponse:
    """How people find the business."""
    return _names(request, Source, "sources", shaping.add_source)


@can("shape")
@require_http_methods(["GET", "POST", "DELETE"])
def source(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a source; remove one that nobody has."""
    record = get_object_or_404(Source, pk=pk)
    return _remove(request, record, "sources") if request.method == "DELETE" else _name(request, record, "sources")


@can("shape")
@require_http_methods(["GET", "POST"])
def tags(request: SignedInRequest) -> HttpResponse:
    """The tags."""

    def add(*, by: Any, name: str) -> Tag:
        return Tag.objects.create(name=name)

    return _names(request, Tag, "tags", add)


@can("shape")
@require_http_methods(["GET", "POST", "DELETE"])
def tag(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a tag; DELETE takes it off everybody, with undo."""
    record = get_object_or_404(Tag, pk=pk)
    if request.method != "DELETE":
        return _name(request, record, "tags")
    return _removed(request, shaping.remove_tag(record, by=request.user))


def _removed(request: SignedInRequest, operation: Any) -> HttpResponse:
    if operation.status != operation.Status.DONE:
        return led_to(reverse("operation", args=[operation.pk]))
    undo = reverse("operation-undo", args=[operation.pk])
    toast(request, _("Done: %(what)s.") % {"what": operation.title}, undo_url=undo, undo_method="POST")
    return led_to(reverse("tags"))


@can("shape")
@require_http_methods(["GET", "POST"])
def merge_tag(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give everybody who has this tag another one instead, and remove it; with undo."""
    record = get_object_or_404(Tag, pk=pk)
    form = MergeTagForm(_sent(request), tag=record)
    if request.method == "POST" and form.is_valid():
        return _removed(request, shaping.remove_tag(record, by=request.user, into=form.cleaned_data["into"]))
    return _dialog(request, form, _("Merge “%(name)s” into another tag") % {"name": record.name}, button=_("Merge"))
