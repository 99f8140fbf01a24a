"""What every page of the shell needs."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the organisation and its words."""
    organisation = getattr(request, "organisation", None)
    return {"organisation": organisation, "words": organisation.words if organisation else {}}
