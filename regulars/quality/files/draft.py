"""A person or company as a file describes them, before anything is written."""

from dataclasses import dataclass, field
from typing import NamedTuple


class PartialDate(NamedTuple):
    """A day of the year, with or without the year."""

    year: int | None
    month: int
    day: int

    def __str__(self) -> str:
        """Return ISO 8601: "1980-03-22", or "--03-22" without a year."""
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}" if self.year else f"--{self.month:02d}-{self.day:02d}"


@dataclass(slots=True)
class Point:
    """A phone, email or link: its value, what it is called, and whether it is the preferred one."""

    value: str
    label: str = ""
    preferred: bool = False
    key: str = field(default="", compare=False)  # what it is compared by, worked out once: see `matching.key_of`


@dataclass(slots=True)
class Handle:
    """A name on a network or messenger."""

    network: str
    value: str


@dataclass(slots=True)
class Address:
    """A postal address; `street` may have several lines."""

    street: str = ""
    extra: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    label: str = ""
    preferred: bool = False

    def __bool__(self) -> bool:
        return bool(self.street or self.extra or self.city or self.region or self.postcode or self.country)


@dataclass(slots=True)
class NamedDate:
    """A date that matters, and what it is."""

    label: str
    date: PartialDate


@dataclass(slots=True)
class Related:
    """Somebody around the person, by name only."""

    label: str
    name: str


@dataclass(slots=True)
class Draft:
    """Everything one row or card says. `kind` is "contact" or "company" (a card or row without a person)."""

    row: int
    kind: str = "contact"
    prefix: str = ""
    given: str = ""
    middle: str = ""
    family: str = ""
    suffix: str = ""
    display: str = ""
    nickname: str = ""
    pronunciation: str = ""
    salutation: str = ""
    pronouns: str = ""
    job_title: str = ""
    department: str = ""
    company: str = ""
    company_domain: str = ""
    industry: str = ""
    size: str = ""
    emails: list[Point] = field(default_factory=list)
    phones: list[Point] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    links: list[Point] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)
    birthday: PartialDate | None = None
    dates: list[NamedDate] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stage: str = ""
    owner: str = ""
    source: str = ""
    introduced_by: str = ""
    language: str = ""
    time_zone: str = ""
    custom: dict[str, str] = field(default_factory=dict)
    photo: bytes | None = None
    external_id: str = ""

    @property
    def full_name(self) -> str:
        """The name as it is shown: the display name, else its parts, else the nickname."""
        parts = (self.given, self.middle, self.family)
        return self.display or " ".join(part for part in parts if part) or self.nickname

    @property
    def title(self) -> str:
        """Something to call the draft by, whatever it has."""
        points = self.emails or self.phones
        return self.full_name or self.company or (points[0].value if points else "")


_TEXTS = (
    "prefix", "given", "middle", "family", "suffix", "display", "nickname", "pronunciation", "salutation", "pronouns",
    "job_title", "department", "company", "company_domain", "industry", "size", "stage", "owner", "source",
    "introduced_by", "language",
    "time_zone", "external_id", "birthday", "photo",
)  # fmt: skip
_LISTS = ("emails", "phones", "addresses", "links", "handles", "dates", "related", "tags", "notes")


def merge(first: Draft, second: Draft, *, overwrite: bool) -> None:
    """Put what `second` says about the same person into `first`: into its gaps, or over it."""
    for name in _TEXTS:
        value = getattr(second, name)
        if value and (overwrite or not getattr(first, name)):
            setattr(first, name, value)
    for name in _LISTS:
        mine, theirs = getattr(first, name), getattr(second, name)
        setattr(first, name, mine + [value for value in theirs if value not in mine])
    first.custom = {**first.custom, **second.custom} if overwrite else {**second.custom, **first.custom}
