"""What appointments add to the floors below: a module, places, commands, panels, a kind of entry, and their hooks."""

from django.utils.translation import gettext_lazy as _

from regulars.contacts.actions.erasing import on_erase
from regulars.contacts.actions.merging import Move, follow
from regulars.contacts.brief.parts import BriefPart, register_part
from regulars.contacts.conditions import register_condition
from regulars.contacts.exporting import also_export
from regulars.contacts.models import Company, Contact
from regulars.lib import modules, navigation, palette, panels
from regulars.promises.actions.appointments_people import forget
from regulars.promises.appointments.about import (
    MODULE,
    AppointmentAhead,
    NoShows,
    export_appointments,
    next_appointment,
)
from regulars.promises.models.appointment import AppointmentCompany, AppointmentContact
from regulars.timeline import kinds


def register() -> None:
    """Make it known; called in `apps.ready()`."""
    modules.register(
        modules.Module(
            MODULE,
            _("Appointments"),
            _("Agreed times, a calendar of the team, and a note of who did not come."),
            "calendar-days",
            order=14,
            off_for=("shop",),
        )
    )
    navigation.register(
        navigation.NavItem(_("Calendar"), "calendar", "calendar-days", order=30, module=MODULE, key="a")
    )
    navigation.register(
        navigation.NavItem(
            _("Calendar"),
            "calendar-settings",
            "calendar-cog",
            order=70,
            where="settings",
            permission="settings",
            module=MODULE,
        )
    )
    palette.register(
        palette.Command(
            "appointment-add",
            _("New appointment"),
            "calendar-plus",
            url_name="appointment-add",
            also=_("book agree meeting"),
            module=MODULE,
            permission="log",
            order=21,
        )
    )
    for host in ("contact", "company"):
        title, name = _("Appointments"), f"{host}-appointments"
        panels.register(panels.Panel(f"{host}-aside", title, name, permission="view", order=15, module=MODULE))
    register_part(BriefPart("appointment", _("Next appointment"), 45, next_appointment, column=1, module=MODULE))
    register_condition(AppointmentAhead())
    register_condition(NoShows())
    kinds.register(kinds.EntryKind("no_show", _("No-show"), "user-round-x", by_hand=False))
    follow(Contact, Move(AppointmentContact, "contact", ("appointment_id",)))
    follow(Company, Move(AppointmentCompany, "company", ("appointment_id",)))
    also_export("appointments", export_appointments)
    on_erase(forget)
