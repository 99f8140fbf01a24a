"""Addresses of the shell itself: what makes it installable, and the parts shown to developers."""

from django.conf import settings
from django.urls import path

from regulars.desk.views import pwa

urlpatterns = [
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("service-worker.js", pwa.service_worker, name="service-worker"),
    path("offline", pwa.offline, name="offline"),
    path("favicon.ico", pwa.favicon, name="favicon"),
]

if settings.DEBUG or settings.TESTING:
    from regulars.desk.views import styleguide

    urlpatterns += [
        path("styleguide", styleguide.show_styleguide, name="styleguide"),
        path("styleguide/<slug:page>", styleguide.show_specimen, name="styleguide-specimen"),
    ]
