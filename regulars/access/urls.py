"""Addresses of `access`."""

from django.urls import URLPattern, path

from regulars.access.views import (
    audit,
    colleagues,
    devices,
    invitations,
    notifications,
    operations,
    profile,
    sessions,
    teams,
)

urlpatterns: list[URLPattern] = [
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/reading/", notifications.read_notifications, name="notifications-read"),
    path("notifications/count/", notifications.place_counts, name="place-counts"),
    path("notifications/<int:pk>/", notifications.notification, name="notification"),
    path("notifications/<int:pk>/reading/", notifications.read_notification, name="notification-read"),
    path("operations/<int:pk>/", operations.operation, name="operation"),
    path("operations/<int:pk>/cancelling/", operations.cancel_operation, name="operation-cancel"),
    path("operations/<int:pk>/undoing/", operations.undo_operation, name="operation-undo"),
    path("settings/", profile.settings, name="settings"),
    path("settings/profile/", profile.profile, name="profile"),
    path("settings/notifications/", notifications.notice_settings, name="notice-settings"),
    path("settings/notifications/devices/", devices.devices, name="notice-devices"),
    path("settings/notifications/devices/<int:pk>/", devices.device, name="notice-device"),
    path("settings/notifications/devices/<int:pk>/trying/", devices.try_device, name="notice-device-try"),
    path("settings/colleagues/", colleagues.colleagues, name="colleagues"),
    path("settings/colleagues/<int:pk>/", colleagues.colleague, name="colleague"),
    path("settings/colleagues/<int:pk>/deactivation/", colleagues.deactivate_colleague, name="colleague-deactivate"),
    path("settings/colleagues/<int:pk>/reactivation/", colleagues.reactivate_colleague, name="colleague-reactivate"),
    path("settings/invitations/", invitations.invitations, name="invitations"),
    path("settings/invitations/<int:pk>/withdrawal/", invitations.withdraw_invitation, name="invitation-withdraw"),
    path("settings/teams/", teams.teams, name="teams"),
    path("settings/teams/<int:pk>/", teams.team, name="team"),
    path("settings/audit/", audit.audit_log, name="audit"),
    path("settings/audit/download/", audit.download_audit, name="audit-download"),
    path("join/<str:token>/", invitations.join, name="join"),
    path("account/email/", profile.change_own_email, name="account_email"),
    path("account/sessions/<int:pk>/ending/", sessions.end_session, name="session-end"),
]
