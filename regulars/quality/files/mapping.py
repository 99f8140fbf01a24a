"""Which column goes where: kept with an import, and remembered for the next file with the same headers."""

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any, Self

IGNORE = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Where the values of one column go.

    `target` is a key of `targets.TARGETS`, "custom:<key>" for a custom field, or "" to leave the column out.
    `label` names a point ("work"); columns with the same target family and `group` describe one point together.
    `order` is the order of dates: "dmy", "mdy" or "ymd".
    """

    target: str = IGNORE
    label: str = ""
    group: int = 0
    order: str = ""

    @classmethod
    def of(cls, spec: str) -> Self:
        """Return the column that `spec` describes: "phone/mobile#2", "given", or ""."""
        rest, _hash, group = spec.partition("#")
        target, _slash, label = rest.partition("/")
        return cls(target, label, int(group or 0))

    @property
    def spec(self) -> str:
        """What `of` reads."""
        label = f"/{self.label}" if self.label else ""
        return f"{self.target}{label}{f'#{self.group}' if self.group else ''}"

    @property
    def family(self) -> str:
        """The target without its part: "address" for "address.city"."""
        return self.target.partition(".")[0]


@dataclass(slots=True)
class Mapping:
    """The columns of a file in their order. `kind` is "contact" or "company"; `origin` the program, if known."""

    columns: list[Column]
    kind: str = "contact"
    origin: str = ""
    recognised: bool = False
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return {
            "kind": self.kind,
            "origin": self.origin,
            "recognised": self.recognised,
            "columns": [asdict(column) for column in self.columns],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the mapping that `as_json` wrote."""
        columns = [Column(**column) for column in data["columns"]]
        return cls(columns, data.get("kind", "contact"), data.get("origin", ""), data.get("recognised", False))

    @property
    def used(self) -> int:
        """How many columns go somewhere."""
        return sum(1 for column in self.columns if column.target)


def fingerprint(headers: list[str]) -> str:
    """Return what two files with the same headers in the same order have in common."""
    text = "\x1f".join(header.casefold().strip() for header in headers)
    return hashlib.sha256(text.encode()).hexdigest()
