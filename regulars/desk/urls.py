"""Addresses of `desk`."""

from django.urls import URLPattern, URLResolver, include, path

from regulars.desk.demo.views import urlpatterns as demo
from regulars.desk.views import business, search, setup, today

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("regulars.desk.shell_urls")),
    *demo,
    path("", today.today, name="today"),
    path("search/", search.search_page, name="search"),
    path("search/palette/", search.palette, name="palette"),
    path("today/starter/dismissal/", today.dismiss_starter, name="starter-dismiss"),
    path("setup/", setup.setup, name="setup"),
    path("welcome/", setup.doors, name="doors"),
    path("welcome/sample/", setup.load_sample, name="sample"),
    path("settings/business/", business.business, name="business"),
    path("settings/modules/", business.modules_page, name="modules"),
    path("settings/modules/<slug:name>/", business.switch_module, name="module-switch"),
]
