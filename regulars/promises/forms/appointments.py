"""What an appointment says: its form, and the small forms of its verbs."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.lib.widgets import Combobox
from regulars.promises.actions.appointments import Details, NotPossible
from regulars.promises.actions.appointments_rows import check_times
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.models.appointment import CalendarSettings
from regulars.promises.times import recurrence, repeats
from regulars.promises.times.wall_time import from_wall, remark, to_wall
from regulars.timeline import kinds

WALL = "%Y-%m-%dT%H:%M"
USUAL = timedelta(hours=1)
MEETINGS = ("meeting", "call", "visit", "job")


class WallTimeField(forms.Field):
    """A day and time as the clock on the wall shows it, cleaned to a moment in UTC.

    A time that the clocks skip or repeat is taken as `wall_time.from_wall` says; `remarks` tells of it.
    """

    widget = forms.DateTimeInput({"type": "datetime-local", "step": "300"}, format=WALL)
    default_error_messages = {"invalid": gettext_lazy("Give a day and a time.")}

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment (UTC). Raises ValidationError for what is no day and time."""
        if not value:
            return None
        try:
            wall = datetime.fromisoformat(str(value)[:16])
            return from_wall(wall, timezone.get_current_timezone())
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """Show a moment by the wall of the current zone."""
        return to_wall(value, timezone.get_current_timezone()) if isinstance(value, datetime) else value


def appointment_kinds() -> list[tuple[str, Any]]:
    """The kinds of entries that an appointment can become: those by which both sides are in touch."""
    return [(name, kinds.get(name).label) for name in MEETINGS]


