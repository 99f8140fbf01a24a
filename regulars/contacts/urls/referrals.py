"""Addresses of referrals, their tree, and the page behind personal links."""

from django.urls import path

from regulars.contacts.views import referrals, referrals_public

urlpatterns = [
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/pick/", referrals.pick_introducer, name="introducer-pick"),
    path("referrals/undo/<str:token>/", referrals.undo_referral, name="referral-undo"),
    path("referrals/tree/<path:key>/export/", referrals.export_referral_tree, name="referral-tree-export"),
    path("referrals/tree/<path:key>/", referrals.referral_tree, name="referral-tree"),
    path("contacts/<int:pk>/introducer/", referrals.introducer, name="introducer"),
    path("contacts/<int:pk>/referrals/", referrals.referral_panel, name="referral-panel"),
    path("contacts/<int:pk>/referral-link/", referrals.referral_link, name="referral-link"),
    path("companies/<int:pk>/introducer/", referrals.company_introducer, name="company-introducer"),
    path("companies/<int:pk>/referrals/", referrals.company_referral_panel, name="company-referral-panel"),
    path("settings/referrals/", referrals.referral_settings, name="referral-settings"),
    path("r/<str:code>/", referrals_public.referral_landing, name="referral-landing"),
]
