"""Lists of people: put on and taken off in bulk with undo, and a rule that becomes a list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access import operations
from regulars.access.models import Operation, Organisation, User
from regulars.access.models.audit import audit
from regulars.contacts.filters.base import CONTACT, Scope
from regulars.contacts.lists.bulk_changes import CHANGES, Change, Edit, Row
from regulars.contacts.models import Segment, SegmentMember
from regulars.contacts.segments.reading import people_in

KIND = "segment_list"
BATCH = 1_000
AT_ONCE = 5_000  # people who are written down while somebody waits


def lists_of(user: User) -> Any:
    """The lists that `user` may put people on."""
    lists = Segment.objects.visible_to(user).filter(is_list=True)
    return lists if user.can("share") else lists.filter(owner=user)


class ListChange(Change):
    """People put on a list or taken off it."""

    hosts = (CONTACT,)
    module = "segments"

    def __init__(self, key: str, label: str | Promise, icon: str, *, adds: bool) -> None:
        super().__init__(key, label, icon)
        self.adds = adds

    def form(self, data: QueryDict | None, scope: Scope) -> forms.Form:
        """Which list; or, to put people on a new one, its name."""
        form = ListForm(data)
        lists = [(str(one.pk), one.name) for one in lists_of(scope.user)[:200]]
        form.fields["value"] = forms.ChoiceField(
            choices=[("", _("Choose…")), *lists], label=_("List"), required=not self.adds
        )
        if self.adds:
            form.fields["new"] = forms.CharField(max_length=80, required=False, label=_("Or a new list called"))
        return form

    def value(self, form: forms.Form) -> Any:
        """The id of the list, or the name of a new one."""
        return form.cleaned_data["value"] or form.cleaned_data.get("new", "")

    def words(self, value: Any, scope: Scope) -> str:
        """What is done."""
        text = _("Put on the list “%(name)s”") if self.adds else _("Take off the list “%(name)s”")
        return text % {"name": self._name(value, scope)}

    def _name(self, value: Any, scope: Scope) -> str:
        found = lists_of(scope.user).filter(pk=int(value)).first() if str(value).isdecimal() else None
        return found.name if found else str(value)

    def _list(self, value: Any, scope: Scope) -> Segment | None:
        if str(value).isdecimal():
            found: Segment | None = lists_of(scope.user).filter(pk=int(value)).first()
            return found
        made, _new = Segment.objects.get_or_create(owner=scope.user, name=str(value)[:80], defaults={"is_list": True})
        return made if made.is_list else None

    def apply(self, rows: Sequence[Row], value: Any, scope: Scope) -> list[Edit]:
        """One statement for all that differ."""
        found = self._list(value, scope)
        if found is None:
            return []
        ids = [row.pk for row in rows]
        on = set(found.members.filter(contact__in=ids).values_list("contact_id", flat=True))
        changing = [row for row in rows if (row.pk in on) != self.adds]
        self._write(found, [row.pk for row in changing], self.adds, scope.user)
        audited: list[str | None] = [None, found.name] if self.adds else [found.name, None]
        return [Edit(row, {"field": "list", "list": found.pk}, {_("List"): audited}) for row in changing]

    def _write(self, found: Segment, ids: Sequence[int], adds: bool, by: User) -> None:
        if adds:
            found.add(ids, by=by)
        else:
            found.remove(ids)
        found.counts.all().delete()

    def undo(self, steps: Sequence[tuple[Row, dict[str, Any]]], scope: Scope) -> int:
        """The other way round, for the lists that are still there."""
        count = 0
        for pk in {step["list"] for _row, step in steps}:
            found = Segment.objects.filter(pk=pk, is_list=True).first()
            if found is None:
                continue
            ids = {row.pk for row, step in steps if step["list"] == pk}
            on = set(found.members.filter(contact__in=ids).values_list("contact_id", flat=True))
            changing = ids & on if self.adds else ids - on
            self._write(found, list(changing), not self.adds, scope.user)
            count += len(changing)
        return count


class ListForm(forms.Form):
    """Which list, or a new one."""

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two; digits alone would be taken for an id."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("value") and not cleaned.get("new"):
            self.add_error("value", _("Choose a list or name a new one."))
        if str(cleaned.get("new", "")).isdecimal():
            self.add_error("new", _("Give it a name with letters."))
        return cleaned


for _change in (
    ListChange("list-add", gettext_lazy("Put on a list"), "list-plus", adds=True),
    ListChange("list-remove", gettext_lazy("Take off a list"), "list-minus", adds=False),
):
    CHANGES[_change.key] = _change


def write_down(segment: Segment, *, by: User) -> Operation:
    """Make a list of the people whom the rule finds now; the rule is kept, so that it can be current again.

    Returns the operation, which is done already for few people.
    """
    title = _("Make a list of “%(name)s”") % {"name": segment.name}
    operation = operations.start(KIND, title, by=by, segment=segment.pk, after=0, version=segment.version)
    few = len(people_in(segment, Scope(CONTACT, by, Organisation.current())).values_list("pk")[: AT_ONCE + 1])
    if few <= AT_ONCE:
        operations.run(operation)
        operation.refresh_from_db()
    return operation


def write_step(operation: Operation) -> bool:
    """Write down the next thousand; at the end the segment is a list."""
    state, by = operation.state, operation.by
    segment = Segment.objects.filter(pk=state["segment"], is_list=False, version=state["version"]).first()
    if segment is None:
        raise operations.OperationError(_("The segment was changed meanwhile."))
    if state["after"] == 0:
        segment.members.all().delete()
    found = people_in(segment, Scope(CONTACT, by, Organisation.current())).filter(pk__gt=state["after"])
    ids = list(found.order_by("pk").values_list("pk", flat=True)[:BATCH])
    rows = [SegmentMember(segment=segment, contact_id=pk, added_by=by) for pk in ids]
    SegmentMember.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if len(ids) == BATCH:
        operation.advance(len(ids), after=ids[-1])
        return True
    _finish(segment, by)
    operation.advance(len(ids))
    return False


@transaction.atomic
def _finish(segment: Segment, by: User) -> None:
    Segment.objects.filter(pk=segment.pk).update(is_list=True, version=F("version") + 1, changed_at=timezone.now())
    segment.counts.all().delete()
    audit("changed", by=by, kind="segment", object_id=segment.pk, title=segment.name)


operations.register(operations.OperationKind(KIND, write_step))
