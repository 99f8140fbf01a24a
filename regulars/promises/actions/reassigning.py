"""Everything of a colleague goes to another in one step: while they are away, or when they leave.

It is an operation of kind "reassign", in batches, with undo. Its state holds from whom, to whom, which parts, and how
far it is. The one who takes over is told, with a page that lists what is theirs now.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access import operations
from regulars.access.actions import NotPossible
from regulars.access.models import Operation, Organisation, UndoStep, User
from regulars.access.models.audit import audit
from regulars.access.notices import notify
from regulars.promises.actions.reassigning_parts import PARTS, Part

KIND = "reassign"
HANDED_OVER = "handed-over"  # the kind of notification
BATCH = 200
AT_ONCE = 300  # this many are moved while the person waits


def counts_of(user: User) -> dict[str, int]:
    """Return how much a colleague has of each part."""
    return {part.key: part.of(user).count() for part in PARTS}


def start_reassigning(
    leaving: User, to: User, *, by: User, parts: Collection[str] | None = None, run_small: bool = True
) -> Operation | None:
    """Begin to give `parts` (all unless said) of `leaving` to `to`; returns the operation, None when there is nothing.

    A small one is done when this returns. Audited. Raises NotPossible for the same colleague, and for one who has left.
    """
    if leaving.pk == to.pk:
        raise NotPossible(_("Choose another colleague."))
    if not to.is_active:
        raise NotPossible(_("%(name)s is not here any more.") % {"name": to})
    counts = {key: count for key, count in counts_of(leaving).items() if parts is None or key in parts}
    total = sum(counts.values())
    if not total:
        return None
    title = _("Hand over from %(leaving)s to %(to)s") % {"leaving": leaving, "to": to}
    state: dict[str, Any] = {
        "leaving": leaving.pk, "to": to.pk, "parts": list(counts), "part": 0, "after": 0,
        "back": reverse("colleague", args=[leaving.pk]),
    }  # fmt: skip
    with transaction.atomic():
        operation = operations.start(KIND, title, by=by, total=total, **state)
        words = {str(part.label): [counts[part.key], 0] for part in PARTS if counts.get(part.key)}
        audit("handed over the work of", by=by, kind="user", object_id=leaving.pk, title=str(leaving), changes=words)
    if run_small and total <= AT_ONCE:
        operations.run(operation)
        operation.refresh_from_db()
    return operation


def hand_over(leaving: User, successor: User, by: User) -> int:
    """Give everything of a colleague who leaves to `successor`; returns how much that is. See `access.actions`."""
    operation = start_reassigning(leaving, successor, by=by)
    return operation.total or 0 if operation else 0


def _part(state: dict[str, Any]) -> Part | None:
    """The part that is being moved; None when all are done."""
    keys = [part.key for part in PARTS if part.key in state["parts"]]
    if state["part"] >= len(keys):
        return None
    return next(part for part in PARTS if part.key == keys[state["part"]])


def reassign_step(operation: Operation) -> bool:
    """Move the next batch of the current part. Returns whether there is more."""
    state = operation.state
    part = _part(state)
    leaving = User.objects.filter(pk=state["leaving"]).first()
    to = User.objects.filter(pk=state["to"], is_active=True).first()
    if leaving is None or to is None:
        raise operations.OperationError(_("One of the two colleagues is not here any more."))
    if part is None:
        operation.result = {**operation.result, "sentence": moved_sentence(operation.result)}
        operation.advance(0)
        return False
    ids = list(part.of(leaving).filter(pk__gt=state["after"]).order_by("pk").values_list("pk", flat=True)[:BATCH])
    moved = part.move(ids, leaving, to)
    label = part.model._meta.label_lower
    UndoStep.objects.bulk_create(
        UndoStep(operation=operation, model=label, object_id=pk, before=step) for pk, step in moved
    )
    result = dict(operation.result)
    result[part.key] = result.get(part.key, 0) + len(moved)
    result["kept"] = result.get("kept", 0) + len(ids) - len(moved)
    operation.result = result
    ended = len(ids) < BATCH
    operation.advance(
        len(ids), after=0 if ended else ids[-1], part=state["part"] + 1 if ended else state["part"]
    )  # fmt: skip
    return True


def undo_reassign_step(operation: Operation) -> bool:
    """Put back the next batch, newest first; what somebody gave away since stays and is counted."""
    state = operation.state
    steps = operation.undo_steps.order_by("-id")
    if "undone_to" in state:
        steps = steps.filter(pk__lt=state["undone_to"])
    batch = list(steps[:BATCH])
    back = 0
    for part in reversed(PARTS):
        own = {step.object_id: step.before or {} for step in batch if step.model == part.model._meta.label_lower}
        back += part.put_back(list(own), own) if own else 0
    result = dict(operation.result)
    result["restored"] = result.get("restored", 0) + back
    result["left"] = result.get("left", 0) + len(batch) - back
    operation.result = result | {"sentence": _undone_sentence(result)}
    operation.advance(-min(len(batch), operation.done), **({"undone_to": batch[-1].pk} if batch else {}))
    return len(batch) == BATCH


def moved_sentence(result: dict[str, Any]) -> str:
    """Return "Handed over: 12 guests, 3 promises, 2 tasks." and what stayed."""
    parts = amounts(result)
    sentence = _("There was nothing to hand over.")
    if parts:
        sentence = _("Handed over: %(what)s.") % {"what": ", ".join(parts)}
    if kept := result.get("kept", 0):
        line = ngettext(
            "%(count)d stays, because they may not know whom it is for.",
            "%(count)d stay, because they may not know whom they are for.",
            kept,
        )
        sentence = " ".join([sentence, line % {"count": kept}] if parts else [line % {"count": kept}])
    return sentence


def amounts(result: dict[str, Any]) -> list[str]:
    """Return ["12 guests", "3 promises"] for what there is some of."""
    counts = {key: int(result.get(key, 0)) for key in ("contacts", "companies", "promises", "tasks", "appointments")}
    words = {
        "contacts": "%(count)d " + people_word(counts["contacts"]),
        "companies": ngettext("%(count)d company", "%(count)d companies", counts["companies"]),
        "promises": ngettext("%(count)d promise", "%(count)d promises", counts["promises"]),
        "tasks": ngettext("%(count)d task", "%(count)d tasks", counts["tasks"]),
        "appointments": ngettext("%(count)d appointment", "%(count)d appointments", counts["appointments"]),
    }
    return [words[key] % {"count": count} for key, count in counts.items() if count]


def people_word(count: int) -> str:
    """What the business calls that many people: "guest", "guests"."""
    business = Organisation.current()
    word = ("person" if count == 1 else "people") if business else ""
    return business.words[word] if business else _("people")


def _undone_sentence(result: dict[str, Any]) -> str:
    sentence = _("%(count)d given back.") % {"count": result["restored"]}
    if left := result["left"]:
        sentence += " " + _("%(count)d left as they are, because they were changed since.") % {"count": left}
    return sentence


def finish(operation: Operation) -> None:
    """Tell the one who takes over, with a page that lists what is theirs now; note an undo in the audit log."""
    if operation.status == Operation.Status.UNDONE:
        audit("undid", by=operation.by, kind="user", object_id=operation.state["leaving"], title=operation.title)
    if operation.status != Operation.Status.DONE or not amounts(operation.result):
        return
    to = User.objects.filter(pk=operation.state["to"])
    leaving = User.objects.filter(pk=operation.state["leaving"]).first()

    def text(_user: User) -> str:
        words = {"name": operation.by.first_name, "whose": leaving, "what": ", ".join(amounts(operation.result))}
        return _("%(name)s handed you what was %(whose)s’s: %(what)s") % words

    url = reverse("handed-over", args=[operation.pk])
    notify(to, kind=HANDED_OVER, text=text, url=url, actor=operation.by, key=f"handed-over:{operation.pk}")


def register() -> None:
    """Make the kind of operation known; called in `apps.ready()`."""
    operations.register(operations.OperationKind(KIND, reassign_step, undo_reassign_step, on_finish=finish))
