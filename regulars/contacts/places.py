"""Where the lists and their settings stand in the navigation, and the kinds of operations that they start."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from regulars.lib import modules, navigation
from regulars.lib.navigation import NavItem, SideSection


def _people(request: HttpRequest) -> str:
    # The navigation calls people what the business calls them.
    return str(request.organisation.words["People"])  # type: ignore[attr-defined]


def register() -> None:
    """Make places, saved views and operations known; called in `apps.ready()`."""
    from regulars.contacts import shaping  # noqa: F401  (they register their operations)
    from regulars.contacts.fields import indexes  # noqa: F401  (they register their operations)
    from regulars.contacts.lists import bulk  # noqa: F401  (they register their operations)
    from regulars.contacts.lists.saved_views import side_links

    navigation.register(NavItem(_people, "contacts", "users-round", order=20, key="c", phone="bar"))
    navigation.register(NavItem(_("Companies"), "companies", "building-2", order=25, module="companies", key="o"))
    modules.register(
        modules.Module(
            "companies",
            _("Companies"),
            _("A list of the organisations that people belong to. Without it they still stand on each person’s page."),
            "building-2",
            order=10,
            off_for=("salon",),
        )
    )
    navigation.register(NavItem(_("Bin"), "bin", "trash-2", order=80, where="own", permission="delete"))
    navigation.register_section("views", SideSection(_("Views"), side_links, order=10))
    pages = (
        (_("Custom fields"), "custom-fields", "list-plus"),
        (_("Tags"), "tags", "hash"),
        (_("Stages"), "stages", "milestone"),
        (_("Sources"), "sources", "compass"),
    )
    for order, (name, url_name, icon) in enumerate(pages, 60):
        navigation.register(NavItem(name, url_name, icon, order=order, where="settings", permission="shape"))
