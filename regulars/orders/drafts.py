"""An order on its way in, whoever brings it: a form, a file, a web shop, a till.

Amounts are decimals in the order's currency, as the source says them; `recording.record` checks them, makes whole
minor units of them and saves. Nothing here touches the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from regulars.orders.models import HAND, Order

ZERO = Decimal(0)


class BadOrder(ValueError):
    """The order can't be kept as it is. `field` names what is wrong (a name of `OrderDraft`); str() says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Buyer:
    """Who it was for, as the source knows them. Customers are matched by these: see matching.py."""

    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    external_id: str = ""
    loyalty_number: str = ""


@dataclass(frozen=True)
class LineDraft:
    """One line: `total` is None where the source leaves it to be worked out (quantity × unit price - discount).

    `returned` is how much of it came back; None where nobody says.
    """

    name: str
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = ZERO
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal | None = None
    sku: str = ""
    category: str = ""
    returned: Decimal | None = None


@dataclass(frozen=True)
class OrderDraft:
    """One order. `total` None: worked out from the lines; without lines it is all that is known.

    `version` orders what one source says of one order, compared as text (an ISO time, or a number padded with zeros);
    empty: the last word counts. `settled_rate` is what one unit of `currency` was worth in the organisation's, where
    the source says so.
    """

    placed_at: datetime
    currency: str
    source: str = HAND
    external_id: str = ""
    version: str = ""
    number: str = ""
    channel: str = Order.Channel.OTHER
    status: str = Order.Status.PAID
    lines: Sequence[LineDraft] = ()
    subtotal: Decimal | None = None
    discount: Decimal = ZERO
    shipping: Decimal = ZERO
    tax: Decimal = ZERO
    tax_included: Decimal = ZERO
    total: Decimal | None = None
    refunded: Decimal = ZERO
    settled_rate: Decimal | None = None
    note: str = ""
    buyer: Buyer = field(default_factory=Buyer)
