"""Addresses of `quality`."""

from django.urls import URLPattern, path

from regulars.quality.views import imports

urlpatterns: list[URLPattern] = [
    path("import/", imports.imports, name="import"),
    path("import/orders/", imports.imports, {"what": "orders"}, name="import-orders"),
    path("import/products/", imports.imports, {"what": "products"}, name="import-products"),
    path("import/operations/<int:pk>/", imports.import_operation, name="import-operation"),
    path("import/<int:pk>/", imports.import_file, name="import-file"),
    path("import/<int:pk>/columns/", imports.map_import, name="import-mapping"),
    path("import/<int:pk>/preview/", imports.preview_import, name="import-preview"),
    path("import/<int:pk>/run/", imports.run_import, name="import-run"),
    path("import/<int:pk>/progress/", imports.import_progress, name="import-progress"),
    path("import/<int:pk>/discard/", imports.discard_import, name="import-discard"),
    path("import/<int:pk>/not-imported.csv", imports.import_problems, name="import-problems"),
]
