"""Toasts: the short word after an act, with Undo when there is something to undo.

`toast(request, "Maya is in the bin.", undo_url=reverse("contact-bin", args=[5]))` works for whole pages and
for htmx alike: a page carries its toasts, an htmx answer sends them in its `HX-Trigger` header, and an answer
that leads the browser elsewhere leaves them for the next page.
"""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse

LEADS_AWAY = ("HX-Redirect", "HX-Refresh", "HX-Location")


def toast(
    request: HttpRequest,
    text: Any,
    *,
    undo_url: str = "",
    undo_method: str = "DELETE",
    undo_next: str = "",
    tone: str = "info",
    link_url: str = "",
    link_text: str = "",
) -> None:
    """Show `text` at the foot of the page after this request.

    With `undo_url` the toast has an Undo button that sends `undo_method` there (verbs are resources: what
    `POST` did, `DELETE` undoes) and then reloads the page, or goes to `undo_next`. `tone` is "info", "good"
    or "risk".
    `link_url` and `link_text` add a link, e.g. to the thing that was made.
    """
    word = {
        "text": str(text),
        "tone": tone,
        "undo": undo_url,
        "method": undo_method if undo_url else "",
        "next": undo_next,
        "link": link_url,
        "linkText": str(link_text),
    }
    word = {key: value for key, value in word.items() if value}
    if getattr(request, "htmx", False):
        request.__dict__.setdefault("toasts", []).append(word)
    else:
        _keep(request, word)


def read_toasts(request: HttpRequest) -> list[dict[str, str]]:
    """Return the toasts waiting for this page and forget them; plain Django messages become toasts too."""
    return [_word(message) for message in messages.get_messages(request)]


class ToastMiddleware:
    """Sends the toasts of an htmx request with its answer. Stands after those of htmx and messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; add the toasts to `HX-Trigger`, or keep them when the answer leads elsewhere."""
        response = self.get_response(request)
        waiting: list[dict[str, str]] = request.__dict__.get("toasts", [])
        if not waiting:
            return response
        if response.status_code in range(300, 400) or any(name in response.headers for name in LEADS_AWAY):
            for word in waiting:
                _keep(request, word)
        else:
            triggers = _triggers(response.headers.get("HX-Trigger", ""))
            response.headers["HX-Trigger"] = json.dumps(triggers | {"toast": {"toasts": waiting}})
        return response


def _keep(request: HttpRequest, word: dict[str, str]) -> None:
    messages.add_message(request, messages.INFO, word["text"], extra_tags=json.dumps(word))


def _word(message: Message) -> dict[str, str]:
    try:
        found = json.loads(message.extra_tags or "")
    except ValueError:
        found = {
            "text": str(message.message),
            "tone": "risk" if message.level >= messages.WARNING else "info",
        }
    return {str(key): str(value) for key, value in found.items()}


def _triggers(header: str) -> dict[str, Any]:
    if not header:
        return {}
    if header.startswith("{"):
        return dict(json.loads(header))
    return {name.strip(): None for name in header.split(",")}
