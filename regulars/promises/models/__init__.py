"""The models of `promises`."""

from regulars.promises.models.appointment import (
    Appointment,
    AppointmentChange,
    AppointmentColleague,
    AppointmentCompany,
    AppointmentContact,
    CalendarSettings,
)
from regulars.promises.models.booking import Booking, BookingPage, DayOff, TimeClaim, WorkingHours
from regulars.promises.models.promise import Promise
from regulars.promises.models.task import Task, TaskItem
from regulars.promises.models.thanks import Occasion, OccasionSearch, Thanks, ThanksSettings

__all__ = [
    "Appointment",
    "AppointmentChange",
    "AppointmentColleague",
    "AppointmentCompany",
    "AppointmentContact",
    "Booking",
    "BookingPage",
    "CalendarSettings",
    "DayOff",
    "Occasion",
    "OccasionSearch",
    "Promise",
    "Task",
    "TaskItem",
    "Thanks",
    "ThanksSettings",
    "TimeClaim",
    "WorkingHours",
]
