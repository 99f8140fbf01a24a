"""Every address of Regulars: each context brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("regulars.desk.urls")),
    path("", include("regulars.promises.urls")),
    path("", include("regulars.orders.urls")),
    path("", include("regulars.insights.urls")),
    path("", include("regulars.contacts.urls")),
    path("", include("regulars.timeline.urls")),
    path("", include("regulars.quality.urls")),
    path("", include("regulars.access.urls")),
    path("account/", include("allauth.urls")),
]
