"""In another segment, or not in it."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.contacts import filters
from regulars.contacts.filters.base import CONTACT, Filter, FilterForm, Scope, as_ints, register
from regulars.contacts.models import Segment
from regulars.contacts.segments.reading import NOBODY, condition_of, none_of, segments_for

SHOWN = 200


class SegmentFilter(Filter):
    """Belongs to a segment; the list page of a segment is the list of people with this filter."""

    module = "segments"

    def read(self, data: QueryDict, scope: Scope) -> filters.Condition | None:
        """Read `segment=5`, with `segment.how=not` for the others."""
        ids = as_ints(data.getlist(self.key))
        segment = self._segment(ids, scope)
        if segment is None:
            # A list of nobody, never one of everybody: it may be about to be exported or changed.
            return self.condition(_("In a segment that is gone"), NOBODY) if ids and not scope.path else None
        found = condition_of(segment, scope)
        if data.get("segment.how") != "not":
            return found
        words = _("Not in “%(name)s”") % {"name": segment.name}
        q = NOBODY if found.problems else none_of(found.q)
        return self.condition(words, q, problems=found.problems)

    def missing(self, data: QueryDict, scope: Scope) -> str:
        """Whether the segment is gone."""
        ids = as_ints(data.getlist(self.key))
        return "" if self._segment(ids, scope) else _("a segment that is gone")

    def _segment(self, ids: list[int], scope: Scope) -> Segment | None:
        return segments_for(scope).filter(pk=ids[0]).first() if ids else None

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """Which one, and whether in it."""
        form = FilterForm(data)
        form.fields[self.key] = forms.ChoiceField(
            choices=[(str(one.pk), one.name) for one in segments_for(scope)[:SHOWN]], label=str(self.label)
        )
        hows: list[tuple[str, Any]] = [("in", _("Is in it")), ("not", _("Is not in it"))]
        form.fields["segment.how"] = forms.ChoiceField(choices=hows, initial="in", required=False, label=_("How"))
        return form


register(SegmentFilter("segment", gettext_lazy("Segment"), "circle-dot"), [CONTACT])

__all__ = ["SegmentFilter"]
