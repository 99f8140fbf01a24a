"""Which product a line of an order is: found by its SKU, else by its name; what is new is added."""

from collections.abc import Sequence

from regulars.lib.text import fold
from regulars.orders.checking import CheckedLine
from regulars.orders.models import Product


def products_for(lines: Sequence[CheckedLine], home_prices: bool) -> list[Product]:
    """Return the product of each line; adds those that nobody knew, with their price where `home_prices`.

    Three queries, whatever the number of lines. A product without a SKU learns the one of its name.
    """
    skus = {line.sku for line in lines} - {""}
    names = {fold(line.name)[:200] for line in lines}
    by_sku = {p.sku: p for p in Product.objects.filter(sku__in=skus)} if skus else {}
    by_name = {p.folded: p for p in Product.objects.filter(folded__in=names).order_by("-is_active", "-pk")}
    new: dict[tuple[str, str], Product] = {}
    found = []
    for line in lines:
        product = by_sku.get(line.sku) if line.sku else None
        product = product or _by_name(by_name, line)
        key = ("sku", line.sku) if line.sku else ("name", fold(line.name)[:200])
        found.append(product or new.setdefault(key, _new(line, home_prices)))
    Product.objects.bulk_create([product for product in new.values() if product.pk is None], batch_size=500)
    return found


def _by_name(known: dict[str, Product], line: CheckedLine) -> Product | None:
    """The one of that name, unless it has another SKU: two sizes may share a name."""
    product = known.get(fold(line.name)[:200])
    return product if product and (not line.sku or not product.sku or product.sku == line.sku) else None


def _new(line: CheckedLine, home_prices: bool) -> Product:
    price = line.unit_price if home_prices else None
    return Product(sku=line.sku, name=line.name, folded=fold(line.name)[:200], category=line.category, price=price)
