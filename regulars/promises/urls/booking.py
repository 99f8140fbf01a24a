"""Addresses of booking pages: for visitors, and behind them in the settings."""

from django.urls import URLPattern, path

from regulars.promises.views import booking, booking_own, booking_settings

urlpatterns: list[URLPattern] = [
    path("book/<slug:slug>/", booking.booking_page, name="booking-page"),
    path("book/<slug:slug>/you/", booking.make_booking, name="booking-make"),
    path("booking/<str:token>/", booking_own.booking, name="booking"),
    path("booking/<str:token>/calendar.ics", booking_own.booking_file, name="booking-file"),
    path("booking/<str:token>/moving/", booking_own.move_booking, name="booking-move"),
    path("booking/<str:token>/cancelling/", booking_own.cancel_booking, name="booking-cancel"),
    path("settings/booking/", booking_settings.booking_pages, name="booking-pages"),
    path("settings/booking/new/", booking_settings.add_booking_page, name="booking-page-add"),
    path("settings/booking/<int:pk>/", booking_settings.edit_booking_page, name="booking-page-edit"),
    path("settings/booking/<int:pk>/closing/", booking_settings.close_booking_page, name="booking-page-close"),
    path("settings/booking/<int:pk>/code.svg", booking_settings.booking_page_code, name="booking-page-code"),
    path("settings/hours/", booking_settings.working_hours, name="working-hours"),
    path("settings/hours/<int:pk>/", booking_settings.working_hours, name="working-hours-of"),
    path("settings/hours/<int:pk>/days-off/", booking_settings.add_day_off, name="day-off-add"),
    path("settings/days-off/<int:pk>/removal/", booking_settings.remove_day_off, name="day-off-remove"),
]
