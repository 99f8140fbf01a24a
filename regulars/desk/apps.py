"""The app's registration with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """`regulars.desk`: see its package docstring."""

    name = "regulars.desk"
    label = "desk"

    def ready(self) -> None:
        """Put Today into the navigation."""
        from django.utils.translation import gettext_lazy as _

        from regulars.lib import navigation

        navigation.register(navigation.NavItem(_("Today"), "today", "sun", order=10, key="t", phone="bar"))
