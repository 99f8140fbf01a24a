"""What the promise ledger adds to the floors below: a module, a place, a sign, a part of the Brief, panels, notices."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Notification, User
from regulars.access.notices import NoticeKind, register_kind
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.actions.merging import Move, follow
from regulars.contacts.brief import parts
from regulars.contacts.capture.signs import register_sign
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Company, Contact
from regulars.contacts.moments import on_presence
from regulars.lib import modules, navigation, palette, panels
from regulars.promises.actions.promises import GIVEN, follow_entry
from regulars.promises.ledger.brief import late_step, we_promised
from regulars.promises.ledger.sign import PromiseSign
from regulars.promises.models.promise import Promise
from regulars.timeline import kinds

MODULE = "promises"
DUE, LATE, LATE_IMPORTANT = "promise-due", "promise-late", "promise-late-important"


def register() -> None:
    """Make promises known; called in `apps.ready()`."""
    from regulars.promises.ledger import (
        conditions,
        jobs,  # noqa: F401  (jobs register themselves)
    )

    conditions.register()
    modules.register(
        modules.Module(
            MODULE,
            _("Promises"),
            _("What we said we would do, by when, and whether we kept our word."),
            "handshake",
            order=10,
        )
    )
    navigation.register(
        navigation.NavItem(_("Promises"), "promises", "handshake", order=30, module=MODULE, key="p", phone="bar")
    )
    navigation.register(
        navigation.NavItem(_("Promises"), "promise-settings", "handshake", order=13, module=MODULE, where="settings")
    )
    for command in (
        palette.Command("promise", _("Promise something"), "handshake", "promise-add", permission="log",
                        module=MODULE, order=11, also=_("commitment owe due give word")),
        palette.Command("promise-rates", _("How we keep our word"), "chart-line", "promise-rates", module=MODULE,
                        order=26, also=_("promises kept rate broken reliability")),
    ):  # fmt: skip
        palette.register(command)
    kinds.register(
        kinds.EntryKind("promise", _("Promise"), "handshake", by_hand=False, template="promises/promise_entry.html")
    )
    register_sign(PromiseSign())
    parts.register_part(
        parts.BriefPart("we_promised", _("We promised"), order=20, sentences=we_promised, module=MODULE)
    )
    parts.register_step(late_step, order=10, module=MODULE)
    for host in ("contact", "company"):
        panels.register(
            panels.Panel(f"{host}-aside", _("Promises"), f"{host}-promises", permission="view", order=10, module=MODULE)
        )
    _register_notices()
    follow(Contact, Move(Promise, "contact"))
    follow(Company, Move(Promise, "company"))
    on_presence(follow_entry)
    on_erase(forget)
    also_export("promises", everything_promised)


def _register_notices() -> None:
    for kind in (
        NoticeKind(GIVEN, _("A promise for you"), _("Somebody put a promise in your hands."), icon="handshake"),
        NoticeKind(DUE, _("A promise is due"), _("Something you promised is due soon."), icon="calendar-clock"),
        NoticeKind(LATE, _("A promise is late"), _("Something you promised has passed its time."), icon="calendar-x"),
        NoticeKind(
            LATE_IMPORTANT,
            _("A promise to an important customer is late"),
            _("For managers: it has been late for a day, or nobody answers for it any more."),
            icon="calendar-x",
        ),
    ):
        register_kind(kind)


def forget(traces: Traces) -> None:
    """Erase what the ledger says of a person: promises to them, and notices of those; others lose the name."""
    theirs = Promise.objects.filter(contact_id=traces.contact_id)
    Notification.objects.filter(url__in=[promise.get_absolute_url() for promise in theirs.only("pk")]).delete()
    theirs.delete()
    near = Q(entry__in=traces.entry_ids) | Q(contact_id__in=traces.related_ids) | Q(evidence_entry__in=traces.entry_ids)
    for promise in Promise.objects.filter(near).only("what", "evidence"):
        what, evidence = traces.without(promise.what), traces.without(promise.evidence)
        if (what, evidence) != (promise.what, promise.evidence):
            Promise.objects.filter(pk=promise.pk).update(what=what[:500], evidence=evidence[:500])


def everything_promised(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What was promised to a person, for the file that they can take with them."""
    rows = Promise.objects.of(contact).order_by("given_at", "pk")
    names = ("what", "given_at", "due_at", "first_due_at", "status", "settled_at", "evidence")
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*names)]
