"""What appointments say about a person: the next one in the Brief, and conditions for segments and lists."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import User
from regulars.contacts.brief.words import Sentence
from regulars.contacts.conditions import Condition
from regulars.contacts.conditions.base import Value
from regulars.contacts.models import Contact
from regulars.promises.appointments.calendar import next_with
from regulars.promises.models.appointment import Appointment, AppointmentContact

MODULE = "appointments"


def next_appointment(contact: Contact, user: User, page: Any) -> Iterable[Sentence]:
    """Return "Tomorrow at 10:00: tasting" as one sentence of the Brief, or nothing."""
    one = next_with(contact)
    if one is None:
        return []
    start = timezone.localtime(one.start)
    when = f"{_day(start.date())}, {start:%H:%M}"
    return [Sentence(f"{when}: {one.appointment.title}", url=one.address("appointment"), emphasis=(when,))]


def _day(day: date) -> str:
    days = (day - timezone.localdate()).days
    if days in (0, 1):
        return _("Today") if days == 0 else _("Tomorrow")
    return str(date_format(day, _("l j F")))


class AheadForm(forms.Form):
    """Whether something is agreed."""

    has = forms.ChoiceField(
        label=gettext_lazy("Appointment ahead"),
        choices=(("yes", gettext_lazy("Has one")), ("no", gettext_lazy("Has none"))),
        initial="yes",
        widget=forms.RadioSelect,
    )


class AppointmentAhead(Condition):
    """Whether an appointment with them is to come."""

    key, label, icon = "appointment_ahead", gettext_lazy("Appointment ahead"), "calendar-days"
    form: ClassVar[type[forms.Form]] = AheadForm
    module = MODULE

    def q(self, value: Value, user: User, today: date) -> Q:
        """Those with one, or those without."""
        ahead = Q(Exists(_ahead().filter(contact=OuterRef("pk"))))
        return ahead if value["has"] == "yes" else ~ahead

    def words(self, value: Value) -> str:
        """ "Has an appointment ahead"."""
        return _("Has an appointment ahead") if value["has"] == "yes" else _("Has no appointment ahead")

    def members(self, value: Value, user: User, today: date) -> Any:
        """Few people have one, so a list starts from them."""
        return _ahead().values_list("contact_id", flat=True) if value["has"] == "yes" else None


def _ahead() -> Any:
    now = timezone.now()
    coming = Q(starts_at__gt=now, appointment__repeat="") | Q(appointment__until__gt=now)
    return AppointmentContact.objects.filter(coming, appointment__status=Appointment.Status.PLANNED)


class NoShowForm(forms.Form):
    """How often."""

    times = forms.IntegerField(label=gettext_lazy("At least this often"), min_value=1, max_value=99, initial=1)


class NoShows(Condition):
    """Who did not come to appointments."""

    key, label, icon = "no_shows", gettext_lazy("No-shows"), "user-round-x"
    form: ClassVar[type[forms.Form]] = NoShowForm
    module = MODULE

    def q(self, value: Value, user: User, today: date) -> Q:
        """Those who missed that many."""
        mine = _missed().filter(contact=OuterRef("pk"))
        if value["times"] == 1:
            return Q(Exists(mine))
        often = mine.values("contact").annotate(times=Count("pk")).filter(times__gte=value["times"])
        return Q(Exists(often))

    def words(self, value: Value) -> str:
        """ "Did not come at least 2 times"."""
        times = value["times"]
        return ngettext("Did not come once or more", "Did not come %(times)d times or more", times) % {"times": times}

    def members(self, value: Value, user: User, today: date) -> Any:
        """Everybody who missed one."""
        return _missed().values_list("contact_id", flat=True)


def _missed() -> Any:
    return AppointmentContact.objects.filter(appointment__status=Appointment.Status.NO_SHOW)


def export_appointments(contact: Contact, user: User) -> list[dict[str, Any]]:
    """Return what was ever agreed with a person, for the file that they can take with them."""
    rows = Appointment.objects.filter(contacts=contact).visible_to(user).order_by("starts_at")
    told = rows.values("title", "kind", "starts_at", "ends_at", "repeat", "place", "note", "status")
    return [dict(row) for row in told]