class AppointmentForm(forms.Form):
    """What, with whom, when, where, how often. `occurrence` is the one that is being changed."""

    title = forms.CharField(label=gettext_lazy("What"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(),
        label=gettext_lazy("With"),
        required=False,
        widget=Combobox("contact-pick", multiple=True),
    )
    companies = forms.ModelMultipleChoiceField(
        Company.objects.none(),
        label=gettext_lazy("Companies"),
        required=False,
        widget=Combobox("company-pick", multiple=True),
    )
    colleagues = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Colleagues"),
        widget=Combobox("colleague-pick", multiple=True, eager=True),
    )
    starts_at = WallTimeField(label=gettext_lazy("Begins"))
    ends_at = WallTimeField(label=gettext_lazy("Ends"))
    place = forms.CharField(label=gettext_lazy("Place or link"), max_length=300, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note for us"), required=False, max_length=10_000, widget=forms.Textarea({"rows": 2})
    )
    repeat = forms.ChoiceField(label=gettext_lazy("Repeats"), choices=repeats.CHOICES, required=False)
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    rule = forms.CharField(
        label=gettext_lazy("Another rule"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("As calendars write it: FREQ=MONTHLY;BYDAY=2TU is the second Tuesday of each month."),
    )
    following = forms.ChoiceField(
        label=gettext_lazy("What changes"),
        required=False,
        choices=(("", gettext_lazy("Only this time")), ("yes", gettext_lazy("This and all later times"))),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, user: User, occurrence: Occurrence | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.occurrence = user, occurrence
        people: dict[str, Any] = self.fields
        people["kind"].choices = appointment_kinds()
        people["contacts"].queryset = Contact.objects.visible_to(user)
        people["companies"].queryset = Company.objects.visible_to(user)
        people["colleagues"].queryset = self._colleagues()
        for name, value in (_said_by(occurrence) if occurrence else {"colleagues": [user.pk]}).items():
            self.initial.setdefault(name, value)
        if occurrence is None or not occurrence.repeats:
            del self.fields["following"]

    def _colleagues(self) -> Any:
        """Who works here, and who takes part already."""
        there = self.occurrence.user_ids if self.occurrence else ()
        return User.objects.filter(is_active=True) | User.objects.filter(pk__in=there)

    def clean(self) -> dict[str, Any]:
        """Name what has no name, and check times and rule."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("title"):
            cleaned["title"] = self._name(cleaned)
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end:
            try:
                check_times(start, end)
            except NotPossible as problem:
                self.add_error("ends_at", str(problem))
            else:
                self._clean_rule(cleaned, start)
        return cleaned

    def _name(self, cleaned: dict[str, Any]) -> str:
        kind = dict(appointment_kinds()).get(cleaned.get("kind", ""), "")
        holders = [*(cleaned.get("contacts") or []), *(cleaned.get("companies") or [])]
        if not holders:
            self.add_error("title", _("Say what it is about, or whom it is with."))
            return ""
        return _("%(kind)s with %(name)s") % {"kind": kind, "name": holders[0].display_name}

    def _clean_rule(self, cleaned: dict[str, Any], start: datetime) -> None:
        zone, choice, until = timezone.get_current_timezone(), cleaned.get("repeat") or "", cleaned.get("until")
        rule = cleaned.get("rule", "") if choice == "own" else repeats.build_rule(choice, to_wall(start, zone), until)
        name = "rule" if choice == "own" else "until" if until else "repeat"
        cleaned["rule"] = ""
        if choice == "own" and not rule:
            self.add_error("rule", _("Write the rule."))
        if not rule:
            return
        try:
            cleaned["rule"] = recurrence.check_rule(rule, start, zone)
        except recurrence.BadRule as problem:
            self.add_error(name, str(problem))

    @property
    def details(self) -> Details:
        """What a valid form says besides the time."""
        names = ("title", "kind", "place", "note", "contacts", "companies", "colleagues")
        return Details(**{name: self._plain(name) for name in names})

    def _plain(self, name: str) -> Any:
        value = self.cleaned_data[name]
        return list(value) if name in ("contacts", "companies", "colleagues") else value

    @property
    def times(self) -> list[tuple[datetime, datetime]]:
        """The times that a (perhaps half filled) form means: the first ones of a repeat, for clashes."""
        start, end = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if not start or not end or end <= start:
            return []
        rule = self.cleaned_data.get("rule")
        if not rule or self.errors:
            return [(start, end)]
        zone = timezone.get_current_timezone()
        moments = recurrence.starts(rule, start, zone, start, start + timedelta(days=92), at_most=30)
        return [(moment, moment + (end - start)) for moment in moments]

    @property
    def remarks(self) -> list[str]:
        """What to know of times that the clocks skip or repeat."""
        zone, said = timezone.get_current_timezone(), []
        for name in ("starts_at", "ends_at"):
            try:
                said.append(remark(datetime.fromisoformat(str(self.data.get(name, ""))[:16]), zone))
            except ValueError:
                continue
        return [words for words in dict.fromkeys(said) if words]


def _said_by(occurrence: Occurrence) -> dict[str, Any]:
    """What the form starts with for one that is there."""
    row = occurrence.appointment
    rule = (row.series or row).repeat
    zone = timezone.get_current_timezone()
    choice = repeats.choice_of(rule, to_wall(occurrence.start, zone)) if rule else ""
    return {
        "title": row.title,
        "kind": row.kind,
        "place": row.place,
        "note": row.note,
        "starts_at": occurrence.start,
        "ends_at": occurrence.end,
        "contacts": [one.pk for one in occurrence.contacts],
        "companies": [one.pk for one in occurrence.companies],
        "colleagues": list(occurrence.user_ids),
        "repeat": choice,
        "rule": rule if choice == "own" else "",
        "until": repeats.last_day(rule, zone) if rule and choice != "own" else None,
    }


class MoveAppointmentForm(forms.Form):
    """Where an appointment was dropped. `scope` is "one" or "following" for one of several, `sure` after a warning."""

    starts_at = WallTimeField()
    scope = forms.ChoiceField(required=False, choices=(("one", ""), ("following", "")))
    sure = forms.BooleanField(required=False)


class SettleAppointmentForm(forms.Form):
    """What happened."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        choices=(
            ("held", gettext_lazy("It took place")),
            ("no_show", gettext_lazy("Nobody came")),
            ("cancelled", gettext_lazy("It was called off")),
        ),
        widget=forms.RadioSelect,
        initial="held",
    )
    text = forms.CharField(
        label=gettext_lazy("What was said"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 2, "data-behaviour": "autosize"}),
    )


class CalendarSettingsForm(forms.Form):
    """When the customer is to be reminded."""

    remind_hours = forms.TypedChoiceField(label=gettext_lazy("Remind before an appointment"), coerce=int)

    def __init__(self, *args: Any, settings: CalendarSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["remind_hours"]
        field.choices = [(0, _("Never")), *((hours, hours_in_words(hours)) for hours in (2, 24, 48, 72, 168))]
        self.initial.setdefault("remind_hours", settings.remind_hours)


def hours_in_words(hours: int) -> str:
    """Return "2 hours before", "1 day before"."""
    if hours % 24:
        return ngettext("%(count)d hour before", "%(count)d hours before", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d day before", "%(count)d days before", days) % {"count": days}
