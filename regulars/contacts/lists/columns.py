"""The columns of the lists: what each needs from the database, and how its cell is drawn and written into files.

Rows are drawn here and not by templates: fifty rows of five included templates cost more than the page's queries.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape as escape_text
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import Visibility
from regulars.contacts.fields import custom
from regulars.contacts.filters.base import COMPANY, CONTACT, CUSTOM_PREFIX, Scope
from regulars.contacts.models import NEVER, CustomField, Opener
from regulars.lib import moments
from regulars.lib.prepared import prepared
from regulars.lib.templatetags.regulars import avatar, badge

Holder = Any


def escape(text: object) -> str:
    """Escape for HTML; quicker than Django's, which looks for lazy arguments first."""
    return escape_text(str(text))


EMPTY = mark_safe("")
TAGS_SHOWN = 3
RHYTHM = [f"rhythm__{name}" for name in ("usual_days", "wish_days", "segment_days", "since")]


class Column:
    """A column of text. `only`, `joins` and `prefetches` are what it reads."""

    joins: ClassVar[Sequence[str]] = ()
    prefetches: ClassVar[Sequence[str]] = ()
    classes: ClassVar[str] = ""

    def __init__(self, key: str, label: str | Promise, only: Sequence[str] = (), source: str = "") -> None:
        self.key, self.label, self.only, self.source = key, label, only or ([source] if source else ()), source

    def prepare(self, rows: Sequence[Holder], scope: Scope) -> None:
        """Load what the rows of a page need beyond `for_list`."""

    def text(self, row: Holder, scope: Scope) -> str:
        """Return the value as it goes into a file."""
        return str(getattr(row, self.source) or "")

    def cell(self, row: Holder, scope: Scope) -> str:
        """Return the value as HTML, escaped."""
        return escape(self.text(row, scope))


class NameColumn(Column):
    """Who it is, and the one sentence that matters: what to ask about, else what they do."""

    classes = "w-full max-w-0 min-w-56"

    def prepare(self, rows: Sequence[Holder], scope: Scope) -> None:
        """Load the newest open opener of each person."""
        if scope.host != CONTACT:
            return
        known: dict[int, str] = dict(_openers_of([row.pk for row in rows]))
        for row in rows:
            row.opener = known.get(row.pk, "")

    def text(self, row: Holder, scope: Scope) -> str:
        """The name."""
        return str(row.display_name)

    def cell(self, row: Holder, scope: Scope) -> str:
        """Avatar, name as a link over the whole row, sentence."""
        shape = "" if scope.host == CONTACT else "square"
        return (
            f'<div class="flex items-center gap-3">{avatar(row, "", shape)}<div class="min-w-0">'
            f'<a class="cover block truncate" href="{_address(row, scope)}" dir="auto">{escape(row.display_name)}</a>'
            f'<p class="row-detail truncate font-normal">{self._sentence(row, scope)}</p></div></div>'
        )

    def _sentence(self, row: Holder, scope: Scope) -> str:
        if opener := getattr(row, "opener", ""):
            ask = _("Ask about:")  # not inside the braces, where makemessages would not find it
            return f'{escape(ask)} <span dir="auto">{escape(opener)}</span>'
        if scope.host == COMPANY:
            return escape(" · ".join(part for part in (row.industry, row.domain) if part))
        work = (row.job_title, company_name(row, scope))
        return escape(" · ".join(part for part in work if part) or row.email or row.phone)


@prepared
def _openers_of(people: list[int]) -> QuerySet[Opener, Any]:
    openers = Opener.objects.filter(contact__in=people, asked_at=None)
    return openers.order_by("noted_at", "pk").values_list("contact_id", "text")


class PersonColumn(NameColumn):
    """The name column of people: photo and company come along."""

    joins = ("profile", "company")


