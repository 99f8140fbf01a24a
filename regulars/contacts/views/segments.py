"""Segments: all of them, one built by clicking, counted as it is built, removed with undo."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import Operation, Team, User
from regulars.contacts.filters import Filter, filter_named, filters_for
from regulars.contacts.filters.base import CONTACT, Scope
from regulars.contacts.forms.segments import SegmentForm
from regulars.contacts.models import Segment, Source, Stage, Tag
from regulars.contacts.segments import builder
from regulars.contacts.segments.bulk import write_down
from regulars.contacts.segments.counts import queue, with_counts
from regulars.contacts.segments.reading import leaf_of, read_rule, rule_from_list
from regulars.contacts.segments.removal import remove_segment
from regulars.contacts.segments.sizes import size_of
from regulars.contacts.views.lists import led_to, scope_of
from regulars.lib.text import number_in
from regulars.lib.toast import toast


def get_segment(request: SignedInRequest, pk: int, *, to: str = "view") -> Segment:
    """Return a segment that the colleague may see; 403 when they may not change it and want to."""
    segment: Segment | None = Segment.objects.visible_to(request.user).filter(pk=pk).first()
    if segment is None:
        raise Http404("There is no such segment.")
    if to == "change" and not segment.may_change(request.user):
        raise PermissionDenied("Only its owner or a manager may change this segment.")
    return segment


@signed_in
@require_GET
def segments(request: SignedInRequest) -> HttpResponse:
    """Every segment with its words and what was counted last."""
    found = with_counts(request.user)
    scope = scope_of(request, CONTACT)
    scope.load(Stage.objects.all(), Source.objects.all(), Team.objects.all(), User.objects.all(), Tag.objects.all())
    rows = [(one, read_rule(one.rule, _inside(scope, one)), one.may_change(request.user)) for one in found]
    return render(request, "contacts/segments.html", {"rows": rows})


def _inside(scope: Scope, segment: Segment) -> Scope:
    return replace(scope, path=(segment.pk,))


@signed_in
@require_http_methods(["GET", "POST"])
def add_segment(request: SignedInRequest) -> HttpResponse:
    """The builder; a list's filters may stand in the address to begin with."""
    scope = scope_of(request, CONTACT)
    if request.method == "POST":
        form = SegmentForm(request.POST, user=request.user)
        if form.is_valid():
            segment = Segment.objects.create(owner=request.user, **form.values())
            queue([segment.pk], request.user)
            toast(request, _("Saved. It stands in the side navigation."))
            return redirect(segment)
        return _page(request, form, builder.clean(request.POST.get("rule", "")), status=422)
    rule = rule_from_list(request.GET, scope)
    return _page(request, SegmentForm(user=request.user), rule)


