"""Addresses of the lists of contacts and companies, saved views, bulk edits, and what the business sorts by."""

from django.urls import URLPattern, path

from regulars.contacts.views import lists, lists_bulk, lists_export, lists_settings, lists_views

KEY = "<str:key>"


def _list(prefix: str, stem: str, name: str, view_add: str) -> list[URLPattern]:
    host = {"host": stem}
    return [
        path(f"{prefix}/", lists.people_list, host, name=name),
        path(f"{prefix}/count/", lists.count_list, host, name=f"{stem}-count"),
        path(f"{prefix}/filters/", lists.list_filters, host, name=f"{stem}-filters"),
        path(f"{prefix}/filters/{KEY}/", lists.list_filter, host, name=f"{stem}-filter"),
        path(f"{prefix}/columns/", lists.list_columns, host, name=f"{stem}-columns"),
        path(f"{prefix}/export/", lists_export.export_list, host, name=f"{stem}-export"),
        path(f"{prefix}/bulk/field/", lists_bulk.bulk_field, host, name=f"{stem}-bulk-field"),
        path(f"{prefix}/bulk/{KEY}/", lists_bulk.bulk_edit, host, name=f"{stem}-bulk"),
        path(f"{prefix}/views/", lists_views.add_saved_view, host, name=view_add),
    ]


urlpatterns: list[URLPattern] = [
    *_list("contacts", "contact", "contacts", "saved-view-add"),
    *_list("companies", "company", "companies", "company-view-add"),
    path("views/<int:pk>/", lists_views.change_saved_view, name="saved-view"),
    path("settings/fields/", lists_settings.custom_fields, name="custom-fields"),
    path("settings/fields/order/", lists_settings.order_fields, name="custom-fields-order"),
    path("settings/fields/new/", lists_settings.add_custom_field, name="custom-field-add"),
    path("settings/fields/<int:pk>/", lists_settings.custom_field, name="custom-field"),
    path("settings/fields/<int:pk>/archiving/", lists_settings.archive_custom_field, name="custom-field-archive"),
    path("settings/tags/", lists_settings.tags, name="tags"),
    path("settings/tags/<int:pk>/", lists_settings.tag, name="tag"),
    path("settings/tags/<int:pk>/merge/", lists_settings.merge_tag, name="tag-merge"),
    path("settings/stages/", lists_settings.stages, name="stages"),
    path("settings/stages/order/", lists_settings.order_stages, name="stages-order"),
    path("settings/stages/<int:pk>/", lists_settings.stage, name="stage"),
    path("settings/sources/", lists_settings.sources, name="sources"),
    path("settings/sources/order/", lists_settings.order_sources, name="sources-order"),
    path("settings/sources/<int:pk>/", lists_settings.source, name="source"),
]