class CompanyColumn(Column):
    """Where they work, if the colleague may know of that company."""

    joins = ("company",)

    def text(self, row: Holder, scope: Scope) -> str:
        """The company's name."""
        return company_name(row, scope)

    def cell(self, row: Holder, scope: Scope) -> str:
        """A link to the company."""
        name = company_name(row, scope)
        if not name:
            return ""
        return f'<a class="relative z-1 hover:underline" href="{_url("company", row.company_id)}">{escape(name)}</a>'


class StageColumn(Column):
    """The lifecycle stage; brick red for those who slipped away."""

    joins = ("stage",)

    def text(self, row: Holder, scope: Scope) -> str:
        """The stage's name."""
        return str(row.stage.name) if row.stage else ""

    def cell(self, row: Holder, scope: Scope) -> str:
        """A badge."""
        if not row.stage:
            return ""
        return badge(row.stage.name, "risk" if row.stage.key == "lapsed" else "secondary")


class OwnerColumn(Column):
    """The point of contact."""

    joins = ("owner",)
    classes = "whitespace-nowrap"

    def text(self, row: Holder, scope: Scope) -> str:
        """Their name."""
        return str(row.owner) if row.owner else ""


class TeamColumn(Column):
    """The team."""

    joins = ("team",)

    def text(self, row: Holder, scope: Scope) -> str:
        """Its name."""
        return str(row.team) if row.team else ""


class TagsColumn(Column):
    """The tags; three are shown, all are written into files."""

    prefetches = ("tags",)

    def text(self, row: Holder, scope: Scope) -> str:
        """All names."""
        return "; ".join(tag.name for tag in row.tags.all())

    def cell(self, row: Holder, scope: Scope) -> str:
        """A chip each."""
        names = [tag.name for tag in row.tags.all()]
        more = f'<span class="quiet">+{len(names) - TAGS_SHOWN}</span>' if len(names) > TAGS_SHOWN else ""
        chips = "".join(
            f'<span class="chip max-w-40"><span class="truncate">{escape(name)}</span></span>'
            for name in names[:TAGS_SHOWN]
        )
        return f'<div class="chips flex-nowrap">{chips}{more}</div>' if names else ""


class SourceColumn(Column):
    """How they found us."""

    joins = ("profile__source",)

    def text(self, row: Holder, scope: Scope) -> str:
        """The source's name."""
        profile = row._state.fields_cache.get("profile")
        return str(profile.source) if profile and profile.source else ""


class CityColumn(Column):
    """The city of the preferred address."""

    prefetches = ("addresses",)

    def text(self, row: Holder, scope: Scope) -> str:
        """The first city there is."""
        return next((address.city for address in row.addresses.all() if address.city), "")


class EmailColumn(Column):
    """The preferred email."""

    def cell(self, row: Holder, scope: Scope) -> str:
        """A link to write."""
        mail = escape(row.email)
        return f'<a class="relative z-1 hover:underline" href="mailto:{mail}">{mail}</a>' if mail else ""


class PhoneColumn(Column):
    """The preferred phone number."""

    classes = "whitespace-nowrap tabular-nums"

    def cell(self, row: Holder, scope: Scope) -> str:
        """A link to call."""
        phone = escape(row.phone)
        number = "".join(c for c in row.phone if c.isdigit() or c == "+")
        return f'<a class="relative z-1 hover:underline" href="tel:{number}">{phone}</a>' if phone else ""


class MomentColumn(Column):
    """A moment, short; "never" for those with whom there was none."""

    classes = "whitespace-nowrap tabular-nums"

    def text(self, row: Holder, scope: Scope) -> str:
        """The moment as ISO 8601, in the reader's zone."""
        moment: datetime = getattr(row, self.source)
        return "" if moment == NEVER else timezone.localtime(moment).isoformat(timespec="minutes")

    def cell(self, row: Holder, scope: Scope) -> str:
        """The short form, the long one as its title."""
        moment: datetime = getattr(row, self.source)
        if moment == NEVER:
            never = _("never")
            return f'<span class="text-muted-foreground">{escape(never)}</span>'
        return (
            f'<time datetime="{moment.isoformat()}" title="{escape(moments.full(moment))}">'
            f"{escape(moments.short(moment))}</time>"
        )


