"""What thanks add to the floors below: a module, places, a sign, kinds of entries, panels, rules, erasing."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.actions.bringing import on_brought
from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.contacts.actions.merging import Move, follow
from regulars.contacts.capture.signs import register_sign
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Company, Contact
from regulars.contacts.moments import on_presence
from regulars.lib import modules, navigation, palette, panels
from regulars.promises.models import Occasion, Thanks
from regulars.promises.thanks import conditions, occasion_rules
from regulars.promises.thanks.occasions import MODULE
from regulars.promises.thanks.sign import ICON, ThanksSign
from regulars.timeline import kinds
from regulars.timeline.models import Entry


def register() -> None:
    """Make thanks known; called in `apps.ready()`."""
    from regulars.promises.thanks import jobs  # noqa: F401  (its schedule)

    modules.register(
        modules.Module(
            MODULE,
            _("Thanks"),
            _("Who was good to you and has not been thanked yet; how and when you thanked somebody."),
            ICON,
            order=50,
        )
    )
    _places()
    kinds.register(kinds.EntryKind("thanks", _("Thanks"), ICON, by_hand=False, template="promises/thanks_entry.html"))
    kinds.register(kinds.EntryKind(occasion_rules.KIND_WORDS, _("Kind words"), "heart", is_contact=True))
    kinds.register(kinds.EntryKind(occasion_rules.HELP, _("Helped us"), "hand-heart", is_contact=True))
    register_sign(ThanksSign())
    for host in ("contact", "company"):
        panels.register(
            panels.Panel(f"{host}-aside", _("Thanks"), f"{host}-thanks", permission="view", order=30, module=MODULE)
        )
    follow(Contact, Move(Thanks, "contact"), Move(Occasion, "contact"), Move(Occasion, "about_contact"))
    follow(Company, Move(Thanks, "company"), Move(Occasion, "company"), Move(Occasion, "about_company"))
    occasion_rules.register()
    on_brought(occasion_rules.brought_now)
    on_presence(occasion_rules.entry_gone)
    on_presence(thanks_follow)
    on_erase(forget)
    conditions.register()
    also_export("thanks", _thanks_of)


def _thanks_of(contact: Contact, by: User) -> list[dict[str, Any]]:
    """What a person is given to read when they ask for all that is known of them."""
    rows = Thanks.objects.of(contact).order_by("-thanked_at", "-pk")
    return list(rows.values("thanked_at", "reason", "way", "note", "cost"))


def _places() -> None:
    navigation.register(navigation.NavItem(_("Thanks"), "thanks", ICON, order=42, module=MODULE, key="h"))
    navigation.register(
        navigation.NavItem(
            _("Thanks"), "thanks-settings", ICON, order=15, module=MODULE, where="settings", permission="settings"
        )
    )
    for command in (
        palette.Command("thanks", _("Not thanked yet"), ICON, "thanks", module=MODULE, order=28,
                        also=_("gratitude thank you card gift occasions")),
        palette.Command("thanks-figures", _("What thanks came to"), "chart-line", "thanks-figures", module=MODULE,
                        order=48, also=_("gratitude figures cost comparison")),
    ):  # fmt: skip
        palette.register(command)


def thanks_follow(entry: Entry, present: bool) -> None:
    """Let what thanks answered be open again while the line that said them is off the timeline."""
    for given in Thanks.objects.filter(entry=entry):
        answered = Occasion.objects.filter(thanks=given)
        if present:
            answered = answered.filter(status=Occasion.Status.OPEN)
            answered.update(status=Occasion.Status.THANKED, settled_at=given.thanked_at, settled_by=given.by)
        else:
            answered.update(status=Occasion.Status.OPEN, settled_at=None, settled_by=None)


def forget(traces: Traces) -> None:
    """Erase what thanks say of a person: theirs go; others lose the name where it may stand."""
    Occasion.objects.filter(contact_id=traces.contact_id).delete()
    Thanks.objects.filter(contact_id=traces.contact_id).delete()
    near = Q(entry__in=traces.entry_ids) | Q(contact_id__in=traces.related_ids)
    for given in Thanks.objects.filter(near).exclude(note=""):
        if (note := traces.without(given.note)) != given.note:
            Thanks.objects.filter(pk=given.pk).update(note=note[:500])
    for occasion in Occasion.objects.filter(near | Q(about_contact=traces.contact_id)):
        why, reason = traces.without(occasion.why), traces.without(occasion.reason)
        about = None if occasion.about_contact_id == traces.contact_id else occasion.about_contact_id
        said = {"why": why[:300], "reason": reason[:300], "about_contact": about}
        Occasion.objects.filter(pk=occasion.pk).update(**said)
