"""Addresses of the pages of contacts and companies."""

from django.urls import path, re_path

from regulars.contacts.views.people import (
    bin,
    company,
    contact,
    contact_edit,
    erase,
    memory,
    merge,
    photo,
    pick,
    rows,
    similar,
)

PART = "|".join(contact.SECTIONS)
KIND = "|".join(rows.KINDS)

urlpatterns = [
    path("contacts/new/", contact_edit.add_contact_page, name="contact-add"),
    path("contacts/pick/", pick.pick_contact, name="contact-pick"),
    path("contacts/similar/", similar.similar, name="contact-similar"),
    path("contacts/<int:pk>/", contact.contact, name="contact"),
    path("contacts/<int:pk>/edit/", contact_edit.edit_contact, name="contact-edit"),
    path("contacts/<int:pk>/photo/", photo.contact_photo, name="contact-photo"),
    re_path(
        rf"^contacts/(?P<pk>\d{{1,18}})/sections/(?P<name>{PART})/$",
        contact.contact_section,
        name="contact-section",
    ),
    re_path(rf"^contacts/(?P<pk>\d{{1,18}})/(?P<kind>{KIND})/new/$", rows.add_row, name="contact-row-add"),
    re_path(rf"^contacts/(?P<pk>\d{{1,18}})/(?P<kind>{KIND})/(?P<row>\d{{1,18}})/$", rows.row, name="contact-row"),
    path("contacts/<int:pk>/facts/<int:row>/confirmation/", memory.confirm_fact, name="fact-confirm"),
    path("contacts/<int:pk>/facts/<int:row>/retirement/", memory.retire_fact, name="fact-retire"),
    path("contacts/<int:pk>/openers/<int:row>/asking/", memory.ask_opener, name="opener-ask"),
    path("contacts/<int:pk>/binning/", bin.bin_contact, name="contact-bin"),
    path("contacts/<int:pk>/merge/", merge.merge_contact, name="contact-merge"),
    path("contacts/<int:pk>/erasure/", erase.erase, name="contact-erase"),
    path("contacts/<int:pk>/export/", erase.export_contact, name="contact-takeout"),
    path("removals/<int:pk>/", rows.undo_removal, name="removal"),
    path("companies/new/", company.add_company_page, name="company-add"),
    path("companies/pick/", pick.pick_company, name="company-pick"),
    path("companies/pick-or-name/", pick.pick_company, {"prefix": "id:"}, name="company-pick-or-name"),
    path("companies/<int:pk>/", company.company, name="company"),
    path("companies/<int:pk>/edit/", company.edit_company, name="company-edit"),
    path("companies/<int:pk>/binning/", bin.bin_company, name="company-bin"),
    path("companies/<int:pk>/merge/", merge.merge_company, name="company-merge"),
    path("merges/<int:pk>/", merge.undo_merge, name="merge-undo"),
    path("bin/", bin.show_bin, name="bin"),
    re_path(r"^bin/(?P<part>people|companies|moments)/$", bin.show_bin, name="bin"),
    path("tags/pick/", pick.pick_tag, name="tag-pick"),
]
