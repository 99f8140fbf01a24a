"""Conditions over what contacts know of people: facts, dates, people around, who reached us how, the rhythm."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import User
from regulars.contacts.conditions.base import Condition, Value, register_condition
from regulars.contacts.models import Consent, Fact, ImportantDate, Opener, Relationship, Rhythm

ANY = ("", gettext_lazy("Any kind"))
LONGEST = 366


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


class FactForm(forms.Form):
    """Of which kind, and what stands in it."""

    kind = forms.ChoiceField(choices=[ANY, *Fact.Kind.choices], required=False, label=gettext_lazy("Kind"))
    text = forms.CharField(max_length=100, required=False, label=gettext_lazy("With the words"))
    without = forms.BooleanField(required=False, label=gettext_lazy("Nothing like this is known"))


class Remembered(Condition):
    """Something worth remembering is known of them."""

    key, label, icon, form = "fact", gettext_lazy("Worth remembering"), "lightbulb", FactForm

    def _rows(self, value: Value) -> QuerySet[Fact]:
        rows = Fact.objects.filter(retired_at=None)
        if value["kind"]:
            rows = rows.filter(kind=value["kind"])
        return rows.filter(text__icontains=value["text"]) if value["text"] else rows

    def q(self, value: Value, user: User, today: date) -> Q:
        """Has one, or has none."""
        exists = Q(Exists(self._rows(value).filter(contact=OuterRef("pk"))))
        return ~exists if value["without"] else exists

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Those that have one."""
        return None if value["without"] else self._rows(value).order_by().values_list("contact_id", flat=True)

    def words(self, value: Value) -> str:
        """Like “oat milk” is remembered."""
        kind = str(Fact.Kind(value["kind"]).label) if value["kind"] else _("Something")
        said = {"kind": kind, "text": value["text"]}
        what = _("%(kind)s with “%(text)s”") % said if value["text"] else kind
        return (_("Not remembered: %s") if value["without"] else _("Remembered: %s")) % what


class UpcomingForm(forms.Form):
    """Which date, and how soon."""

    kind = forms.ChoiceField(choices=[ANY, *ImportantDate.Kind.choices], required=False, label=gettext_lazy("Kind"))
    days = forms.IntegerField(min_value=0, max_value=LONGEST, initial=30, label=gettext_lazy("Within days"))


class ComingUp(Condition):
    """An important date comes round soon."""

    key, label, icon, form = "coming", gettext_lazy("Date coming up"), "calendar-heart", UpcomingForm

    def _rows(self, value: Value, today: date) -> QuerySet[ImportantDate]:
        from regulars.contacts.dates.coming import coming_round

        rows = ImportantDate.objects.filter(coming_round(today, value["days"]))
        return rows.filter(kind=value["kind"]) if value["kind"] else rows

    def q(self, value: Value, user: User, today: date) -> Q:
        """Has one in that time."""
        return Q(Exists(self._rows(value, today).filter(contact=OuterRef("pk"))))

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """By the index on month and day."""
        return self._rows(value, today).order_by().values_list("contact_id", flat=True)

    def words(self, value: Value) -> str:
        """Birthday in the next 30 days."""
        kind = str(ImportantDate.Kind(value["kind"]).label) if value["kind"] else _("Important date")
        return _("%(kind)s in the next %(span)s") % {"kind": kind, "span": _days(value["days"])}


class AroundForm(forms.Form):
    """What they are to somebody."""

    kind = forms.ChoiceField(
        choices=[("", gettext_lazy("Anything to anybody")), *Relationship.Kind.choices],
        required=False,
        label=gettext_lazy("They are"),
    )


class Around(Condition):
    """Is something to somebody we know, written from either end."""

    key, label, icon, form = "around", gettext_lazy("People around them"), "users", AroundForm

    def _kinds(self, value: Value) -> tuple[dict[str, Any], dict[str, Any]]:
        kind = value["kind"]
        if not kind:
            return {}, {}
        reverse = [own for own, other in Relationship.REVERSE.items() if other == kind]
        return {"kind": kind}, {"kind__in": reverse or [kind]}

    def q(self, value: Value, user: User, today: date) -> Q:
        """A tie from here or from there that is not over."""
        mine, theirs = self._kinds(value)
        now = Relationship.objects.filter(Q(until=None) | Q(until__gte=today))
        here = Exists(now.filter(contact=OuterRef("pk"), **mine))
        return Q(here) | Q(Exists(now.filter(other=OuterRef("pk"), **theirs)))

    def words(self, value: Value) -> str:
        """Is assistant of somebody."""
        if not value["kind"]:
            return _("Has people around them")
        return _("Is %(kind)s somebody we know") % {"kind": Relationship.Kind(value["kind"]).label}


