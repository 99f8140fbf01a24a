"""The short way for events of shops: straight to their view.

They come by the hundred a second and need nothing of what people's pages need: no session, language, policy or form
token. Stands first, so that each costs half of what it would.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from regulars.orders.views.hooks import hook

HOOK = re.compile(r"/hooks/(?P<kind>[a-z]{1,12})/(?P<pk>[0-9]{1,18})/?")


class HookMiddleware:
    """Answers what is sent to `/hooks/KIND/ID`; everything else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer an event, or let the request through."""
        found = HOOK.fullmatch(request.path_info)
        return hook(request, found["kind"], found["pk"]) if found else self.get_response(request)
