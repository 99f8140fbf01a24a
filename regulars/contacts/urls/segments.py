"""Addresses of segments, the rhythm of contact, coming dates and greetings."""

from django.urls import URLPattern, path

from regulars.contacts.views import greetings, rhythm, segments, segments_people

urlpatterns: list[URLPattern] = [
    path("segments/", segments.segments, name="segments"),
    path("segments/new/", segments.add_segment, name="segment-add"),
    path("segments/count/", segments.count_rule, name="segment-count"),
    path("segments/rule/", segments.change_rule, name="segment-rule"),
    path("segments/conditions/", segments.rule_conditions, name="segment-conditions"),
    path("segments/conditions/<str:key>/", segments.rule_condition, name="segment-condition"),
    path("segments/<int:pk>/", segments.segment, name="segment"),
    path("segments/<int:pk>/listing/", segments.list_segment, name="segment-list"),
    path("contacts/<int:pk>/lists/", segments_people.contact_lists, name="contact-lists"),
    path("contacts/<int:pk>/lists/<int:segment_pk>/", segments_people.contact_list, name="contact-on-list"),
    path("contacts/<int:pk>/rhythm/", rhythm.contact_rhythm, name="contact-rhythm"),
    path("coming-up/", greetings.coming_up, name="coming-up"),
    path("contacts/<int:pk>/greetings/<str:key>/", greetings.greet, name="greeting"),
    path("settings/greetings/", greetings.greetings, name="greetings"),
    path("settings/greetings/preview/", greetings.preview_greeting, name="greeting-preview"),
    path("settings/greetings/<slug:kind>/<slug:language>/", greetings.edit_greeting, name="greeting-edit"),
]
