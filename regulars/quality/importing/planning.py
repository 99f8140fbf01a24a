"""What becomes of each row of a batch, before anything is written: the same plan serves the preview and the import."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from regulars.access.models import User
from regulars.lib.text import fold
from regulars.quality.files.build import Problem
from regulars.quality.files.draft import Draft
from regulars.quality.importing.matching import Keys, Matcher, find_companies, is_same
from regulars.quality.importing.references import References
from regulars.quality.importing.source import Item
from regulars.quality.models import Import


class Act(Enum):
    """What happens with a row."""

    CREATE = "created"
    UPDATE = "updated"
    JOIN = "joined"
    SKIP = "skipped"
    FAIL = "failed"


@dataclass(slots=True)
class Step:
    """One row with its decision. `known` is the id to update, `into` the index of the row that it joins."""

    item: Item
    act: Act
    problems: list[Problem] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    known: int | None = None
    into: int | None = None

    @property
    def draft(self) -> Draft:
        """The row's draft."""
        return self.item.built.draft


@dataclass(slots=True)
class Seen:
    """Keys of rows that are new: those of this batch, and for a preview those of all batches before."""

    keys: dict[int, tuple[int, str]] = field(default_factory=dict)

    def find(self, keys: Keys, name: str) -> int | None:
        """Return the index of the earlier row that these keys belong to."""
        for kind, key in keys.all():
            hit = self.keys.get(hash((kind, key)))
            if hit is not None and is_same(kind, key, name, hit[1]):
                return hit[0]
        return None

    def add(self, keys: Keys, name: str, index: int) -> None:
        """Remember a new row."""
        for kind, key in keys.all():
            self.keys.setdefault(hash((kind, key)), (index, name))


@dataclass(slots=True)
class Plan:
    """The decisions for a batch, and the ids of companies it names that are known."""

    steps: list[Step]
    companies: dict[str, int]

    def company_for(self, draft: Draft) -> int | None:
        """Return the id of the known company that a draft names."""
        by_domain = self.companies.get(f"@{draft.company_domain}") if draft.company_domain else None
        return by_domain or self.companies.get(fold(draft.company)[:300])


def plan(items: Sequence[Item], user: User, policy: str, references: References, seen: Seen) -> Plan:
    """Decide about each item. Reads the database a fixed number of times, writes nothing.

    `seen` gets the new rows; pass an empty one for each batch when the batches before are in the database already.
    """
    drafts = [item.built.draft for item in items]
    keys = [item.keys for item in items]
    matcher = Matcher(user, drafts, keys)
    domains = {draft.company_domain for draft in drafts if draft.company_domain}
    companies = find_companies(user, {k.company for k in keys if k.company}, domains)
    made = Plan([], companies)
    for index, item in enumerate(items):
        problems = list(item.built.problems)
        custom: dict[str, Any] = {}
        if item.built.draft.custom:
            custom, wrong = references.custom_of(item.built.draft)
            problems += wrong
        if problems:
            made.steps.append(Step(item, Act.FAIL, problems))
        elif item.built.draft.kind == "company":
            made.steps.append(_company_step(item, custom, index, made, policy, seen))
        else:
            known = None if policy == Import.Policy.CREATE else matcher.contact_for(index)
            made.steps.append(_contact_step(item, custom, index, known, policy, seen))
    return made


def _contact_step(item: Item, custom: dict[str, Any], index: int, known: int | None, policy: str, seen: Seen) -> Step:
    if known is not None:
        return Step(item, Act.SKIP if policy == Import.Policy.SKIP else Act.UPDATE, custom=custom, known=known)
    name = item.built.draft.full_name
    if policy != Import.Policy.CREATE and (into := seen.find(item.keys, name)) is not None:
        return Step(item, Act.SKIP if policy == Import.Policy.SKIP else Act.JOIN, custom=custom, into=into)
    seen.add(item.keys, name, index)
    return Step(item, Act.CREATE, custom=custom)


def _company_step(item: Item, custom: dict[str, Any], index: int, made: Plan, policy: str, seen: Seen) -> Step:
    known = None if policy == Import.Policy.CREATE else made.company_for(item.built.draft)
    own = Keys(external_id=f"company {item.keys.company}")
    if known is not None:
        return Step(item, Act.SKIP if policy == Import.Policy.SKIP else Act.UPDATE, custom=custom, known=known)
    if policy != Import.Policy.CREATE and (into := seen.find(own, "")) is not None:
        return Step(item, Act.SKIP if policy == Import.Policy.SKIP else Act.JOIN, custom=custom, into=into)
    seen.add(own, "", index)
    return Step(item, Act.CREATE, custom=custom)
