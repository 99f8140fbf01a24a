"""Addresses of `promises`, by subject."""

from regulars.promises.urls import appointments, booking, feeds, ledger, tasks, thanks

urlpatterns = [
    *ledger.urlpatterns,
    *tasks.urlpatterns,
    *appointments.urlpatterns,
    *booking.urlpatterns,
    *feeds.urlpatterns,
    *thanks.urlpatterns,
]
