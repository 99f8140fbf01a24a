"""Addresses of calendar feeds and of calendar files."""

from django.urls import path

from regulars.promises.views import feeds, ics_import

urlpatterns = [
    path("feeds/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
    path("settings/calendars/", feeds.calendar_feeds, name="calendar-feeds"),
    path("settings/calendars/<int:pk>/switching-off/", feeds.switch_off_feed, name="calendar-feed-off"),
    path("settings/calendars/import/", ics_import.import_calendar, name="calendar-import"),
    path("settings/calendars/import/<int:pk>/", ics_import.import_calendar_file, name="calendar-import-file"),
]
