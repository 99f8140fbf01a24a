"""Who is gold, who is silver, and why: counted every night, and when somebody asks for it.

Sums are read by SQL into NumPy, everybody is ranked at once (see value/ranking.py for the rule at the edge), and only
rows that differ are written, in batches. People and companies are ranked among themselves. A million customers take
well under half a minute.

A rank that moved by less than one in a hundred is left as it stands when more than ten thousand are ranked and it is
not gold or silver: every purchase moves a million ranks by one, and nobody reads the difference.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from regulars.access import operations
from regulars.access.home import at_home_of
from regulars.access.models import Operation, User
from regulars.insights.tables.standing import Standing, Tier, TierRun, TierSettings, since_of
from regulars.insights.value import moves, ranking, reading, rfm, writing
from regulars.lib import fast
from regulars.lib.hands import many_hands

if TYPE_CHECKING:
    from numpy.typing import NDArray

KIND = "tiers"
KINDS = ("contact", "company")
BATCH = 20_000
EXACT_UP_TO = 10_000
NAMES = (Tier.NONE.value, Tier.SILVER.value, Tier.GOLD.value)
WRITTEN = ("tier", "previous", "tier_since", "below_since", "value", "top_value", "rank", "r", "f", "m", "segment")
COLUMN = {"revenue": "value", "margin": "margin", "visits": "days"}


@dataclass
class Plan:
    """What is to be written for people or for companies, worked out in full before the first row is."""

    kind: str
    today: date
    settings: TierSettings
    is_silent: bool
    new: "NDArray[Any]"  # id, tier, below, value, rank, r, f, m, segment of everybody, by id
    old: "NDArray[Any]"
    known: "NDArray[Any]"
    before: "NDArray[Any]"  # the tier that each was in
    changed: "NDArray[Any]"  # places in `new` that are inserted or updated
    gone: list[int]  # ids of rows that go
    run: TierRun
    begun: float = field(default_factory=monotonic)

    def batches(self) -> "Iterator[NDArray[Any]]":
        """The places of `changed`, some thousands at a time."""
        for start in range(0, len(self.changed), BATCH):
            yield self.changed[start : start + BATCH]


def make_plan(kind: str, today: date, settings: TierSettings, *, fresh: bool = False) -> Plan:
    """Work out where everybody of `kind` stands. Reads only.

    `fresh`: the settings were changed, so nobody is held at an edge and nobody has moved by themselves.
    """
    import numpy as np

    begun = monotonic()
    facts, old = reading.facts(kind), reading.standings(kind)
    found = reading.match(facts["id"], old["id"])
    is_known = found.known >= 0
    before, below = (_of_known(old[name], found.known, is_known) for name in ("tier", "below"))
    held = np.zeros_like(before) if fresh else before
    values = _values(kind, facts, settings, today)
    ranks = ranking.rank(values, facts["last"], facts["id"], settings.gold, settings.silver)
    tiers, since = ranking.tiers(ranks, values, held, below, today.toordinal())
    r = rfm.scores(today.toordinal() - facts["last"], low_is_good=True)
    f, m = rfm.scores(facts["orders"]), rfm.scores(facts["value"])
    new = reading.joined(
        id=facts["id"], tier=tiers, below=since, value=values, rank=ranks.ranks, r=r, f=f, m=m,
        segment=rfm.segments(r, f, m),
    )  # fmt: skip
    run = TierRun(kind=kind, measure=settings.measure, months=settings.months, of=ranks.of)
    run.edges = {NAMES[tier]: edge for tier, edge in ranks.edges.items()}
    run.figures = figures_of(new, values[ranks.order])
    changed = np.flatnonzero(~is_known | _differs(new, old, found.known, ranks.of))
    return Plan(
        kind, today, settings, fresh or not len(old), new, old, found.known, before, changed,
        old["pk"][found.gone].tolist(), run, begun,
    )  # fmt: skip


def _of_known(column: "NDArray[Any]", known: "NDArray[Any]", is_known: "NDArray[Any]") -> "NDArray[Any]":
    import numpy as np

    found = np.zeros(len(known), dtype=column.dtype)
    found[is_known] = column[known[is_known]]
    return found


def _values(kind: str, facts: "NDArray[Any]", settings: TierSettings, today: date) -> "NDArray[Any]":
    column, since = COLUMN[settings.measure], since_of(settings.months, today)
    return facts[column].astype("i8") if since is None else reading.of_window(kind, facts["id"], column, since)


def _differs(new: "NDArray[Any]", old: "NDArray[Any]", known: "NDArray[Any]", of: int) -> "NDArray[Any]":
    """Which rows are not what stands in the database; only asked for those that stand there."""
    import numpy as np

    if not len(old):
        return np.zeros(len(new), dtype=bool)
    there = old[np.maximum(known, 0)]
    differs = np.zeros(len(new), dtype=bool)
    for name in ("tier", "below", "value", "r", "f", "m", "segment"):
        differs |= new[name] != there[name]
    step = np.abs(new["rank"].astype("i8") - there["rank"])
    allowed = np.where((of > EXACT_UP_TO) & (new["tier"] == ranking.NONE), there["rank"] // 100, 0)
    differs |= (step > allowed) | ((new["rank"] == 0) != (there["rank"] == 0))
    return differs & (known >= 0)


def figures_of(new: "NDArray[Any]", best_first: "NDArray[Any]") -> dict[str, Any]:
    """Return what the page shows without counting; see TierRun."""
    import numpy as np

    cells = new["r"].astype("i4") * 10 + new["f"]
    many, worth = np.bincount(cells, minlength=60), np.bincount(cells, weights=new["value"], minlength=60)
    return {
        "curve": ranking.curve(best_first),
        "top": {str(percent): ranking.share_of_top(best_first, percent) for percent in (10, 20)},
        "total": int(best_first.sum()),
        "tiers": _counts(new["tier"], new["value"], NAMES),
        "segments": _counts(new["segment"], new["value"], rfm.CODES),
        "grid": [[r, f, int(many[r * 10 + f]), int(worth[r * 10 + f])] for r in range(5, 0, -1) for f in range(1, 6)],
    }


def _counts(codes: "NDArray[Any]", values: "NDArray[Any]", names: tuple[str, ...]) -> dict[str, list[int]]:
    import numpy as np

    many = np.bincount(codes, minlength=len(names))
    worth = np.bincount(codes, weights=values, minlength=len(names))
    return {name: [int(many[place]), int(worth[place])] for place, name in enumerate(names)}


def write_batch(plan: Plan, places: "NDArray[Any]") -> None:
    """Insert or update these rows, and note who came into another tier. In the caller's transaction."""
    is_new = plan.known[places] < 0
    _insert(plan, places[is_new])
    _update(plan, places[~is_new])
    if not plan.is_silent:
        moves.note(plan.kind, _moved(plan, places), plan.today, plan.run)


