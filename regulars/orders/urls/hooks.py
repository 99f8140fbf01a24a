"""Addresses: events of shops and tills, and the settings of connections."""

from django.urls import URLPattern, path, re_path

from regulars.orders.views import connections, hooks

urlpatterns: list[URLPattern] = [
    # Both ways of writing it: a sender that is redirected would lose what it sends.
    re_path(r"^hooks/(?P<kind>[a-z]{1,12})/(?P<pk>[0-9]{1,18})/?$", hooks.hook, name="hook"),
    path("settings/connections/", connections.connections, name="connections"),
    path("settings/connections/new/<slug:kind>/", connections.add_connection, name="connection-add"),
    path("settings/connections/<int:pk>/", connections.connection, name="connection"),
    path("settings/connections/<int:pk>/events/", connections.hook_events, name="hook-events"),
    path("settings/connections/<int:pk>/testing/", connections.test_connection, name="connection-test"),
    path("settings/connections/<int:pk>/switching-off/", connections.switch_off_connection, name="connection-off"),
    path("settings/connections/<int:pk>/removing/", connections.remove_connection, name="connection-remove"),
    path("settings/connections/<int:pk>/replaying/", connections.replay_events, name="hook-events-replay"),
    path("settings/connections/events/<int:pk>/", connections.hook_event, name="hook-event"),
    path("settings/connections/events/<int:pk>/replaying/", connections.replay_event, name="hook-event-replay"),
]
