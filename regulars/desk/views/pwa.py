"""What makes Regulars installable: manifest, service worker, and the page for when there is no connection."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Return the web app manifest, with the name of the business."""
    organisation = getattr(request, "organisation", None)
    icons = [
        {"src": static("icons/mark.svg"), "type": "image/svg+xml", "sizes": "any"},
        {"src": static("icons/mark-192.png"), "type": "image/png", "sizes": "192x192"},
        {"src": static("icons/mark-512.png"), "type": "image/png", "sizes": "512x512"},
        {
            "src": static("icons/mark-maskable-512.png"),
            "type": "image/png",
            "sizes": "512x512",
            "purpose": "maskable",
        },
    ]
    about = {
        "id": "/",
        "name": f"{organisation.name} · Regulars" if organisation else "Regulars",
        "short_name": "Regulars",
        "description": _("Know everyone your business knows."),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fdfdfb",
        "theme_color": "#14573f",
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, from the root so that it sees all pages; 404 before the build."""
    found = finders.find("dist/worker.js") or str(Path(settings.STATIC_ROOT) / "dist" / "worker.js")
    if not Path(found).is_file():
        raise Http404
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Lead programs that ask for the old address to our mark."""
    return HttpResponseRedirect(static("icons/mark-192.png"))


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Return the page that the service worker keeps; nothing on it is private."""
    return render(request, "desk/offline.html")