def _moved(plan: Plan, places: "NDArray[Any]") -> list[moves.Moved]:
    """Whose tier is another one now, of these rows."""
    differing = places[plan.before[places] != plan.new["tier"][places]]
    return [
        moves.Moved(pk, NAMES[before], NAMES[tier], value, rank or None)
        for (pk, tier, _below, value, rank, *_scores), before in zip(
            plan.new[differing].tolist(), plan.before[differing].tolist(), strict=True
        )
    ]


def _insert(plan: Plan, places: "NDArray[Any]") -> None:
    holder, rows = f"{plan.kind}_id", []
    for pk, tier, below, value, rank, r, f, m, segment in plan.new[places].tolist():
        rows.append(
            {
                holder: pk, "tier": NAMES[tier], "previous": NAMES[0], "tier_since": plan.today,
                "below_since": date.fromordinal(below) if below else None, "value": value,
                "top_value": value if tier else None, "rank": rank or None,
                "r": r, "f": f, "m": m, "segment": rfm.CODES[segment],
            }
        )  # fmt: skip
    fast.insert(Standing, rows)


def _update(plan: Plan, places: "NDArray[Any]") -> None:
    """Rows whose tier stays keep since when and what it was before: two statements."""
    old = plan.old[plan.known[places]]
    today = plan.today.isoformat()
    stayed: list[Any] = []
    moved: list[Any] = []
    for row, pk, before in zip(plan.new[places].tolist(), old["pk"].tolist(), old["tier"].tolist(), strict=True):
        _id, tier, below, value, rank, *scores, segment = row
        rest = (date.fromordinal(below).isoformat() if below else None, value, value if tier else None,
                rank or None, *scores, rfm.CODES[segment], pk)  # fmt: skip
        if tier == before:
            stayed.append(rest)
        else:
            moved.append((NAMES[tier], NAMES[before], today, *rest))
    writing.update(Standing, WRITTEN[3:], stayed)
    writing.update(Standing, WRITTEN, moved)


