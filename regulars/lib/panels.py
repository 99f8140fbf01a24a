"""Panels: what upper contexts add to the pages of lower ones.

A context registers a panel in `apps.ready()`; the host page shows them: `{% panels "contact" contact %}`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A part of a host page that another context draws.

    `host` names the place ("contact", "contact-aside", "company", "today"), `title` its heading, `url_name`
    the view that answers with the fragment (its only argument is the key of the host's object, none when the
    host has no object). `permission` is a capability of the role ("" for everybody), `module` the module that
    must be on. Lower `order` stands higher. `lazy` panels load when they come into sight; others are drawn at
    once by `render(request, object)`, or load right after the page when they have none.
    """

    host: str
    title: str | Promise
    url_name: str
    permission: str = ""
    order: int = 50
    lazy: bool = True
    module: str = ""
    render: Callable[[HttpRequest, Any], str] | None = None

    def url(self, subject: Any) -> str:
        """Return the address of the fragment for `subject`, the host's object (or None)."""
        return reverse(self.url_name, args=[] if subject is None else [subject.pk])


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Make a panel known; called in `apps.ready()`. The same host and view are kept once."""
    _panels[:] = [known for known in _panels if (known.host, known.url_name) != (panel.host, panel.url_name)]
    _panels.append(panel)


def panels_for(host: str, request: HttpRequest) -> list[Panel]:
    """Return the panels of `host` that this colleague may see, in order."""
    return sorted(
        (panel for panel in _panels if panel.host == host and _is_open(panel, request)),
        key=lambda panel: panel.order,
    )


def _is_open(panel: Panel, request: HttpRequest) -> bool:
    organisation = getattr(request, "organisation", None)
    if panel.module and not (organisation and organisation.has_module(panel.module)):
        return False
    can = getattr(request.user, "can", None)
    return not panel.permission or bool(can and can(panel.permission))
