"""Forms behind booking pages: hours, days off, the pages themselves, and what a visitor says."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Role, User
from regulars.contacts.points import phone_key
from regulars.promises.booking.free_times import Week
from regulars.promises.booking.working_hours import hours_in_words, read_hours
from regulars.promises.models import BookingPage, DayOff
from regulars.promises.models.booking import KINDS

MINUTES = [5, 10, 15, 20, 25, 30, 40, 45, 50, 60, 75, 90, 105, 120, 150, 180, 240, 300, 360, 480]
NOTICES = [0, 1, 2, 4, 12, 24, 48, 72, 168]


class WorkingHoursForm(forms.Form):
    """A week of hours, one line a day."""

    def __init__(self, *args: Any, week: Week, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(7):
            self.fields[f"day{number}"] = forms.CharField(
                label=WEEKDAYS[number], required=False, max_length=120, initial=hours_in_words(week[number])
            )

    def clean(self) -> dict[str, Any]:
        """Read each day; what can't be read is said beside it."""
        data = super().clean() or {}
        for name in list(self.fields):
            try:
                data[name] = read_hours(data.get(name, ""))
            except ValueError as problem:
                self.add_error(name, str(problem))
        return data

    @property
    def week(self) -> Week:
        """The valid week."""
        return [self.cleaned_data[f"day{number}"] for number in range(7)]


class DayOffForm(forms.ModelForm[DayOff]):
    """Days off of one colleague, or of everybody."""

    for_everyone = forms.BooleanField(label=_("For everyone: a holiday of the business"), required=False)

    class Meta:
        model = DayOff
        fields = ["first_day", "last_day", "note"]
        labels = {"first_day": _("First day"), "last_day": _("Last day"), "note": _("What for")}
        widgets = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].required = False
        self.fields["last_day"].help_text = _("Empty for a single day.")
        if not by.can("settings"):
            del self.fields["for_everyone"]

    def clean(self) -> dict[str, Any]:
        """A single day has one date; the last day is not before the first; a year is the most."""
        data = super().clean() or {}
        first = data.get("first_day")
        last = data["last_day"] = data.get("last_day") or first
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes after the first."))
        elif first and last and (last - first).days > 366:
            self.add_error("last_day", _("That is more than a year. Close the booking page instead."))
        return data


def minutes_in_words(minutes: int) -> str:
    """Return "45 min", "1 h", "1 h 30"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%d min") % rest
    return (_("%(hours)d h %(minutes)d") % {"hours": hours, "minutes": rest}) if rest else _("%d h") % hours


def _minute_choices(choices: list[int]) -> list[tuple[int, Any]]:
    return [(number, minutes_in_words(number)) for number in choices]


def _hour_choices() -> list[tuple[int, Any]]:
    def words(hours: int) -> Any:
        if hours % 24 or not hours:
            return _("%d hours") % hours if hours != 1 else _("1 hour")
        return _("%d days") % (hours // 24) if hours != 24 else _("1 day")

    return [(hours, words(hours)) for hours in NOTICES]


class BookingPageForm(forms.ModelForm[BookingPage]):
    """A booking page: what is booked, with whom, and within which bounds."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    length = forms.TypedChoiceField(label=_("How long"), coerce=int)
    step = forms.TypedChoiceField(label=_("A start every"), coerce=int)
    buffer_before = forms.TypedChoiceField(label=_("Kept free before"), coerce=int)
    buffer_after = forms.TypedChoiceField(label=_("Kept free after"), coerce=int)
    notice = forms.TypedChoiceField(label=_("At the latest"), coerce=int, help_text=_("before it begins"))
    change_notice = forms.TypedChoiceField(label=_("Move or cancel until"), coerce=int, help_text=_("before it begins"))
    horizon = forms.IntegerField(label=_("How many days ahead"), min_value=1, max_value=366)

    class Meta:
        model = BookingPage
        fields = [
            "title", "slug", "text", "kind", "place", "hosts", "length", "step", "buffer_before", "buffer_after",
            "notice", "change_notice", "horizon",
        ]  # fmt: skip
        labels = {
            "title": _("What is booked"),
            "slug": _("Address"),
            "text": _("A few words for visitors"),
            "place": _("Where"),
            "hosts": _("With whom"),
        }
        help_texts = {
            "slug": _("Small letters, digits and hyphens. Links that you gave away stop working when you change it."),
            "place": _("A place, a phone number or a link; visitors see it when they have booked."),
            "hosts": _("Visitors get whoever is free. One alone makes it their own page."),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "hosts": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        fields: dict[str, Any] = self.fields
        fields["length"].choices = fields["step"].choices = _minute_choices(MINUTES)
        fields["buffer_before"].choices = fields["buffer_after"].choices = [
            (0, _("nothing")), *_minute_choices([5, 10, 15, 20, 30, 45, 60, 90, 120])
        ]  # fmt: skip
        fields["notice"].choices = fields["change_notice"].choices = _hour_choices()
        fields["slug"].required = False
        self._offer_hosts(fields)

    def _offer_hosts(self, fields: dict[str, Any]) -> None:
        """Who leads chooses among all; the others make pages of their own."""
        if not self.by.can("settings"):
            del fields["hosts"]
            return
        kept = list(self.instance.hosts.values_list("pk", flat=True)) if self.instance.pk else []
        fields["hosts"].queryset = User.objects.filter(
            Q(is_active=True) & ~Q(role=Role.READER) | Q(pk__in=kept)
        ).order_by("name", "pk")

    def clean_slug(self) -> str:
        """Make an address from the title where none was given; each is there once."""
        wanted = self.cleaned_data.get("slug") or slugify(self.cleaned_data.get("title", ""))[:50]
        if self.cleaned_data.get("slug"):
            return str(wanted)
        wanted, number = wanted or "booking", 1
        slug = wanted
        while BookingPage.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            number += 1
            slug = f"{wanted}-{number}"
        return slug


class VisitorForm(forms.Form):
    """What a visitor says about themselves. `website` is for machines: people don't see it."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    email = forms.EmailField(label=_("Email"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    note = forms.CharField(
        label=_("Anything we should know?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))
    typed = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_name(self) -> str:
        """A name has a letter in it, and is no link."""
        name = " ".join(self.cleaned_data["name"].split())
        if not any(letter.isalpha() for letter in name) or "://" in name:
            raise ValidationError(_("Please tell us what to call you."))
        return name

    def clean_phone(self) -> str:
        """A phone has at least five digits."""
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and len(phone_key(phone, self.country)) < 5:
            raise ValidationError(_("This number seems too short."))
        return phone

    def clean(self) -> dict[str, Any]:
        """One way to reach them is needed."""
        data = super().clean() or {}
        if not data.get("email") and not data.get("phone") and not self.errors:
            self.add_error("email", _("Please give an email or a phone number, so that we can reach you."))
        return data
