"""Addresses: win-back."""

from django.urls import URLPattern, path

from regulars.insights.views import winback, winback_public, winback_verbs, winback_words

urlpatterns: list[URLPattern] = [
    path("winback/", winback.winback, name="winback"),
    path("winback/tried/", winback.attempts, name="winback-tried"),
    path("winback/reasons/", winback.reasons, name="winback-reasons"),
    path("winback/reasons/<int:pk>/category/", winback_verbs.sort_why, name="why-sort"),
    path("winback/attempts/<int:pk>/", winback_verbs.take_back_attempt, name="attempt"),
    path("winback/words/<int:pk>/", winback_verbs.withdraw_risk_word, name="risk-word-withdraw"),
    path("winback/with/<str:key>/attempt/", winback_verbs.try_winback, name="winback-try"),
    path("winback/with/<str:key>/question/", winback_verbs.ask_why, name="winback-ask"),
    path("winback/with/<str:key>/word/", winback_verbs.risk_word, name="risk-word"),
    path("contacts/<int:pk>/winback/", winback.contact_winback, name="contact-winback"),
    path("companies/<int:pk>/winback/", winback.company_winback, name="company-winback"),
    path("settings/winback/", winback_words.winback_words, name="winback-words"),
    path("settings/winback/preview/", winback_words.preview_winback_words, name="winback-words-preview"),
    path("settings/winback/<slug:play>/<slug:language>/", winback_words.edit_winback_words, name="winback-words-edit"),
    path("why/<str:token>/", winback_public.why, name="why"),
]
