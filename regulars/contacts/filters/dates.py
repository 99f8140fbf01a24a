"""Filters by when: last contact, added, changed, and the month of an important date."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.contacts.filters.base import (
    CONTACT,
    Condition,
    Filter,
    FilterForm,
    Scope,
    as_ints,
    found_by,
    linked,
    register,
)
from regulars.contacts.models import NEVER, ImportantDate

MAX_DAYS = 36_500


@dataclass(frozen=True)
class Span:
    """Days as they were asked for, either end open; `never` for those without a date."""

    how: str
    start: date | None = None
    end: date | None = None
    days: int = 0


def read_day(text: str) -> date | None:
    """Return the day of an ISO date, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_span(data: QueryDict, key: str) -> Span | None:
    """Read `KEY=quiet|within&KEY.days=90`, `KEY=between&KEY.from=2026-01-01&KEY.to=2026-03-31` or `KEY=never`."""
    how = data.get(key, "")
    if how in ("quiet", "within"):
        days = as_ints([data.get(f"{key}.days", "")])
        return Span(how, days=days[0]) if days and 0 < days[0] <= MAX_DAYS else None
    if how == "between":
        start, end = read_day(data.get(f"{key}.from", "")), read_day(data.get(f"{key}.to", ""))
        return Span(how, start, end) if start or end else None
    return Span(how) if how == "never" else None


def span_words(span: Span) -> str:
    """Return "since 1 Jan 2026", "until …" or "1 Jan 2026 to 31 Mar 2026"."""
    start = date_format(span.start, _("j M Y")) if span.start else ""
    end = date_format(span.end, _("j M Y")) if span.end else ""
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    return _("since %(start)s") % {"start": start} if start else _("until %(end)s") % {"end": end}


def midnight(day: date) -> datetime:
    """The beginning of a day in the zone of whoever asks; the end of time instead of an error."""
    try:
        return timezone.make_aware(datetime.combine(day, time.min))
    except (OverflowError, ValueError):
        return timezone.make_aware(datetime(2200, 1, 1))  # noqa: DTZ001


class MomentFilter(Filter):
    """A column with a moment: quiet for, within the last days, between two days."""

    def __init__(
        self, key: str, label: str | Promise, icon: str, *, column: str, quiet: Promise, within: Promise
    ) -> None:
        super().__init__(key, label, icon)
        self.column, self.quiet, self.within = column, quiet, within

    @property
    def knows_never(self) -> bool:
        """Whether the moment may never have come."""
        return self.column == "last_contact_at"

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read the span; "quiet" includes those with whom there was no contact at all."""
        span = read_span(data, self.key)
        if span is None or (span.how == "never" and not self.knows_never):
            return None
        q = Q(**self._bounds(span))
        members = found_by(scope.model, q)
        return self.condition(self._words(span), q, members=members, column=self.column, paths=(self.column,))

    def _bounds(self, span: Span) -> dict[str, Any]:
        column = self.column
        if span.how == "never":
            return {column: NEVER}
        if span.how in ("quiet", "within"):
            moment = timezone.now().replace(second=0, microsecond=0) - timedelta(days=span.days)
            return {f"{column}__lt" if span.how == "quiet" else f"{column}__gte": moment}
        bounds = {f"{column}__gt": NEVER}
        if span.start:
            bounds = {f"{column}__gte": max(midnight(span.start), NEVER)}
        if span.end and span.end < date.max:
            bounds[f"{column}__lt"] = midnight(span.end + timedelta(days=1))
        return bounds

    def _words(self, span: Span) -> str:
        if span.how == "never":
            return _("Never in touch")
        if span.how == "between":
            return f"{self.label} {span_words(span)}"
        amount = ngettext("%(count)d day", "%(count)d days", span.days) % {"count": span.days}
        return str(self.quiet if span.how == "quiet" else self.within) % {"span": amount}

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """How, and the days."""
        hows = [
            ("quiet", str(self.quiet) % {"span": _("… days")}),
            ("within", str(self.within) % {"span": _("… days")}),
            ("between", _("Between two days")),
        ]
        if self.knows_never:
            hows.append(("never", _("Never in touch")))
        return span_form(self.key, hows, data)


def span_form(key: str, hows: list[tuple[str, str]], data: QueryDict | None) -> FilterForm:
    """Return the form of a span of days."""

    class SpanForm(FilterForm):
        def clean(self) -> dict[str, Any]:
            cleaned = super().clean() or {}
            how = cleaned.get(key)
            if how in ("quiet", "within") and not cleaned.get(f"{key}.days") and f"{key}.days" not in self.errors:
                self.add_error(f"{key}.days", _("Say how many days."))
            if how == "between" and not cleaned.get(f"{key}.from") and not cleaned.get(f"{key}.to"):
                self.add_error(f"{key}.from", _("Say at least one of the two days."))
            return cleaned

    form = SpanForm(data)
    form.fields[key] = forms.ChoiceField(choices=hows, widget=forms.RadioSelect, initial=hows[0][0], label=_("How"))
    if any(how == "quiet" for how, _words in hows):
        form.fields[f"{key}.days"] = forms.IntegerField(
            min_value=1, max_value=MAX_DAYS, required=False, label=_("Days")
        )
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    form.fields[f"{key}.from"] = forms.DateField(required=False, label=_("From"), widget=day)
    form.fields[f"{key}.to"] = forms.DateField(required=False, label=_("To"), widget=day)
    return form


class ImportantMonthFilter(Filter):
    """Somebody's birthday, anniversary or renewal lies in these months."""

    def read(self, data: QueryDict, scope: Scope) -> Condition | None:
        """Read `day_in=11&day_in=12`, or `day_in=now` for this month."""
        values = data.getlist(self.key)
        months = [month for month in as_ints(values) if 1 <= month <= 12]
        if "now" in values:
            months.append(timezone.localdate().month)
        if not months:
            return None
        q, members = linked(ImportantDate, "contact_id", month__in=months)
        names = ", ".join(str(MONTHS[month]) for month in dict.fromkeys(months))
        return self.condition(_("Important date in %(months)s") % {"months": names}, q, members=members)

    def form(self, data: QueryDict | None, scope: Scope) -> FilterForm:
        """The twelve months."""
        choices = [("now", _("This month")), *((str(number), str(name)) for number, name in MONTHS.items())]
        form = FilterForm(data)
        form.fields[self.key] = forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, label=str(self.label)
        )
        return form


register(
    MomentFilter(
        "last_contact",
        gettext_lazy("Last contact"),
        "clock",
        column="last_contact_at",
        quiet=gettext_lazy("Not in touch for %(span)s"),
        within=gettext_lazy("In touch in the last %(span)s"),
    )
)
register(
    MomentFilter(
        "created",
        gettext_lazy("Added"),
        "calendar-plus",
        column="created_at",
        quiet=gettext_lazy("Added more than %(span)s ago"),
        within=gettext_lazy("Added in the last %(span)s"),
    )
)
register(ImportantMonthFilter("day_in", gettext_lazy("Important date"), "cake"), [CONTACT])
