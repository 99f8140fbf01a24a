"""Addresses of capture, timelines and the Brief."""

from django.urls import path

from regulars.contacts.views import moments, moments_capture, moments_files, moments_people, moments_verbs

urlpatterns = [
    path("capture/", moments_capture.capture, name="capture"),
    path("capture/preview/", moments_capture.preview_capture, name="capture-preview"),
    path("capture/suggest/", moments_capture.suggest_capture, name="capture-suggest"),
    path("contacts/<int:pk>/timeline/", moments.contact_timeline, name="timeline"),
    path("companies/<int:pk>/timeline/", moments.company_timeline, name="company-timeline"),
    path("contacts/<int:pk>/brief/", moments.brief, name="brief"),
    path("contacts/<int:pk>/brief/card/", moments.brief_card, name="brief-card"),
    path("moments/<int:pk>/", moments.moment, name="moment"),
    path("moments/<int:pk>/edit/", moments_verbs.edit_moment, name="moment-edit"),
    path("moments/<int:pk>/history/", moments_verbs.moment_history, name="moment-history"),
    path("moments/<int:pk>/pin/", moments_verbs.pin_moment, name="moment-pin"),
    path("moments/<int:pk>/settling/", moments_verbs.settle_moment, name="moment-settle"),
    path("moments/<int:pk>/removal/", moments_verbs.remove_moment, name="moment-remove"),
    path("moments/<int:pk>/people/", moments_people.moment_people, name="moment-people"),
    path("moments/<int:pk>/files/", moments_files.add_files, name="moment-files"),
    path("files/<int:pk>/preview/", moments_files.attachment_preview, name="attachment-preview"),
    path("files/<int:pk>/removal/", moments_files.remove_file, name="file-remove"),
    path("files/<int:pk>/<str:name>", moments_files.attachment, name="attachment"),
]
