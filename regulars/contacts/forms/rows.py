"""Small forms for what hangs on a contact: facts, openers, dates, people around, companies, consents, points.

Each is made with the contact, the user and the row it edits (None for a new one). `save` writes it.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.access.models import User
from regulars.contacts.forms.fields import FIRST_YEAR, LAST_YEAR, CompanyField, DayField, PersonField
from regulars.contacts.forms.points import AddressForm, PointForm, one_preferred_each
from regulars.contacts.models import (
    Company,
    Consent,
    Contact,
    ContactPoint,
    Employment,
    Fact,
    ImportantDate,
    Opener,
    Relationship,
)
from regulars.contacts.records.picture import picture_of


class RowForm(forms.ModelForm[Any]):
    """A form for one row that belongs to a contact."""

    def __init__(self, data: Any = None, *, contact: Contact, user: User, row: Any = None) -> None:
        self.contact, self.user, self.row = contact, user, row
        super().__init__(data, instance=row or self._meta.model(contact=contact), auto_id="row_%s")

    def save_row(self) -> Any:
        """Write the row and return it. Raises ValidationError when the database refuses it as a double."""
        try:
            with transaction.atomic():
                return self.save()
        except IntegrityError:
            raise ValidationError(_("This is there already.")) from None


class FactForm(RowForm):
    """Something worth remembering."""

    class Meta:
        model = Fact
        fields = ["text", "kind", "said_by"]
        labels = {"text": _("What"), "kind": _("Kind"), "said_by": _("Who said it")}
        help_texts = {"said_by": ""}

    def save_row(self) -> Any:
        """Write the fact; a change of its words counts as confirming it."""
        if self.row is None:
            self.instance.noted_by = self.instance.confirmed_by = self.user
        elif "text" in self.changed_data:
            self.instance.confirmed_at, self.instance.confirmed_by = timezone.now(), self.user
        return super().save_row()


class OpenerForm(RowForm):
    """Something to ask next time."""

    class Meta:
        model = Opener
        fields = ["text"]
        labels = {"text": _("What to ask")}

    def save_row(self) -> Any:
        """Write the opener."""
        if self.row is None:
            self.instance.noted_by = self.user
        return super().save_row()


class DateForm(RowForm):
    """A birthday, anniversary or renewal; the year may stay empty."""

    day = forms.IntegerField(min_value=1, max_value=31, label=_("Day"))
    month = forms.TypedChoiceField(coerce=int, choices=list(MONTHS.items()), label=_("Month"))
    year = forms.IntegerField(required=False, label=_("Year"))
    recurs = forms.BooleanField(required=False, initial=True, label=_("Every year"))

    class Meta:
        model = ImportantDate
        fields = ["kind", "label", "day", "month", "year", "recurs"]
        labels = {"kind": _("What"), "label": _("Name it")}

    def clean_year(self) -> int | None:
        """Return the year. Raises ValidationError for one that can't be meant."""
        year: int | None = self.cleaned_data.get("year")
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(_("The year must lie between 1900 and 2200. Leave it empty if you don't know it."))
        return year

    def clean(self) -> dict[str, Any]:
        """Refuse days that no calendar has, and a single day without its year."""
        data = super().clean() or self.cleaned_data
        day, month, year = data.get("day"), data.get("month"), data.get("year")
        if day and month and not _exists(day, month, year or 2000):
            self.add_error("day", _("There is no such day in that month."))
        if not data.get("recurs") and not year and "year" not in self.errors:
            self.add_error("year", _("A day that comes once needs its year."))
        if data.get("kind") == ImportantDate.Kind.BIRTHDAY and self._has_birthday():
            self.add_error("kind", _("Their birthday is written down already."))
        return data

    def _has_birthday(self) -> bool:
        others = ImportantDate.objects.filter(contact=self.contact, kind="birthday")
        return bool(others.exclude(pk=self.instance.pk).exists())


