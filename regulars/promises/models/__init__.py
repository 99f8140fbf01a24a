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
from regulars.promises.models.feed import CalendarFeed, CalendarFile
from regulars.promises.models.promise import AlreadySettled, Promise
from regulars.promises.models.promise_day import PromiseDay
from regulars.promises.models.promise_settings import PromiseReminder, PromiseSettings
from regulars.promises.models.task import Task, TaskItem
from regulars.promises.models.thanks import Occasion, OccasionSearch, Thanks, ThanksSettings

__all__ = [
    "AlreadySettled",
    "Appointment",
    "AppointmentChange",
    "AppointmentColleague",
    "AppointmentCompany",
    "AppointmentContact",
    "Booking",
    "BookingPage",
    "CalendarFeed",
    "CalendarFile",
    "CalendarSettings",
    "DayOff",
    "Occasion",
    "OccasionSearch",
    "Promise",
    "PromiseDay",
    "PromiseReminder",
    "PromiseSettings",
    "Task",
    "TaskItem",
    "Thanks",
    "ThanksSettings",
    "TimeClaim",
    "WorkingHours",
]
