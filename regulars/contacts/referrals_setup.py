"""What referrals add to the registries; called once in `apps.ready()`."""

from django.utils.translation import gettext_lazy as _

from regulars.access.notices import NoticeKind, register_kind
from regulars.contacts.referrals import MODULE
from regulars.lib import modules, navigation, palette, panels
from regulars.timeline import kinds

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
