"""What exchange rates and orders of nobody add to the lower floors."""

from django.utils.translation import gettext_lazy as _

from regulars.lib import navigation, palette
from regulars.orders.order_sign import MODULE


def register() -> None:
    """Make the pages known; called in `apps.ready()`."""
    navigation.register(
        navigation.NavItem(
            _("Exchange rates"), "rates", "coins", order=37, module=MODULE, where="settings", permission="settings"
        )
    )
    for command in (
        palette.Command("unclaimed", _("Orders of nobody"), "circle-help", "unclaimed", module=MODULE, order=32,
                        also=_("unknown buyers claim match customers")),
        palette.Command("rates", _("Exchange rates"), "coins", "rates", permission="settings", module=MODULE, order=40,
                        also=_("currency dollar euro convert")),
    ):  # fmt: skip
        palette.register(command)
