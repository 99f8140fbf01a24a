"""The app's registration with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """`regulars.access`: see its package docstring."""

    name = "regulars.access"
    label = "access"

    def ready(self) -> None:
        """Make the scheduled jobs, the places and the audit of sign-in known."""
        from regulars.access import digest, jobs, push, signals  # noqa: F401
        from regulars.access.notices import NoticeKind, on_told, register_digest_part, register_kind, unread_of
        from regulars.lib import counts
        from regulars.lib.navigation import NavItem, register

        register_kind(
            NoticeKind(
                "mention", _("Mentions"), _("A colleague names you with @ in a moment."), icon="at-sign", order=10
            )
        )
        register_kind(
            NoticeKind(
                "operation",
                _("Finished work"),
                _("An import or a long change of yours has ended."),
                icon="circle-check",
            )
        )
        unread = counts.at("notifications")
        register(NavItem(_("Notifications"), "notifications", "bell", order=15, key="n", count=unread))
        counts.register("notifications", unread_of)
        on_told(push.queue)
        register_digest_part(90, digest.unread_lines, _("For you"))
        register(NavItem(_("Settings"), "settings", "settings", order=80, where="own", key="s"))
        for item in (
            NavItem(_("You"), "profile", "circle-user", order=10, where="settings"),
            NavItem(_("Sign-in and security"), "mfa_index", "shield-check", order=12, where="settings"),
            NavItem(_("Signed-in browsers"), "usersessions_list", "monitor", order=14, where="settings"),
            NavItem(_("Notifications"), "notice-settings", "bell", order=11, where="settings"),
            NavItem(_("Colleagues"), "colleagues", "users-round", order=30, where="settings"),
            NavItem(_("Invitations"), "invitations", "user-plus", order=32, where="settings", permission="people"),
            NavItem(_("Teams"), "teams", "users", order=34, where="settings", permission="people"),
            NavItem(_("Audit log"), "audit", "scale", order=90, where="settings", permission="audit"),
        ):
            register(item)
