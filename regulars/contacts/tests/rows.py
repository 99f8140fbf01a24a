"""A row of any table, made by looking at its columns: for tests that every table has to pass."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

from regulars.access.models import Operation, User
from regulars.contacts.models import Company, Contact
from regulars.contacts.tests.factories import make_company, make_contact
from regulars.timeline.models import Entry

_numbers = count(1)

# What the constraints of a table ask for.
THE_ONLY_ONE = {"pk": 1}  # of tables with one row, whatever number the database would give it
VALUES: dict[str, dict[str, Any]] = {
    "contacts.contactpoint": {"kind": "email", "key": "a@b.example", "value": "a@b.example"},
    "contacts.importantdate": {"kind": "birthday", "day": 3, "month": 4},
    "insights.goal": {"starts_on": date(2026, 1, 2), "ends_on": date(2026, 3, 2)},
    "insights.tiersettings": THE_ONLY_ONE,
    "insights.winbackfigures": THE_ONLY_ONE,
    "orders.programme": THE_ONLY_ONE,
    "insights.tierchange": {"before": "", "after": "gold"},
    "orders.customerfacts": {"first_on": date(2026, 1, 2), "last_on": date(2026, 1, 2), "orders": 1, "days": 1},
}


def make_row(model: type[models.Model], by: User, **links: Any) -> models.Model:
    """Keep a row of `model` with something in every column that needs it."""
    values: dict[str, Any] = {**VALUES.get(model._meta.label_lower, {}), **links}
    names = {field.name for field in model._meta.concrete_fields}
    if "contact" in names and "company" in names and not {"contact", "company"} & values.keys():
        values["contact"] = make_contact(f"Other {next(_numbers)}")
    if "by_contact" in names and not {"by_contact", "by_company"} & values.keys():
        values["by_contact"] = make_contact(f"Other {next(_numbers)}")
    for field in model._meta.concrete_fields:
        if isinstance(field, models.AutoField) or field.name in values or field.has_default() or field.null:
            continue
        if not (field.blank and isinstance(field, models.CharField | models.TextField)):
            values[field.name] = _something(field, by)
    row = model(**values)
    model._base_manager.bulk_create([row])
    return row


def _something(field: Any, by: User) -> Any:
    number, now = next(_numbers), timezone.now()
    if isinstance(field, models.ForeignKey):
        return _other(field.remote_field.model, by)
    if field.choices:
        return field.choices[0][0]
    kinds: tuple[tuple[type, Any], ...] = (
        (models.DateTimeField, now), (models.DateField, now.date() - timedelta(days=number)),
        (models.BooleanField, False), (models.JSONField, {}), (models.FileField, ""),
    )  # fmt: skip
    for kind, value in kinds:
        if isinstance(field, kind):
            return value
    if isinstance(field, models.CharField | models.TextField):
        return f"{number:x}"[-field.max_length :] if (field.max_length or 9) < 6 else f"w{number}"
    return 1


def _other(model: type[models.Model], by: User) -> models.Model:
    made: dict[type[models.Model], Any] = {
        User: lambda: by,
        Contact: lambda: make_contact(f"Other {next(_numbers)}"),
        Company: lambda: make_company(f"Other {next(_numbers)}"),
        Entry: lambda: Entry.objects.create(kind="note", occurred_at=timezone.now(), text="x", author=by),
        Operation: lambda: Operation.objects.create(kind="merge", title="x", by=by),
    }
    return made[model]() if model in made else make_row(model, by)
