"""Addresses of thanks and their occasions."""

from django.urls import URLPattern, path

from regulars.promises.views import thanks, thanks_verbs

urlpatterns: list[URLPattern] = [
    path("thanks/", thanks.thanks, name="thanks"),
    path("thanks/given/", thanks.thanks_given, name="thanks-given"),
    path("thanks/figures/", thanks.thanks_figures, name="thanks-figures"),
    path("thanks/export/", thanks.export_thanks, name="thanks-export"),
    path("thanks/<int:pk>/taking-back/", thanks_verbs.take_back_thanks, name="thanks-take-back"),
    path("occasions/<int:pk>/", thanks_verbs.occasion_row, name="occasion"),
    path("occasions/<int:pk>/thanking/", thanks_verbs.thank_occasion, name="occasion-thank"),
    path("occasions/<int:pk>/skipping/", thanks_verbs.skip_occasion, name="occasion-skip"),
    path("occasions/<int:pk>/resting/", thanks_verbs.rest_occasion, name="occasion-rest"),
    path("contacts/<int:pk>/thanks/", thanks.contact_thanks, name="contact-thanks"),
    path("contacts/<int:pk>/thanking/", thanks_verbs.thank_contact, name="contact-thank"),
    path("companies/<int:pk>/thanks/", thanks.company_thanks, name="company-thanks"),
    path("companies/<int:pk>/thanking/", thanks_verbs.thank_company, name="company-thank"),
    path("settings/thanks/", thanks.thanks_settings, name="thanks-settings"),
]
