"""One time at which an appointment takes place."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.contacts.models import Company, Contact
from regulars.promises.models.appointment import Appointment

MARK = "%Y%m%dT%H%M%SZ"  # which time of a series, in addresses


@cache
def _path(name: str) -> str:
    """The address of a verb with 0 for the appointment; a calendar draws dozens, and a look-up for each would show."""
    return reverse(name, args=[0])


def path_of(name: str, pk: int) -> str:
    """Return the address of a verb of an appointment."""
    return _path(name).replace("/0/", f"/{pk}/")


@dataclass(frozen=True)
class Occurrence:
    """One time at which an appointment takes place, as one viewer may see it.

    `start` and `end` are UTC. `recurs_at` is set for a time of a series that has no row of its own yet;
    `appointment` is then the series. `user_ids` are the colleagues. `is_hidden`: it is about people the viewer may not
    know of; then `contacts` and `companies` are empty and the title says only that the time is taken.
    """

    appointment: Appointment
    start: datetime
    end: datetime
    recurs_at: datetime | None = None
    user_ids: tuple[int, ...] = ()
    is_hidden: bool = False
    contacts: tuple[Contact, ...] = field(default=(), compare=False)
    companies: tuple[Company, ...] = field(default=(), compare=False)

    @property
    def pk(self) -> int:
        """The key of its appointment, or of the series."""
        return int(self.appointment.pk)

    @property
    def status(self) -> str:
        """What became of it: a value of `Appointment.Status`."""
        return self.appointment.status

    @property
    def is_planned(self) -> bool:
        """Neither held nor missed nor cancelled."""
        return self.status == Appointment.Status.PLANNED

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.end <= timezone.now()

    @property
    def title(self) -> str:
        """What it is called, or only that the time is taken."""
        return _("Busy") if self.is_hidden else self.appointment.title

    @property
    def holders(self) -> list[Contact | Company]:
        """The contacts and companies that the viewer may know of."""
        return [*self.contacts, *self.companies]

    @property
    def names(self) -> list[str]:
        """What they are called."""
        return [holder.display_name for holder in self.holders]

    @property
    def repeats(self) -> bool:
        """Whether it is one of several."""
        return bool(self.appointment.repeat or self.appointment.series_id)

    @property
    def mark(self) -> str:
        """Which time of its series it is, as it stands in addresses; "" for a single one."""
        at = self.recurs_at or self.appointment.recurs_at
        return f"{at:{MARK}}" if at else ""

    @property
    def key(self) -> str:
        """A name that no other occurrence has, the same before and after it got a row of its own."""
        return f"{self.series_pk}-{self.mark}" if self.mark else str(self.pk)

    @property
    def series_pk(self) -> int:
        """The key of its series, or of itself."""
        return int(self.appointment.series_id or self.appointment.pk)

    @property
    def url(self) -> str:
        """Its page; "" when the viewer may not know what it is."""
        return "" if self.is_hidden else self.address("appointment")

    def address(self, name: str) -> str:
        """The address of one of its verbs: `address("appointment-move")`."""
        return path_of(name, self.series_pk) + (f"?on={self.mark}" if self.mark else "")

    @property
    def edit_url(self) -> str:
        """Where it is changed."""
        return self.address("appointment-edit")

    @property
    def move_url(self) -> str:
        """Where it is moved."""
        return self.address("appointment-move")

    @property
    def cancel_url(self) -> str:
        """Where it is called off."""
        return self.address("appointment-cancel")

    @property
    def settle_url(self) -> str:
        """Where people say what happened."""
        return self.address("appointment-settle")

    @property
    def remind_url(self) -> str:
        """Where it is noted that the customer was reminded."""
        return self.address("appointment-remind")

    @property
    def file_url(self) -> str:
        """The file for the customer's calendar."""
        return self.address("appointment-file")
