"""The list of settings pages, which every context adds its own to."""

from typing import Any

from django import template

from regulars.lib import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_links(context: dict[str, Any]) -> list[navigation.NavLink]:
    """Return the settings pages this colleague may open (navigation items with `where="settings"`), in order."""
    return navigation.items_for(context["request"], where="settings")
