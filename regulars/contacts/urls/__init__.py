"""Addresses of `contacts`, by subject."""

from regulars.contacts.urls import lists, moments, people, referrals, segments

urlpatterns = [
    *lists.urlpatterns,
    *moments.urlpatterns,
    *people.urlpatterns,
    *referrals.urlpatterns,
    *segments.urlpatterns,
]