def _exists(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


class SpanMixin(forms.Form):
    """Since and until, in this order."""

    since = DayField(required=False, label=_("Since"))
    until = DayField(required=False, label=_("Until"))

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start."""
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This ends before it starts."))
        return data


class RelationshipForm(SpanMixin, RowForm):
    """How this contact is related to another one, as it reads from here."""

    class Meta:
        model = Relationship
        fields = ["kind", "note", "since", "until"]
        labels = {"kind": _("Is"), "note": _("Note")}

    field_order = ["kind", "other", "since", "until", "note"]

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        other = self.row.other_than(self.contact) if self.row else None
        if other:
            self.initial["kind"] = self.row.kind_seen_from(self.contact)
        person = PersonField(user=self.user, label=_("Of whom"), initial=other.pk if other else None)
        self.fields["other"] = person
        person.show(self["other"].value())
        self.order_fields(self.field_order)

    def clean_other(self) -> Contact:
        """Return the other person. Raises ValidationError for the contact themselves."""
        other: Contact = self.cleaned_data["other"]
        if other.pk == self.contact.pk:
            raise ValidationError(_("Choose somebody else: this is the same person."))
        return other

    def clean(self) -> dict[str, Any]:
        """Refuse the same tie twice, whichever end it was written from."""
        data = super().clean()
        other, kind = data.get("other"), data.get("kind")
        if other and kind:
            mirrored = Relationship.REVERSE.get(kind, kind)
            rows = Relationship.objects.filter(contact=self.contact, other=other, kind=kind)
            rows |= Relationship.objects.filter(contact=other, other=self.contact, kind=mirrored)
            if rows.exclude(pk=self.instance.pk).exists():
                self.add_error("other", _("This is written down already."))
        return data

    def _post_clean(self) -> None:
        """Write it from this end; the other end reads it the other way round."""
        super()._post_clean()  # type: ignore[misc]
        if self.cleaned_data.get("other"):
            self.instance.contact, self.instance.other = self.contact, self.cleaned_data["other"]


class EmploymentForm(SpanMixin, RowForm):
    """A company they belong to."""

    class Meta:
        model = Employment
        fields = ["role", "since", "until", "is_main"]
        labels = {"role": _("Role"), "is_main": _("This is the main one")}

    field_order = ["company", "role", "since", "until", "is_main"]

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        start = f"id:{self.row.company_id}" if self.row else None
        company = CompanyField(user=self.user, label=_("Company"), initial=start)
        self.fields["company"] = company
        company.show(self["company"].value())
        self.order_fields(self.field_order)
        if self.row is None:
            self.initial["is_main"] = not Employment.objects.filter(contact=self.contact, is_main=True).exists()

    def save_row(self) -> Any:
        """Write it; a new name becomes a company, the main one stands on the contact too."""
        from regulars.contacts.actions import add_company, mirror_main_employment

        with transaction.atomic():
            company = self.cleaned_data["company"]
            if not isinstance(company, Company):
                company = add_company(by=self.user, display_name=company)
            self.instance.company = company
            if self.instance.is_main:
                mains = Employment.objects.filter(contact=self.contact, is_main=True)
                mains.exclude(pk=self.instance.pk).update(is_main=False)
            saved = super().save_row()
            mirror_main_employment(self.contact)
        return saved


class ConsentForm(RowForm):
    """Whether a channel may be used. Each save is a new row, so the history stays."""

    is_given = forms.TypedChoiceField(
        coerce=lambda value: value == "yes",
        choices=[("yes", _("Allowed")), ("no", _("Not allowed"))],
        label=_("May we"),
    )
    given_on = DayField(label=pgettext_lazy("day", "On"), initial=timezone.localdate)

    class Meta:
        model = Consent
        fields = ["channel", "is_given", "basis", "given_on", "note"]
        labels = {"channel": _("Channel"), "basis": _("Legal basis"), "note": _("How we know")}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        row = kwargs.pop("row", None)
        super().__init__(data, **kwargs)
        self.row = row
        if row:
            given = "yes" if row.is_given else "no"
            self.initial = {**self.initial, "channel": row.channel, "is_given": given, "basis": row.basis}

    def clean_given_on(self) -> date:
        """Return the day. Raises ValidationError for one that lies ahead."""
        day: date = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for the basis of what is allowed."""
        data = super().clean() or self.cleaned_data
        if data.get("is_given") and not data.get("basis"):
            self.add_error("basis", _("Choose the legal basis."))
        return data

    def save_row(self) -> Any:
        """Write a new row."""
        self.instance.recorded_by = self.user
        return super().save_row()


class PictureRowForm(forms.Form):
    """A row that is part of the contact's picture and so goes through `revise`: a point or an address."""

    key = ""

    def __init__(self, data: Any = None, *, contact: Contact, user: User, row: Any = None) -> None:
        self.contact, self.user, self.row = contact, user, row
        super().__init__(data, initial=self._initial(), auto_id="row_%s")

    def _initial(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in self.base_fields} if self.row else {}

    def _rows(self) -> list[Any]:
        """The other rows as they stand, without the one that is edited."""
        raise NotImplementedError

    def _write(self, rows: list[Any]) -> None:
        self.contact.revise({self.key: rows}, expected_version=self.contact.version, by=self.user)

    def remove(self) -> None:
        """Write the contact without this row."""
        self._write(self._rows())


class PointRowForm(PictureRowForm, PointForm):
    """One phone, email, link or handle."""

    key = "points"
    value = forms.CharField(max_length=300, label=_("Number, address or name"))

    field_order = ["kind", "value", "label", "is_preferred"]

    def _rows(self) -> list[Any]:
        rows = picture_of(self.contact)["points"]
        if self.row:
            rows.remove([self.row.kind, self.row.value, self.row.label, self.row.is_preferred])
        return one_preferred_each(rows)

    def save_row(self) -> None:
        """Write the contact with this point."""
        data = self.cleaned_data
        mine = [data["kind"], data["value"].strip(), data["label"].strip(), data["is_preferred"]]
        rows = self._rows()
        if data["is_preferred"]:
            rows = [[*row[:3], row[3] and row[0] != mine[0]] for row in rows]
        self._write(one_preferred_each([*rows, mine]))


class AddressRowForm(PictureRowForm, AddressForm):
    """One postal address."""

    key = "addresses"
    field_order = ["street", "postcode", "city", "region", "country", "label", "is_preferred"]

    def clean(self) -> dict[str, Any]:
        """Ask for something that can be written on an envelope."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.is_wanted:
            self.add_error("street", _("Write at least the street or the city."))
        return data

    def _rows(self) -> list[Any]:
        rows = picture_of(self.contact)["addresses"]
        if self.row:
            rows.remove(self._initial())
        return list(rows)

    def save_row(self) -> None:
        """Write the contact with this address."""
        rows, mine = self._rows(), {name: self.cleaned_data[name] for name in self.base_fields}
        if mine["is_preferred"]:
            rows = [{**row, "is_preferred": False} for row in rows]
        ordered = sorted([*rows, mine], key=lambda row: not row["is_preferred"])
        self._write([{**row, "is_preferred": n == 0} for n, row in enumerate(ordered)])


__all__ = [
    "AddressRowForm",
    "ConsentForm",
    "ContactPoint",
    "DateForm",
    "EmploymentForm",
    "FactForm",
    "OpenerForm",
    "PointRowForm",
    "RelationshipForm",
]
