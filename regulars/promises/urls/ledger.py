"""Addresses of the promise ledger."""

from django.urls import path

from regulars.promises.views import promises, promises_verbs

urlpatterns = [
    path("promises/", promises.promises, name="promises"),
    path("promises/new/", promises.add_promise, name="promise-add"),
    path("promises/export/", promises.export_promises, name="promise-export"),
    path("promises/rates/", promises.promise_rates, name="promise-rates"),
    path("promises/<int:pk>/", promises_verbs.promise, name="promise"),
    path("promises/<int:pk>/keeping/", promises_verbs.keep_promise, name="promise-keep"),
    path("promises/<int:pk>/breaking/", promises_verbs.break_promise, name="promise-break"),
    path("promises/<int:pk>/renegotiation/", promises_verbs.renegotiate_promise, name="promise-renegotiate"),
    path("promises/<int:pk>/withdrawal/", promises_verbs.withdraw_promise, name="promise-withdraw"),
    path("promises/<int:pk>/handing-over/", promises_verbs.hand_over_promise, name="promise-hand-over"),
    path("promises/<int:pk>/evidence/", promises_verbs.prove_promise, name="promise-evidence"),
    path("contacts/<int:pk>/promises/", promises.contact_promises, name="contact-promises"),
    path("companies/<int:pk>/promises/", promises.company_promises, name="company-promises"),
    path("settings/promises/", promises.promise_settings, name="promise-settings"),
]