@signed_in
@require_http_methods(["GET", "POST", "DELETE"])
def segment(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET and POST: the builder of one segment. DELETE: remove it, with undo."""
    found = get_segment(request, pk, to="change")
    if request.method == "DELETE":
        operation = remove_segment(found, by=request.user)
        undo = reverse("operation-undo", args=[operation.pk])
        toast(request, _("“%(name)s” is removed.") % {"name": found.name}, undo_url=undo, undo_method="POST")
        return led_to(reverse("segments"))
    initial = {name: getattr(found, name) for name in ("name", "tone", "rhythm_days", "is_shared")}
    if request.method == "GET":
        return _page(request, SegmentForm(user=request.user, segment=found, initial=initial), found.rule, found)
    form = SegmentForm(request.POST, user=request.user, segment=found)
    if form.is_valid():
        version = request.POST.get("version", "")
        seen = int(version) if version.isdecimal() and len(version) < 9 else 0
        if found.revise(by=request.user, expected_version=seen, **form.values()):
            queue([found.pk], request.user)
            toast(request, _("Saved."))
            return redirect(found)
        form.add_error(None, _("Somebody else changed this meanwhile. Open it again to see how it is now."))
    return _page(request, form, builder.clean(request.POST.get("rule", "")), found, status=422)


def _page(
    request: SignedInRequest, form: SegmentForm, rule: Any, segment: Segment | None = None, status: int = 200
) -> HttpResponse:
    context = _drawn(request, rule, segment) | {"form": form, "segment": segment}
    return render(request, "contacts/segment.html", context, status=status)


def _drawn(request: SignedInRequest, rule: Any, segment: Segment | None = None, focus: str = "") -> dict[str, Any]:
    """What the tree of conditions shows."""
    import json

    scope = scope_of(request, CONTACT)
    node, group = builder.draw(rule, _inside(scope, segment) if segment else scope)
    return {
        "node": node,
        "group": group,
        "rule": json.dumps(rule, ensure_ascii=False),
        "modes": builder.mode_names(),
        "focus": focus,
        "of": segment.pk if segment else "",
    }


@signed_in
@require_POST
def change_rule(request: SignedInRequest) -> HttpResponse:
    """Change the tree as it is built: another sort of group, a new group, or something taken out."""
    rule, at = builder.clean(request.POST.get("rule", "")), request.POST.get("at", "")[:40]
    act = request.POST.get("act", "")
    focus = f"add-{at.replace('.', '-') or 'root'}"
    if act == "mode":
        mode = request.POST.get("mode", "")
        rule, focus = builder.set_mode(rule, at, mode), f"mode-{at.replace('.', '-') or 'root'}-{mode}"
    elif act == "group":
        rule = builder.add_group(rule, at)
    elif act == "remove":
        rule = builder.without(rule, at)
        focus = f"add-{at.rpartition('.')[0].replace('.', '-') or 'root'}"
    return render(request, "contacts/segment_rule.html", _drawn(request, rule, _of(request), focus))


def _of(request: SignedInRequest) -> Segment | None:
    pk = number_in(request.POST.get("of") or request.GET.get("of"))
    return None if pk is None else get_segment(request, pk)


@signed_in
@require_GET
def rule_conditions(request: SignedInRequest) -> HttpResponse:
    """The dialog that offers every condition, for the group at `at`."""
    context = {"filters": filters_for(scope_of(request, CONTACT)), "at": request.GET.get("at", "")[:40]}
    return render(request, "contacts/segment_conditions.html", context | {"of": request.GET.get("of", "")})


@signed_in
@require_http_methods(["GET", "POST"])
def rule_condition(request: SignedInRequest, key: str) -> HttpResponse:
    """The form of one condition in a dialog; a good answer puts it into the tree, a bad one comes back with 422."""
    scope = scope_of(request, CONTACT)
    filter = filter_named(key, scope)
    if filter is None:
        raise Http404("There is no such condition.")
    if request.method == "POST":
        rule, at = builder.clean(request.POST.get("rule", "")), request.POST.get("at", "")[:40]
        form = filter.form(_own(filter, request.POST), scope)
        leaf = leaf_of(key, _own(filter, request.POST), scope) if form.is_valid() else None
        if leaf is not None:
            drawn = _drawn(request, builder.put(rule, at, leaf), _of(request), f"add-{_group_of(rule, at)}")
            answer = render(request, "contacts/segment_rule.html", drawn)
            answer.headers["HX-Trigger"] = "dialog:close"
            return answer
        if form.is_valid():
            form.add_error(None, _("Say what to look for."))
        return _condition(request, filter, form, at, status=422)
    known = _own(filter, request.GET)
    return _condition(request, filter, filter.form(known or None, scope), request.GET.get("at", "")[:40])


def _group_of(rule: Any, at: str) -> str:
    here = builder.at(rule, at) or {}
    return (at.rpartition(".")[0] if "if" in here else at).replace(".", "-") or "root"


def _own(filter: Filter, posted: QueryDict) -> QueryDict:
    data = QueryDict(mutable=True)
    for name in posted:
        if filter.owns(name):
            data.setlist(name, posted.getlist(name))
    return data


def _condition(request: SignedInRequest, filter: Filter, form: Any, at: str, status: int = 200) -> HttpResponse:
    of = request.POST.get("of", "") or request.GET.get("of", "")
    context = {"filter": filter, "form": form, "at": at, "of": of}
    answer = render(request, "contacts/segment_condition.html", context, status=status)
    if status == 422:
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#dialog-host", "innerHTML"
    return answer


@signed_in
@require_POST
def count_rule(request: SignedInRequest) -> HttpResponse:
    """How many people the tree finds as it is now."""
    rule = builder.without_empty(builder.clean(request.POST.get("rule", "")))
    scope = scope_of(request, CONTACT)
    size = size_of(rule, scope)
    return render(request, "contacts/segment_count.html", {"size": size})


@signed_in
@require_http_methods(["POST", "DELETE"])
def list_segment(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST: write down who is in it now, so that it becomes a list. DELETE: let its rule decide again."""
    found = get_segment(request, pk, to="change")
    if request.method == "DELETE":
        if found.make_current(by=request.user):
            toast(request, _("“%(name)s” is always current again.") % {"name": found.name})
        return led_to(found.get_absolute_url())
    operation = write_down(found, by=request.user)
    if operation.status != Operation.Status.DONE:
        return led_to(reverse("operation", args=[operation.pk]))
    undo = reverse("segment-list", args=[pk])
    toast(request, _("It is a list now: people stay on it until somebody takes them off."), undo_url=undo)
    return led_to(found.get_absolute_url())
