"""What referrals add to the registries; called once in `apps.ready()`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.access.notices import NoticeKind, register_kind
from regulars.contacts.brief import parts
from regulars.contacts.brief.words import Sentence
from regulars.contacts.pronouns import pronouns_of
from regulars.contacts.referrals.reading import MODULE
from regulars.lib import modules, navigation, palette, panels
from regulars.lib.text import sentence_list
from regulars.timeline import kinds

if TYPE_CHECKING:
    from regulars.access.models import User
    from regulars.contacts.models import Contact
    from regulars.contacts.page import ContactPage
    from regulars.contacts.pronouns import Pronouns

ICON = "waypoints"


def register() -> None:
    """Make known: the module, places, commands, panels, the kind of entry and of news, conditions."""
    from regulars.contacts.conditions import referrals as conditions

    modules.register(
        modules.Module(
            MODULE,
            _("Referrals"),
            _("Who brought whom, over generations, and a personal link for each of your regulars."),
            ICON,
            order=52,
        )
    )
    _places()
    for host, name in (("contact-aside", "referral-panel"), ("company-aside", "company-referral-panel")):
        panels.register(panels.Panel(host, _("Referrals"), name, permission="view", order=35, module=MODULE))
    kinds.register(
        kinds.EntryKind("referral", _("Referral"), ICON, by_hand=False, template="contacts/referral_entry.html")
    )
    news = _("Somebody left their name on the page behind a personal link.")
    register_kind(NoticeKind("referral", _("Newcomers by a personal link"), news, icon=ICON))
    conditions.register()
    parts.register_part(
        parts.BriefPart("brought", title, order=75, sentences=whom_they_brought, column=1, module=MODULE)
    )


def title(pronouns: "Pronouns") -> str:
    """Its heading in the Brief."""
    values = {"she": pronouns.subject}
    return gettext("Whom %(she)s brought") % values


def whom_they_brought(contact: "Contact", user: "User", page: "ContactPage") -> Iterable[Sentence]:
    """Whom they brought with them: the newest three by name, the others by number."""
    brought = page.brought
    if not brought:
        return
    said = sentence_list([one.display_name for one in brought])
    url = reverse("referral-tree", args=[f"contact-{contact.pk}"])
    her = pronouns_of(contact).object
    yield Sentence(gettext("%(names)s came through %(her)s.") % {"names": said, "her": her}, url)


def _places() -> None:
    navigation.register(
        navigation.NavItem(_("Referrals"), "referrals", ICON, order=44, module=MODULE, key="r", permission="view")
    )
    navigation.register(
        navigation.NavItem(
            _("Referrals"), "referral-settings", ICON, order=34, module=MODULE, where="settings", permission="settings"
        )
    )
    also = _("brought introduced recommended tree who")
    palette.register(
        palette.Command("referrals", _("Who brought whom"), ICON, "referrals", also=also, module=MODULE, order=46)
    )
