"""The app's registration with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    """`regulars.quality`: see its package docstring."""

    name = "regulars.quality"
    label = "quality"

    def ready(self) -> None:
        """Make the operations and scheduled jobs known."""
        from regulars.access.operations import OperationKind, register
        from regulars.lib import palette
        from regulars.quality import erasing, jobs  # noqa: F401
        from regulars.quality.exporting import register_formats
        from regulars.quality.importing import running, sorts
        from regulars.quality.importing.people import People
        from regulars.quality.importing_orders.orders import Orders
        from regulars.quality.importing_orders.products import Products

        register_formats()
        palette.register(
            palette.Command("import-orders", _("Import orders"), "upload", "import-orders", permission="import",
                            module="orders", order=21, also=_("csv excel till shopify square stripe etsy woocommerce"))
        )  # fmt: skip
        for sort in (People(), Orders(), Products()):
            sorts.register(sort)
        erasing.register()
        register(
            OperationKind(
                running.IMPORT,
                running.import_step,
                running.undo_step,
                page="import-operation",
                on_finish=running.finish_import,
                prepare=running.prepare,
                catch_up=running.catch_up,
            )
        )
        register(
            OperationKind(
                running.PREVIEW, running.preview_step, on_finish=running.finish_preview, prepare=running.prepare
            )
        )
