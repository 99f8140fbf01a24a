"""Whoever buys for the first time becomes a customer: their lifecycle stage moves, once, and their timeline says so.

It follows orders wherever they come from (by hand, a file, a shop). Only people and companies whose stage comes before
the first one for customers are moved, and only by their first order: a colleague who puts them back has the last
word. When that order goes (an import is undone, it is given to somebody else, it is cancelled) and no other is theirs,
the stage goes back too, unless somebody changed it since.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import AuditEvent
from regulars.contacts.actions.adding import Holder
from regulars.contacts.models import Company, Contact, Involvement, Stage
from regulars.lib import fast
from regulars.lib.text import in_sentence
from regulars.orders.facts import LINKS, Link
from regulars.orders.models import Order
from regulars.timeline.models import Entry

KIND, SUBJECT = "milestone", "first-order"
MODELS: dict[Link, Any] = {"contact": Contact, "company": Company}
LATER = timedelta(milliseconds=1)  # behind the order's own line


def follow_orders(orders: Sequence[Order]) -> None:
    """Move who bought for the first time, and back whose first order is none of theirs any more.

    Told by `orders.after` in the transaction in which they changed. Four queries for a batch that moves nobody.
    """
    _go_back(orders)
    counted = [order for order in orders if order.counts]
    stage = Stage.objects.filter(is_customer=True).order_by("position").first() if counted else None
    if stage is not None:
        for link in LINKS:
            _move(link, counted, stage)


def _move(link: Link, orders: Iterable[Order], stage: Stage) -> None:
    """Move the newcomers among the holders of these orders to `stage`."""
    firsts: dict[int, Order] = {}
    for order in sorted(orders, key=lambda order: (order.placed_at, order.pk), reverse=True):
        if pk := getattr(order, f"{link}_id"):
            firsts[pk] = order
    before = Q(stage=None) | Q(stage__is_customer=False, stage__position__lt=stage.position)
    found = MODELS[link].objects.filter(before, pk__among=firsts).select_related("stage") if firsts else []
    new = _newcomers(link, {holder.pk: holder for holder in found}, firsts)
    if not new:
        return
    MODELS[link].objects.filter(pk__among=[holder.pk for holder in new]).update(stage=stage, version=F("version") + 1)
    _write(link, [(holder, firsts[holder.pk]) for holder in new], stage)


def _newcomers(link: Link, holders: dict[int, Holder], firsts: dict[int, Order]) -> list[Holder]:
    """Those who bought nothing before these orders and were not moved by one already."""
    if not holders:
        return []
    # Counted from the orders: an import counts facts later.
    own = Order.objects.filter(**{f"{link}__among": holders}).exclude(status__in=Order.UNCOUNTED)
    begun = own.order_by().values_list(f"{link}_id").annotate(first_on=Min("placed_on"))
    # What their milestones are about is read, not asked for: SQLite would walk all that are about first orders.
    lines = Involvement.objects.filter(**{f"{link}__among": holders}, kind=KIND, is_implied=False)
    known = {pk for pk, about in lines.values_list(f"{link}_id", "entry__subject_kind") if about == SUBJECT}
    return [holders[pk] for pk, first_on in begun if pk not in known and first_on >= firsts[pk].placed_on]


def _write(link: Link, moves: Sequence[tuple[Holder, Order]], stage: Stage) -> None:
    """Their lines on the timelines and in the audit log: three statements."""
    text = _("Became a %(stage)s") % {"stage": in_sentence(stage.name)}
    entries, involvements = [], []
    for pk, (holder, order) in zip(fast.reserve_ids(Entry, len(moves)), moves, strict=True):
        at = order.placed_at + LATER
        was = holder.stage.key if holder.stage else ""
        snapshot = {"stage": stage.key, "was": was, "host": link, "id": holder.pk}
        entries.append(
            {
                "id": pk, "kind": KIND, "occurred_at": at, "text": text, "snapshot": snapshot,
                "subject_kind": SUBJECT, "subject_id": order.pk,
            }
        )  # fmt: skip
        involvements.append({"entry_id": pk, "occurred_at": at, "kind": KIND, f"{link}_id": holder.pk})
    fast.insert(Entry, entries)
    fast.insert(Involvement, involvements)
    _audit((link, holder, str(holder.stage or ""), stage.name) for holder, _order in moves)


def _audit(moves: Iterable[tuple[Link, Holder, str, str]]) -> None:
    now, stage = timezone.now(), _("Stage")
    fast.insert(
        AuditEvent,
        [
            {
                "at": now, "verb": "changed", "kind": link, "object_id": holder.pk, "title": holder.display_name,
                "changes": {stage: [was, become]},
            }
            for link, holder, was, become in moves
        ],
    )  # fmt: skip


def _go_back(orders: Sequence[Order]) -> None:
    """Take back what an order did that counts no more, or is somebody else's."""
    known = {order.pk: order for order in orders if not order._state.adding}  # what came just now has moved nobody yet
    gone: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(subject_kind=SUBJECT, subject_id__among=list(known)) if known else ():
        order, said = known[entry.subject_id or 0], entry.snapshot
        if not order.counts or getattr(order, f"{said['host']}_id") != said["id"]:
            gone[order.pk].append(entry)
    lost = {order.pk for order in orders if not order.counts}
    for entries in gone.values():
        for entry in entries:
            _take_back(entry, lost)


def _take_back(entry: Entry, lost: Collection[int]) -> None:
    said = entry.snapshot
    link: Link = said["host"]
    others = Order.objects.counted().filter(**{link: said["id"]}).exclude(pk__in=lost).order_by("placed_at", "pk")
    if (other := others.values_list("pk", flat=True).first()) is not None:
        Entry.objects.filter(pk=entry.pk).update(subject_id=other)
        return
    was = Stage.objects.filter(key=said["was"]).first()
    mine = MODELS[link].objects.filter(pk=said["id"], stage__key=said["stage"])
    holder = mine.select_related("stage").first()
    if holder is not None:
        mine.update(stage=was, version=F("version") + 1)
        _audit([(link, holder, str(holder.stage), str(was or ""))])
    Entry.objects.filter(pk=entry.pk).delete()