class RhythmColumn(Column):
    """How often they are in touch; brick red once they are overdue."""

    joins = ("rhythm",)
    classes = "whitespace-nowrap tabular-nums"

    def text(self, row: Holder, scope: Scope) -> str:
        """The gap in days, and by how many days they are overdue: "9 (overdue 12)"."""
        kept = row._state.fields_cache.get("rhythm")
        if kept is None or not kept.is_known:
            return ""
        days = kept.overdue_by(timezone.localdate())
        return f"{kept.every} (+{days})" if days else str(kept.every)

    def cell(self, row: Holder, scope: Scope) -> str:
        """Overdue by 12 days, else every 9 days."""
        kept = row._state.fields_cache.get("rhythm")
        if kept is None or not kept.is_known:
            return ""
        if days := kept.overdue_by(timezone.localdate()):
            return badge(ngettext("Overdue by %(days)d day", "Overdue by %(days)d days", days) % {"days": days}, "risk")
        return escape(ngettext("every day", "every %(count)d days", kept.every) % {"count": kept.every})


class CustomColumn(Column):
    """A custom field."""

    def __init__(self, field: CustomField) -> None:
        super().__init__(f"{CUSTOM_PREFIX}{field.key}", field.label, only=["custom"])
        self.field = field
        self.people: dict[int, str] = {}
        if field.kind in (CustomField.Kind.NUMBER, CustomField.Kind.MONEY):
            self.classes = "num"  # type: ignore[misc]

    def prepare(self, rows: Sequence[Holder], scope: Scope) -> None:
        """Load the names of the people whom the field points to, if it is one that does."""
        self.people = custom.people_in([self.field], [row.custom for row in rows], scope.user)

    def text(self, row: Holder, scope: Scope) -> str:
        """The value as it comes back through an import."""
        return custom.as_text(self.field, row.custom.get(self.field.key), self.people)

    def cell(self, row: Holder, scope: Scope) -> str:
        """The value as people read it, cut when it is long."""
        stored = row.custom.get(self.field.key)
        text = escape(custom.display(self.field, stored, scope.organisation, people=self.people))
        if self.field.kind == CustomField.Kind.LINK and text:
            return f'<a class="relative z-1 hover:underline" rel="noopener nofollow" href="{text}">{text}</a>'
        return f'<span class="line-clamp-2 min-w-24">{text}</span>' if len(text) > 30 else text


def _columns() -> dict[str, dict[str, Column]]:
    common: list[Column] = [
        StageColumn("stage", gettext_lazy("Stage"), only=["stage__name", "stage__key"]),
        TagsColumn("tags", gettext_lazy("Tags")),
        MomentColumn("last_contact", gettext_lazy("Last contact"), source="last_contact_at"),
        OwnerColumn("owner", gettext_lazy("Point of contact"), only=["owner__name", "owner__email"]),
        TeamColumn("team", gettext_lazy("Team"), only=["team__name"]),
        CityColumn("city", gettext_lazy("City")),
        MomentColumn("created", gettext_lazy("Added"), source="created_at"),
        MomentColumn("touched", gettext_lazy("Changed"), source="touched_at"),
    ]
    company = ["company__display_name", "company__visibility", "company__owner", "company__team"]
    person = ["job_title", "email", "phone", "profile__photo", *company, "company__binned_at"]
    people: list[Column] = [
        PersonColumn("name", gettext_lazy("Name"), only=person),
        CompanyColumn("company", gettext_lazy("Company"), only=[*company, "company__binned_at"]),
        Column("title", gettext_lazy("Role"), source="job_title"),
        EmailColumn("email", gettext_lazy("Email"), source="email"),
        PhoneColumn("phone", gettext_lazy("Phone"), source="phone"),
        SourceColumn("source", gettext_lazy("Source"), only=["profile__source__name"]),
        RhythmColumn("rhythm", gettext_lazy("Rhythm"), only=RHYTHM),
        *common,
    ]
    companies: list[Column] = [
        NameColumn("name", gettext_lazy("Name"), only=["industry", "domain"]),
        Column("industry", gettext_lazy("Industry"), source="industry"),
        Column("domain", gettext_lazy("Web domain"), source="domain"),
        Column("size", gettext_lazy("Size"), source="size"),
        *common,
    ]
    return {
        CONTACT: {column.key: column for column in people},
        COMPANY: {column.key: column for column in companies},
    }


