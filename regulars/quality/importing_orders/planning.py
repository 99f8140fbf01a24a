"""What becomes of each order of a batch, before anything is written: one plan serves the preview and the import."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.lib.money import from_minor, is_known, money_text, to_minor
from regulars.orders import matching
from regulars.orders.checking import check
from regulars.orders.drafts import ZERO, BadOrder, OrderDraft
from regulars.orders.models import Order
from regulars.orders.recording import zone_of_business
from regulars.quality.files.build import Problem
from regulars.quality.importing.sorts import Bad, Outcome, Reading
from regulars.quality.importing_orders.build import OrderPiece
from regulars.quality.models import Import

# Where the fields of a draft stand in a file.
FIELDS = {"lines": ("line.price", "line.quantity", "line.name"), "placed_at": ("placed_at",)}


@dataclass(slots=True)
class Plan:
    """The decisions for a batch: what is to be kept, and what became of the rest."""

    keep: list[OrderPiece] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)
    known: dict[str, Order] = field(default_factory=dict)


def plan(batch: Sequence[OrderPiece], imported: Import) -> Plan:
    """Sort out what has problems, what is no order, what is known and to be left alone. One query.

    Refunds of orders that the file doesn't hold become news about those orders.
    """
    made = Plan()
    made.known = _known(batch)
    for piece in batch:
        made.counts["orders"] += 1
        if piece.problems:
            _fail(made, piece)
        elif piece.is_ignored or piece.draft is None:
            made.counts["skipped"] += 1
        elif piece.refund is not None:
            _refund(made, piece, piece.draft)
        elif imported.policy == Import.Policy.SKIP and piece.draft.external_id in made.known:
            made.counts["skipped"] += 1
        else:
            made.keep.append(piece)
    return made


def _known(batch: Sequence[OrderPiece]) -> dict[str, Order]:
    drafts = [piece.draft for piece in batch if piece.draft]
    if not drafts:
        return {}
    ids = {draft.external_id for draft in drafts}
    found = Order.objects.told_as([drafts[0].source], ids)
    return {order.external_id: order for order in found}


def _fail(made: Plan, piece: OrderPiece) -> None:
    made.counts["failed"] += 1
    blamed: dict[int, list[Problem]] = {}
    for row, problem in piece.problems:
        blamed.setdefault(row.number, []).append(problem)
    first = next(iter(blamed), 0)
    for row in piece.lines:  # the whole order comes back, so that it can be mended and brought again
        problems = blamed.get(row.number) or [
            Problem("", _("Belongs to the order of row %(row)s, which has a problem.") % {"row": first})
        ]
        made.bad.append(Bad(row.number, problems, row.cells))


def fail(made: Plan, piece: OrderPiece, bad: BadOrder, headers: list[str], columns: Sequence[str]) -> None:
    """Note that an order can't be kept, at the column that is to blame."""
    targets = FIELDS.get(bad.field, (bad.field,))
    header = next((headers[columns.index(target)] for target in targets if target in columns), "")
    piece.problems.append((piece.lines[0], Problem(header, str(bad))))
    _fail(made, piece)


def _refund(made: Plan, piece: OrderPiece, draft: OrderDraft) -> None:
    """A refund whose order is not in the file: news about the one that we know, or a problem."""
    order = made.known.get(draft.external_id)
    refund = piece.refund or ZERO
    if order is None:
        said = {"number": draft.number or draft.external_id}
        message = _("This is a refund or a negative amount, but there is no order %(number)s it could belong to.")
        piece.problems.append((piece.lines[0], Problem("", message % said)))
        _fail(made, piece)
    elif from_minor(order.refunded, order.currency) >= refund:
        made.counts["skipped"] += 1
    else:
        piece.draft = refunded_draft(order, replace(draft, refunded=refund))
        made.keep.append(piece)


def refunded_draft(order: Order, draft: OrderDraft) -> OrderDraft:
    """Return a draft that says of a known order what we know, and how much of it was given back."""
    amounts: dict[str, Any] = {
        name: from_minor(getattr(order, name), order.currency)
        for name in ("subtotal", "discount", "shipping", "tax", "tax_included", "total")
    }
    return replace(
        draft,
        placed_at=order.placed_at,
        currency=order.currency,
        number=order.number,
        channel=order.channel,
        status=order.status if order.status in Order.COUNTED else Order.Status.PAID,
        version="",
        lines=(),
        note=order.note,
        settled_rate=order.rate if order.is_rate_settled else None,
        **amounts,
    )


def look(reading: Reading, headers: list[str]) -> Outcome:
    """Say what a batch would become. Reads the database a fixed number of times, writes nothing."""
    made = plan(reading.batch, reading.imported)
    columns = [column.target for column in reading.imported.mapped().columns]
    zone, now = zone_of_business(), timezone.now()
    sound: list[OrderPiece] = []
    for piece in made.keep:
        if piece.draft is None:
            continue
        try:
            check(piece.draft, zone, now)
        except BadOrder as bad:
            fail(made, piece, bad, headers, columns)
        else:
            sound.append(piece)
    new = [p for p in sound if p.draft and p.draft.external_id not in made.known and not _seen(reading, p.draft)]
    made.counts["created"] += len(new)
    made.counts["updated"] += len(sound) - len(new)
    holders = matching.find_holders([(p.draft.buyer, p.draft.source) for p in new if p.draft])
    made.counts["unclaimed"] += holders.count(None)
    return Outcome(made.counts, made.bad, _samples(reading.batch[:6], made, {id(p) for p in new}))


def _seen(reading: Reading, draft: OrderDraft) -> bool:
    """Whether an earlier batch of this preview held the order already."""
    if reading.memory is None:
        reading.memory = set()
    mark = hash(draft.external_id)
    if mark in reading.memory:
        return True
    reading.memory.add(mark)
    return False


def _samples(pieces: Sequence[OrderPiece], made: Plan, new: set[int]) -> list[dict[str, str]]:
    return [_sample(piece, "created" if id(piece) in new else _act(piece, made)) for piece in pieces]


def _act(piece: OrderPiece, made: Plan) -> str:
    if piece.problems:
        return "failed"
    return "updated" if piece in made.keep else "skipped"


def _sample(piece: OrderPiece, act: str) -> dict[str, str]:
    draft = piece.draft
    if draft is None:
        return {"name": _("Row %(row)s") % {"row": piece.lines[0].number}, "detail": "", "act": act, "icon": "receipt"}
    who = draft.buyer.name or f"{draft.buyer.given_name} {draft.buyer.family_name}".strip() or draft.buyer.email
    name = " · ".join(filter(None, (draft.number, who))) or date_format(draft.placed_at, "j M Y")
    things = ", ".join(line.name for line in draft.lines[:3])
    total = draft.total if draft.total is not None else sum((line.total or ZERO for line in draft.lines), ZERO)
    amount = _money(total, draft.currency)
    detail = " · ".join(filter(None, (date_format(draft.placed_at, "j M Y"), amount, things[:80])))
    return {"name": name[:80], "detail": detail, "act": act, "icon": "receipt"}


def _money(total: Decimal, currency: str) -> str:
    if not is_known(currency):
        return f"{total} {currency}"
    return money_text(to_minor(total, currency), currency)
