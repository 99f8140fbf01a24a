"""Addresses of appointments and the calendar."""

from django.urls import path

from regulars.promises.views import appointments, appointments_panels, appointments_verbs, calendar

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/waiting/", calendar.waiting, name="calendar-waiting"),
    path("settings/calendar/", calendar.calendar_settings, name="calendar-settings"),
    path("appointments/new/", appointments.add_appointment, name="appointment-add"),
    path("appointments/clashes/", appointments.show_clashes, name="appointment-clashes"),
    path("appointments/colleagues/", appointments.pick_colleague, name="colleague-pick"),
    path("appointments/<int:pk>/", appointments.appointment, name="appointment"),
    path("appointments/<int:pk>/edit/", appointments.edit_appointment, name="appointment-edit"),
    path("appointments/<int:pk>/appointment.ics", appointments.appointment_file, name="appointment-file"),
    path("appointments/<int:pk>/move/", appointments_verbs.move_appointment, name="appointment-move"),
    path("appointments/<int:pk>/cancellation/", appointments_verbs.cancel_appointment, name="appointment-cancel"),
    path("appointments/<int:pk>/outcome/", appointments_verbs.settle_appointment, name="appointment-settle"),
    path("appointments/<int:pk>/reminding/", appointments_verbs.remind_appointment, name="appointment-remind"),
    path("appointments/changes/<int:pk>/", appointments_verbs.undo_appointment_change, name="appointment-change"),
    path("contacts/<int:pk>/appointments/", appointments_panels.contact_appointments, name="contact-appointments"),
    path("companies/<int:pk>/appointments/", appointments_panels.company_appointments, name="company-appointments"),
]
