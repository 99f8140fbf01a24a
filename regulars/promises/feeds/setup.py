"""What calendar feeds and files add to the floors below: their place in the settings, and what erasing does."""

from django.utils.translation import gettext_lazy as _

from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.lib import navigation, palette
from regulars.promises.actions import ics_import
from regulars.promises.models.feed import CalendarFile


def register() -> None:
    """Make them known; called in `apps.ready()`."""
    from regulars.promises.feeds import jobs  # noqa: F401  (jobs register themselves)

    ics_import.register()
    navigation.register(
        navigation.NavItem(_("Calendar on your devices"), "calendar-feeds", "calendar-sync", order=14, where="settings")
    )
    palette.register(
        palette.Command(
            "calendar-feeds",
            _("Calendar on your devices"),
            "calendar-sync",
            url_name="calendar-feeds",
            also=_("subscribe feed phone ical"),
            order=60,
        )
    )
    on_erase(forget)


def forget(traces: Traces) -> None:
    """Drop files that wait to be taken in when they name an erased person; they can be uploaded again."""
    for file in CalendarFile.objects.all():
        said = str(file.events)
        if traces.without(said) != said:
            file.delete()
