"""What connected shops add to the lower floors: a place in the settings, a command, what erasing does."""

from django.utils.translation import gettext_lazy as _

from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.lib import navigation, palette
from regulars.orders.hooks.event_list import words_of
from regulars.orders.models import HookEvent, HookOrder, Order
from regulars.orders.models.hook import FORGOTTEN
from regulars.orders.order_sign import MODULE

ICON = "plug"


def register() -> None:
    """Make them known; called in `apps.ready()`."""
    from regulars.orders.hooks import working  # noqa: F401  (jobs register themselves)

    navigation.register(
        navigation.NavItem(
            _("Shops and tills"), "connections", ICON, order=24, module=MODULE, where="settings", permission="settings"
        )
    )
    palette.register(
        palette.Command("connections", _("Connect a shop or till"), ICON, "connections", permission="settings",
                        module=MODULE, order=62, also=_("shopify woocommerce square stripe webhook connection"))
    )  # fmt: skip
    on_erase(forget)


def forget(traces: Traces) -> None:
    """Drop what events said of an erased person: the text of those about their orders, and of those that name them and
    no order came of."""
    orders = Order.objects.filter(contact=traces.contact_id).values("pk")
    HookEvent.objects.filter(order__in=orders).update(**FORGOTTEN)
    HookOrder.objects.filter(order__in=orders).delete()
    loose = HookEvent.objects.filter(order=None, is_forgotten=False)
    for event in loose.only("pk", "body").iterator(chunk_size=200):
        if names(traces, words_of(event)):
            HookEvent.objects.filter(pk=event.pk).update(**FORGOTTEN)
    for known in HookOrder.objects.filter(order=None).iterator(chunk_size=200):
        if names(traces, str(known.facets)):
            known.delete()


def names(traces: Traces, said: str) -> bool:
    """Whether a text names the erased person."""
    return traces.without(said) != said
