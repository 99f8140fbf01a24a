"""The orders of the lists: what each column sorts by, as sections that an index serves."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q

from regulars.access.models import Team, User
from regulars.contacts.fields.values import SORTABLE, lowest_of, value_of
from regulars.contacts.filters.base import COMPANY, CONTACT, CUSTOM_PREFIX, Scope
from regulars.contacts.models import CustomField, Stage
from regulars.lib.keyset import Section, by

DEFAULT = "-last_contact"
NEWEST_FIRST = {"last_contact", "created", "touched"}  # what a first click on the column means

Order = Callable[[Scope, bool], list[Section]]


def _column(name: str) -> Order:
    return lambda scope, descending: by(name, descending=descending)


def _filled(name: str) -> Order:
    """A text column without an index of its own, blank ones last."""

    def order(scope: Scope, descending: bool) -> list[Section]:
        return [
            Section(F(name), descending, "v", ~Q(**{name: ""})),
            Section(F("pk"), descending, "n", Q(**{name: ""})),
        ]

    return order


def _company(scope: Scope, descending: bool) -> list[Section]:
    return [
        Section(F("company__sort_name"), descending, "v", Q(company__isnull=False)),
        Section(F("sort_name"), descending, "n", Q(company__isnull=True)),
    ]


def _rhythm(scope: Scope, descending: bool) -> list[Section]:
    """The longest overdue first; those without a rhythm last."""
    return [
        Section(
            F("rhythm__overdue_from"),
            descending,
            "v",
            Q(rhythm__overdue_from__gte=date.min),  # a bound makes SQLite walk the index on the rhythm
            tie=F("rhythm__contact_id"),
        ),
        Section(F("sort_name"), descending, "n", Q(rhythm__overdue_from__isnull=True)),
    ]


def _grouped(column: str, groups: Callable[[], Sequence[int]]) -> Order:
    """Group by group in the groups' own order, inside each the latest contact first; those without one last."""

    def order(scope: Scope, descending: bool) -> list[Section]:
        ids = list(groups())
        latest = F("last_contact_at")
        sections = [Section(latest, True, str(pk), Q(**{column: pk})) for pk in (reversed(ids) if descending else ids)]
        return [*sections, Section(latest, True, "n", Q(**{f"{column}__isnull": True}))]

    return order


def _ids(queryset: Any) -> Callable[[], list[int]]:
    return lambda: list(queryset.all().values_list("pk", flat=True))


_ORDERS: dict[str, tuple[Order, tuple[str, ...]]] = {
    "name": (_column("sort_name"), (CONTACT, COMPANY)),
    "last_contact": (_column("last_contact_at"), (CONTACT, COMPANY)),
    "created": (_column("created_at"), (CONTACT, COMPANY)),
    "touched": (_column("touched_at"), (CONTACT, COMPANY)),
    "company": (_company, (CONTACT,)),
    "rhythm": (_rhythm, (CONTACT,)),
    "stage": (_grouped("stage_id", _ids(Stage.objects.order_by("position", "pk"))), (CONTACT, COMPANY)),
    "owner": (_grouped("owner_id", _ids(User.objects.order_by("name", "pk"))), (CONTACT, COMPANY)),
    "team": (_grouped("team_id", _ids(Team.objects.order_by("name", "pk"))), (CONTACT, COMPANY)),
    "title": (_filled("job_title"), (CONTACT,)),
    "email": (_filled("email"), (CONTACT,)),
    "phone": (_filled("phone"), (CONTACT,)),
    "domain": (_filled("domain"), (COMPANY,)),
    "industry": (_filled("industry"), (COMPANY,)),
}


def can_sort(key: str, scope: Scope) -> bool:
    """Whether the list can be sorted by the column `key`."""
    if key.startswith(CUSTOM_PREFIX):
        field = scope.field(key.removeprefix(CUSTOM_PREFIX))
        return field is not None and field.kind in SORTABLE
    return key in _ORDERS and scope.host in _ORDERS[key][1]


def read_order(sort: str, scope: Scope) -> tuple[str, list[Section], CustomField | None]:
    """Return the order that `sort` ("name", "-created", "cf.size") means, in full: its name, sections and custom field.

    What the list can't be sorted by means the default: the latest contact first.
    """
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    if not can_sort(key, scope):
        key, descending, sort = DEFAULT.removeprefix("-"), True, DEFAULT
    if key.startswith(CUSTOM_PREFIX):
        field = scope.field(key.removeprefix(CUSTOM_PREFIX))
        if field is not None:
            return sort, by(value_of(field), descending=descending, nullable=True, lowest=lowest_of(field)), field
    return sort, _ORDERS[key][0](scope, descending), None


_SERVED = {
    "last_contact": ("owner_id", "stage_id", "last_contact_at"),
    "stage": ("owner_id", "stage_id", "last_contact_at"),
    "owner": ("owner_id", "stage_id", "last_contact_at"),
    "created": ("created_at",),
    "name": ("sort_name",),
}


def served_columns(key: str, scope: Scope) -> tuple[str, ...]:
    """Return the columns whose comparison the index of the order `key` serves as well.

    Companies have no index on stage and last contact together.
    """
    if key.startswith(CUSTOM_PREFIX):
        return (key,)
    columns = _SERVED.get(key, ())
    return columns if scope.host == CONTACT else tuple(column for column in columns if column != "stage_id")


def flipped(key: str, current: str) -> str:
    """Return what a click on the column `key` sorts by, when the list is sorted by `current`."""
    if current.removeprefix("-") == key:
        return key if current.startswith("-") else f"-{key}"
    return f"-{key}" if key in NEWEST_FIRST else key
