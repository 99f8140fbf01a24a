"""Guessing what a column means, from its header and from its values."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from regulars.quality.files.known import known_mapping
from regulars.quality.files.mapping import IGNORE, Column, Mapping
from regulars.quality.files.targets import SYNONYMS, normal
from regulars.quality.files.values import guess_date_order

CLOSE_ENOUGH = 86
SINGLE = frozenset(
    {
        "display",
        "given",
        "middle",
        "family",
        "birthday",
        "company",
        "external_id",
        "stage",
        "owner",
        "source",
        "introduced_by",
    }
)

_LOOKS: list[tuple[str, re.Pattern[str]]] = [
    ("email", re.compile(r"^\S+@\S+\.\w+$")),
    ("link", re.compile(r"^(https?://|www\.)\S+$", re.I)),
    ("birthday", re.compile(r"^(19|20)\d\d-\d\d?-\d\d?( .*)?$|^\d\d?[./-]\d\d?[./-](19|20)?\d\d$")),
    ("phone", re.compile(r"^(\+|00|0|\()[\d ()./+-]{6,}\d$")),
]


_BORN = ("birth", "born", "gebur", "gebor", "naiss", "nasc", "nacim", "nasci", "urodz", "fødsel", "födel")
_NAMELIKE = re.compile(r"^[^\W\d_][\w'’.-]*( [^\W\d_][\w'’.-]*){1,3}$")
_NAMES = frozenset({"display", "given", "family", "nickname", "company"})


def mapping_for(headers: list[str], samples: Sequence[Sequence[str]], default_order: str = "dmy") -> Mapping:
    """Return the best mapping for a file with these headers and sample rows.

    `recognised` is true for a known export; anything else should be shown to the user before it is used.
    """
    columns = list(zip(*samples, strict=False)) if samples else [()] * len(headers)
    mapping = known_mapping(headers) or Mapping(_suggest_all(headers, columns))
    mapping.columns = [
        with_order(column, values, default_order) for column, values in zip(mapping.columns, columns, strict=True)
    ]
    return mapping


def with_order(column: Column, values: Iterable[str], default_order: str) -> Column:
    """Return `column` with the order of its dates, when it holds dates."""
    if column.family not in {"birthday", "date"} or column.order:
        return column
    order = guess_date_order(values, default_order)
    return Column(column.target, column.label, column.group, order)


def _suggest_all(headers: list[str], columns: Sequence[Sequence[str]]) -> list[Column]:
    taken: set[str] = set()
    found = []
    for header, values in zip(headers, columns, strict=True):
        column = suggest(header, values)
        if column.target in SINGLE and column.target in taken:
            column = Column()
        taken.add(column.target)
        found.append(column)
    return _with_somebody(_without_name_twice(found), columns)


def _with_somebody(found: list[Column], columns: Sequence[Sequence[str]]) -> list[Column]:
    """When no header says where the names are, take the first column whose values look like names."""
    if any(column.target in _NAMES for column in found):
        return found
    for index, values in enumerate(columns):
        filled = [value.strip() for value in values if value.strip()]
        namelike = sum(1 for value in filled if _NAMELIKE.match(value))
        if not found[index].target and filled and namelike >= 0.7 * len(filled):
            return [*found[:index], Column("display"), *found[index + 1 :]]
    return found


def _without_name_twice(columns: list[Column]) -> list[Column]:
    """ "Name" beside "First name" is the family name, unless there is one too."""
    targets = {column.target for column in columns}
    if "given" in targets and "family" not in targets and "display" in targets:
        return [Column("family") if column.target == "display" else column for column in columns]
    return columns


def suggest(header: str, values: Sequence[str] = ()) -> Column:
    """Return where a column probably goes; leaving it out is an answer too."""
    name = normal(re.sub(r"\(\d+\)$", "", header))
    by_header = by_name(name, SYNONYMS)
    by_values = _by_values(values)
    if by_values == "birthday" and not by_header and not any(stem in name for stem in _BORN):
        by_values = ""  # a day, but who knows which
    if by_values and by_header not in _agreeing(by_values):
        by_header = by_values if not by_header or by_values in {"email"} else by_header
    spec = by_header or IGNORE
    return Column("handle", name.title()) if spec == "handle" and name != "handle" else Column.of(spec)


def by_name(name: str, synonyms: dict[str, str]) -> str:
    """Return what a header means, as `normal` writes it, by its name or one almost like it; "" for nothing."""
    if name in synonyms:
        return synonyms[name]
    if len(name) < 4:
        return ""
    found = process.extractOne(name, synonyms.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return synonyms[found[0]] if found else ""


def _by_values(values: Sequence[str]) -> str:
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return ""
    for target, look in _LOOKS:
        if sum(1 for value in filled if look.match(value)) >= 0.8 * len(filled):
            return target
    return ""


def _agreeing(target: str) -> set[str]:
    """Targets that values looking like `target` do not speak against."""
    return {
        "email": {"email", "owner"},
        "phone": {"phone", "phone/mobile", "phone/work", "phone/home", "phone/fax", "external_id"},
        "birthday": {"birthday", "date"},
        "link": {"link", "company_domain", "handle"},
    }[target]