class OpenerForm(forms.Form):
    """With or without."""

    has = forms.ChoiceField(
        choices=[("yes", gettext_lazy("There is something to ask")), ("no", gettext_lazy("There is nothing to ask"))],
        initial="yes",
        widget=forms.RadioSelect,
        label=gettext_lazy("Ask next time"),
    )


class ToAsk(Condition):
    """Something is open to ask about."""

    key, label, icon, form = "opener", gettext_lazy("Ask next time"), "message-circle-question", OpenerForm

    def q(self, value: Value, user: User, today: date) -> Q:
        """Has an open opener, or none."""
        exists = Q(Exists(Opener.objects.filter(contact=OuterRef("pk"), asked_at=None)))
        return exists if value["has"] == "yes" else ~exists

    def words(self, value: Value) -> str:
        """There is something to ask."""
        return _("There is something to ask") if value["has"] == "yes" else _("There is nothing to ask")


class ConsentForm(forms.Form):
    """By which channel."""

    channel = forms.ChoiceField(choices=Consent.Channel.choices, initial="email", label=gettext_lazy("Channel"))
    said = forms.ChoiceField(
        choices=[("yes", gettext_lazy("Agreed")), ("no", gettext_lazy("Refused or withdrew"))],
        initial="yes",
        widget=forms.RadioSelect,
        label=gettext_lazy("What they said"),
    )


class Agreed(Condition):
    """The newest word on a channel."""

    key, label, icon, form = "consent", gettext_lazy("Consent"), "shield-check", ConsentForm

    def q(self, value: Value, user: User, today: date) -> Q:
        """The newest row of the channel says so."""
        rows = Consent.objects.filter(contact=OuterRef("pk"), channel=value["channel"])
        newer = Consent.objects.filter(contact=OuterRef("contact"), channel=value["channel"], pk__gt=OuterRef("pk"))
        return Q(Exists(rows.filter(~Q(Exists(newer)), is_given=value["said"] == "yes")))

    def words(self, value: Value) -> str:
        """Agreed to email."""
        channel = Consent.Channel(value["channel"]).label
        return (_("Agreed to %s") if value["said"] == "yes" else _("Did not agree to %s")) % channel


class OverdueForm(forms.Form):
    """How the rhythm stands."""

    state = forms.ChoiceField(
        choices=[
            ("overdue", gettext_lazy("Overdue")),
            ("soon", gettext_lazy("Overdue within a week, unless we are in touch")),
            ("fine", gettext_lazy("Not overdue")),
            ("wish", gettext_lazy("Has a wish for how often")),
            ("none", gettext_lazy("No rhythm is known")),
        ],
        initial="overdue",
        widget=forms.RadioSelect,
        label=gettext_lazy("Rhythm of contact"),
    )
    days = forms.IntegerField(
        min_value=1, max_value=3_650, required=False, label=gettext_lazy("Overdue by at least (days)")
    )


class Overdue(Condition):
    """Silent for longer than is usual for them."""

    key, label, icon, form, module = "rhythm", gettext_lazy("Rhythm of contact"), "activity", OverdueForm, "rhythm"

    def _rows(self, value: Value, today: date) -> QuerySet[Rhythm]:
        state, rows = value["state"], Rhythm.objects.all()
        if state == "overdue":
            rows = rows.filter(overdue_from__lte=today)
            return rows.filter(due_on__lte=today - timedelta(days=value["days"])) if value["days"] else rows
        if state == "soon":
            return rows.filter(overdue_from__gt=today, overdue_from__lte=today + timedelta(days=7))
        if state == "fine":
            return rows.filter(overdue_from__gt=today)
        return rows.exclude(wish_days=None) if state == "wish" else rows.exclude(overdue_from=None)

    def q(self, value: Value, user: User, today: date) -> Q:
        """By the kept rhythm."""
        exists = Q(Exists(self._rows(value, today).filter(contact=OuterRef("pk"))))
        return ~exists if value["state"] == "none" else exists

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """By the index on the day from which they are overdue."""
        if value["state"] not in ("overdue", "soon", "wish"):
            return None
        return self._rows(value, today).order_by().values_list("contact_id", flat=True)

    def words(self, value: Value) -> str:
        """Overdue by 10 days or more."""
        if value["state"] == "overdue" and value["days"]:
            return _("Overdue by %(span)s or more") % {"span": _days(value["days"])}
        said = {
            "overdue": _("Overdue"),
            "soon": _("Overdue within a week"),
            "fine": _("Not overdue"),
            "wish": _("With a wish for how often"),
            "none": _("Without a known rhythm"),
        }
        return said[value["state"]]


for _condition in (Remembered(), ComingUp(), Around(), ToAsk(), Agreed(), Overdue()):
    register_condition(_condition)
