"""The kinds of shops there are."""

from regulars.orders.hooks import plain, shopify, square, stripe, woocommerce
from regulars.orders.hooks.news import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (shopify.KIND, woocommerce.KIND, square.KIND, stripe.KIND, plain.KIND)
}