def finish(plan: Plan) -> TierRun:
    """Take away who has bought nothing any more, and keep what was found."""
    for start in range(0, len(plan.gone), 500):
        Standing.objects.filter(pk__in=plan.gone[start : start + 500]).delete()
    run = plan.run
    run.changed = 0 if plan.is_silent else int((plan.before != plan.new["tier"]).sum())
    run.seconds = round(monotonic() - plan.begun, 2)
    run.save()
    TierRun.objects.filter(kind=plan.kind, counted_at__lt=timezone.now() - timedelta(days=800)).delete()
    return run


def recount(today: date | None = None, *, fresh: bool = False) -> dict[str, TierRun]:
    """Count everybody's tier now, in this process; returns what was found by kind. Safe to run twice."""
    settings, day = TierSettings.current(), today or timezone.localdate()
    found = {}
    for kind in KINDS:
        plan = make_plan(kind, day, settings, fresh=fresh)
        left = deque(plan.batches())
        many_hands(lambda: _write_left(plan, left))  # noqa: B023  (done when it returns)
        with transaction.atomic():
            found[kind] = finish(plan)
    return found


def _write_left(plan: Plan, left: "deque[NDArray[Any]]") -> None:
    """Write one batch after the other until none is left, each in its transaction: they are about different people."""
    while True:
        try:
            places = left.popleft()
        except IndexError:
            return
        with transaction.atomic():
            write_batch(plan, places)


@task()
def recount_tonight() -> None:
    """Count everybody's tier, by the clock of the business."""
    with at_home_of(None):
        recount()


# On demand: an operation with progress


@dataclass
class _Work:
    """The plan of an operation as this process holds it; a worker that takes it over makes a new one."""

    plan: Plan
    batches: "Iterator[NDArray[Any]]"


_work: dict[int, _Work] = {}


def start_recount(*, by: User, fresh: bool = False) -> Operation:
    """Start counting everybody's tier and return the operation."""
    return operations.start(KIND, _("Count tiers"), by=by, kinds=list(KINDS), fresh=fresh)


def _prepare(operation: Operation) -> None:
    """Work out the plan of the next kind, outside of any transaction."""
    left = operation.state["kinds"]
    if operation.pk not in _work and left:
        plan = make_plan(left[0], timezone.localdate(), TierSettings.current(), fresh=operation.state["fresh"])
        _work[operation.pk] = _Work(plan, plan.batches())
        operation.total = operation.done + len(plan.changed)
        Operation.objects.filter(pk=operation.pk).update(total=operation.total)


def _step(operation: Operation) -> bool:
    """Write the next batch; after the last one of a kind, keep what was found. Returns whether there is more."""
    work = _work.get(operation.pk)
    if work is None:
        return False
    places = next(work.batches, None)
    if places is not None:
        write_batch(work.plan, places)
        operation.advance(len(places))
        return True
    run = finish(work.plan)
    del _work[operation.pk]
    operation.result = {**operation.result, **_result(operation, run)}
    operation.advance(0, kinds=operation.state["kinds"][1:])
    return bool(operation.state["kinds"])


def _result(operation: Operation, run: TierRun) -> dict[str, Any]:
    changed = operation.result.get("changed", 0) + run.changed
    many = operation.result.get("of", 0) + run.of
    said = ngettext("%(count)s customer ranked.", "%(count)s customers ranked.", many) % {"count": f"{many:,}"}
    moved = ngettext("%(count)s changed tier.", "%(count)s changed tier.", changed) % {"count": f"{changed:,}"}
    return {"changed": changed, "of": many, "sentence": f"{said} {moved}"}


def _forget(operation: Operation) -> None:
    _work.pop(operation.pk, None)


def register() -> None:
    """Make the operation known; called in `apps.ready()`."""
    operations.register(operations.OperationKind(KIND, _step, on_finish=_forget, prepare=_prepare))