_known = _columns()
_modules: dict[str, str] = {}  # columns that need a module
DEFAULT = {
    CONTACT: ("name", "stage", "last_contact", "owner"),
    COMPANY: ("name", "stage", "last_contact", "owner"),
}


def register_column(host: str, column: Column, module: str = "") -> None:
    """Let an upper context bring a column for the list of `host`, shown while `module` is on; in `apps.ready()`."""
    _known[host][column.key] = column
    if module:
        _modules[column.key] = module


def _is_on(column: Column, scope: Scope) -> bool:
    module = _modules.get(column.key)
    return not module or scope.organisation is None or scope.organisation.has_module(module)


def all_columns(scope: Scope) -> list[Column]:
    """Return every column that a list can show, those of custom fields last."""
    own = [column for column in _known[scope.host].values() if _is_on(column, scope)]
    return [*own, *(CustomColumn(field) for field in scope.fields)]


def columns_for(asked: str, scope: Scope) -> list[Column]:
    """Return the columns named in `asked` ("name,stage,cf.size"), or the usual ones; the name always comes first."""
    keys = list(dict.fromkeys(key for key in asked.split(",") if key)) or list(DEFAULT[scope.host])
    found = [column for key in keys if (column := _column(key, scope)) and key != "name"]
    return [_known[scope.host]["name"], *found]


def _column(key: str, scope: Scope) -> Column | None:
    if key.startswith(CUSTOM_PREFIX):
        field = scope.field(key.removeprefix(CUSTOM_PREFIX))
        return CustomColumn(field) if field else None
    return _known[scope.host].get(key)


def company_name(row: Holder, scope: Scope) -> str:
    """Return the name of the company where a person works, "" if `scope.user` may not know of it.

    The same rule as `access.door.visibility_filter`, for a record that is loaded already.
    """
    company = row.company
    if company is None or company.binned_at is not None:
        return ""
    user = scope.user
    open_to = (
        user.sees_all
        or company.visibility == Visibility.EVERYONE
        or company.owner_id == user.pk
        or (company.visibility == Visibility.TEAM and company.team_id in scope.team_ids)
    )
    return str(company.display_name) if open_to else ""


def draw_rows(rows: Iterable[Holder], columns: Sequence[Column], scope: Scope, *, choose: bool) -> SafeString:
    """Return the rows of the table; with `choose` each has a checkbox."""
    drawn = []
    choose_words = str(_("Choose %(name)s"))
    labels = [escape(column.label) for column in columns]
    for row in rows:
        box = ""
        if choose:
            label = escape(choose_words % {"name": row.display_name})
            box = (
                '<td class="choose"><input type="checkbox" class="input relative z-1" data-select name="ids" '
                f'value="{row.pk}" aria-label="{label}"></td>'
            )
        cells = [f'<th scope="row" class="{columns[0].classes}">{columns[0].cell(row, scope)}</th>']
        for column, words in zip(columns[1:], labels[1:], strict=True):
            cells.append(f'<td class="{column.classes}" data-label="{words}">{column.cell(row, scope)}</td>')
        drawn.append(f"<tr data-row>{box}{''.join(cells)}</tr>")
    return mark_safe("\n".join(drawn))  # noqa: S308  (each cell escapes what it shows)


def _address(row: Holder, scope: Scope) -> str:
    return _url(scope.host, row.pk)


def _url(name: str, pk: int) -> str:
    """Reverse once for each name: reversing fifty addresses costs as much as a query."""
    if name not in _urls:
        _urls[name] = reverse(name, args=[0])
    return _urls[name].replace("/0/", f"/{pk}/")


_urls: dict[str, str] = {}
