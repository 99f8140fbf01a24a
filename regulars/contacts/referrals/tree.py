"""The referral tree of one introducer: read at once, counted by branch, shown a few branches at a time.

All that is below somebody is one recursive query over two indexed numbers (`Referral.node`, `by_node`): 10,000 people
take some hundredths of a second, so nothing about branches is kept that could go stale. A circle, which only an
undone merge could leave for a moment, ends by itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from regulars.access.models import User
from regulars.contacts.actions.bringing import node_of
from regulars.contacts.models import Company, Contact, Referral
from regulars.contacts.models.referrals import Introducer
from regulars.contacts.referrals.value import all_values

LIMIT = 50_000  # people that one tree shows; a business with more starts from a branch
FIRST = 60  # lines of the first picture
BREADTH = 25  # children shown before "more"
PART = 500  # people of a file that are named at once
ROOT = 0  # stands for the introducer in whose name the tree is drawn

_BELOW = """
WITH RECURSIVE below(node, by_node, contact_id, company_id) AS (
  SELECT node, by_node, contact_id, company_id FROM contacts_referral WHERE {column} = %s
  UNION
  SELECT r.node, r.by_node, r.contact_id, r.company_id FROM contacts_referral r JOIN below b ON r.by_node = b.node
)
SELECT node, by_node, CASE WHEN contact_id IS NOT NULL THEN EXISTS({contact}) ELSE EXISTS({company}) END
FROM below LIMIT %s
"""


@dataclass(slots=True)
class Branch:
    """Somebody in a tree. `people` are all below that the reader may know of, `direct` those brought by themselves.

    `holder` is loaded for those that are shown and None for somebody whom the reader may not know of. `values` are
    what the branch brought in, themselves included, in words by key.
    """

    node: int
    seen: bool
    direct: int = 0
    people: int = 0
    depth: int = 0
    brought_at: datetime | None = None
    how: str = ""
    parent: int = ROOT
    holder: Contact | Company | None = None
    sums: dict[str, Decimal] = field(default_factory=dict)
    children: list["Branch"] = field(default_factory=list)  # those that are shown
    more: int = 0  # children that are not shown

    @property
    def key(self) -> str:
        """ "contact-5" or "company-7"."""
        return f"{'company' if self.node % 2 else 'contact'}-{self.node // 2}"

    @property
    def is_company(self) -> bool:
        """Whether this is a company."""
        return bool(self.node % 2)

    @property
    def values(self) -> list[tuple[str, str]]:
        """Label and words of what the branch brought in."""
        return [(str(v.label), v.words(self.sums[v.key])) for v in all_values() if self.sums.get(v.key)]

    @property
    def how_words(self) -> str:
        """How they were brought, in words."""
        return str(Referral.How(self.how).label) if self.how else ""


class Tree:
    """Everybody below `root`, as far as `user` may know of them.

    People in between whom the reader may not know of stay as nameless branches where somebody visible came through
    them; they are not counted. Ten thousand people are plain numbers in a few dicts; only those shown become branches.
    """

    def __init__(self, root: Introducer, user: User) -> None:
        self.root, self.user = root, user
        self._parent: dict[int, int] = {}
        self._seen: dict[int, bool] = {}
        self._below: dict[int, list[int]] = {}
        self._people: dict[int, int] = {}
        self._sums: dict[int, dict[str, Decimal]] = {}
        self._read()
        self._order = self._generations()
        self._count()
        self.top = self._branch(ROOT)

    @property
    def is_cut(self) -> bool:
        """Whether there are more people than one tree shows."""
        return len(self._parent) > LIMIT

    def _read(self) -> None:
        root = node_of(self.root) if isinstance(self.root, Contact | Company) else None
        column, value = ("by_node", root) if root is not None else _column_of(self.root)
        for node, by_node, seen in _read_below(column, value, self.user):
            if node == root:  # a circle
                continue
            parent = ROOT if by_node is None or by_node == root else by_node
            self._parent[node], self._seen[node] = parent, bool(seen)
            self._below.setdefault(parent, []).append(node)

    def _generations(self) -> list[int]:
        order = [ROOT]
        for node in order:  # grows while it is read: generation by generation
            order.extend(self._below.get(node, ()))
        return order

    def _count(self) -> None:
        self._weigh()
        people, seen, parent = self._people, self._seen, self._parent
        for node in reversed(self._order[1:]):
            above = parent[node]
            people[above] = people.get(above, 0) + people.get(node, 0) + seen[node]
            for key, amount in self._sums.get(node, {}).items():
                sums = self._sums.setdefault(above, {})
                sums[key] = sums.get(key, Decimal(0)) + amount

    def _weigh(self) -> None:
        seen = [node for node in self._order if node and self._seen[node]] if all_values() else []
        contacts, companies = [n // 2 for n in seen if not n % 2], [n // 2 for n in seen if n % 2]
        for value in all_values():
            for node, amount in value.amounts(contacts, companies, self.user).items():
                if node in self._parent:
                    self._sums.setdefault(node, {})[value.key] = amount

    def _branch(self, node: int, depth: int = 0) -> Branch:
        return Branch(
            node,
            self._seen.get(node, True),
            direct=sum(self._seen[child] for child in self._below.get(node, ())),
            people=self._people.get(node, 0),
            depth=depth,
            parent=self._parent.get(node, ROOT),
            sums=self._sums.get(node, {}),
        )

    def children_of(self, node: int) -> list[int]:
        """Return who is to be shown below `node`: the largest branches first, then who came last."""
        people, seen = self._people, self._seen
        found = [child for child in self._below.get(node, ()) if seen[child] or people.get(child)]
        return sorted(found, key=lambda child: (-people.get(child, 0), -child))

    def picture(self, budget: int = FIRST) -> Branch:
        """Return the top with its largest branches opened, about `budget` lines in all; names are loaded."""
        shown = [self.top]
        for branch in shown:  # the largest first, one generation after the other
            room = budget - len(shown) + 1
            children = self.children_of(branch.node)
            if not children or (room < min(len(children), BREADTH) and branch.node != ROOT):
                continue
            self._open(branch, children, 0)
            shown.extend(branch.children)
        self._name(shown)
        return self.top

    def opened(self, start: int = 0) -> Branch:
        """Return the top with its children from number `start` on, for a branch that is opened by itself."""
        self._open(self.top, self.children_of(ROOT), start)
        self._name(self.top.children)
        return self.top

    def _open(self, branch: Branch, children: list[int], start: int) -> None:
        branch.children = [self._branch(child, branch.depth + 1) for child in children[start : start + BREADTH]]
        branch.more = max(len(children) - start - BREADTH, 0)

    def _name(self, branches: Iterable[Branch]) -> None:
        """Load who they are, when they came and how, as far as the reader may know of them. Three queries at most."""
        seen = {branch.node: branch for branch in branches if branch.node and branch.seen}
        for model, odd in ((Contact, 0), (Company, 1)):
            ids = [node // 2 for node in seen if node % 2 == odd]
            found: Mapping[int, Any] = model.objects.only("display_name").in_bulk(ids) if ids else {}
            for pk, holder in found.items():
                seen[pk * 2 + odd].holder = holder
        rows = Referral.objects.filter(node__in=list(seen)).values_list("node", "brought_at", "how")
        for node, at, how in rows if seen else ():
            seen[node].brought_at, seen[node].how = at, how

    def everyone(self, at_most: int = LIMIT) -> Iterator[Branch]:
        """Yield every branch with its name, each below the one it belongs to: for files."""
        waiting = [(node, 1) for node in reversed(self.children_of(ROOT))]
        taken, part = 0, list[Branch]()
        while waiting and taken < at_most:
            node, depth = waiting.pop()
            part.append(self._branch(node, depth))
            taken += 1
            waiting.extend((child, depth + 1) for child in reversed(self.children_of(node)))
            if len(part) == PART:
                yield from self._named(part)
                part = []
        yield from self._named(part)

    def _named(self, part: list[Branch]) -> list[Branch]:
        self._name(part)
        return part


def _column_of(root: Introducer) -> tuple[str, Any]:
    return ("by_user_id", root.pk) if isinstance(root, User) else ("by_partner", root)


def _read_below(column: str, value: Any, user: User) -> list[tuple[int, int | None, bool]]:
    """Node, whom they came through and whether `user` may know of them, of all below. One query.

    Each is looked up by its key while the tree is walked: joined, PostgreSQL took twice as long.
    """
    contact, of_contact = _seen_sql(Contact, "below.contact_id", user)
    company, of_company = _seen_sql(Company, "below.company_id", user)
    sql = _BELOW.format(column=column, contact=contact, company=company)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value, *of_contact, *of_company, LIMIT + 1])
        return list(cursor.fetchall())


def _seen_sql(model: type[Contact | Company], key: str, user: User) -> tuple[str, tuple[Any, ...]]:
    rows = model.objects.visible_to(user).filter(pk=RawSQL(key, [])).values("pk")  # noqa: S611  (a name of our own)
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    return sql, tuple(params)
