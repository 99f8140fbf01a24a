"""Which product a line of an order is: found by its SKU, else by its name; what is new is added."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CASCADE, ManyToOneRel

from regulars.access.models import Operation, UndoStep
from regulars.lib.text import fold
from regulars.orders.checking import CheckedLine
from regulars.orders.models import Product

ADDED = "orders.product"  # the undo step of a product that an import added
COLUMNS = ("sku", "name", "category", "unit", "price", "cost", "is_active")


def products_for(lines: Sequence[CheckedLine], home_prices: bool, operation: Operation | None = None) -> list[Product]:
    """Return the product of each line; adds those that nobody knew, with their price where `home_prices`.

    Three queries, whatever the number of lines. A product without a SKU learns the one of its name. `operation` (an
    import) remembers those that it added, so that they can go with it.
    """
    distinct = {id(line): line for line in lines}
    skus = {line.sku for line in distinct.values()} - {""}
    names = {fold(line.name)[:200] for line in distinct.values()}
    by_sku = {p.sku: p for p in Product.objects.filter(sku__among=skus)} if skus else {}
    by_name = {p.folded: p for p in Product.objects.filter(folded__among=names).order_by("-is_active", "-pk")}
    new: dict[tuple[str, str], Product] = {}
    found: dict[int, Product] = {}
    for same, line in distinct.items():
        product = by_sku.get(line.sku) if line.sku else None
        product = product or _by_name(by_name, line)
        key = ("sku", line.sku) if line.sku else ("name", fold(line.name)[:200])
        found[same] = product or new.setdefault(key, _new(line, home_prices))
    made = Product.objects.bulk_create([product for product in new.values() if product.pk is None], batch_size=500)
    if operation and made:
        steps = [UndoStep(operation=operation, model=ADDED, object_id=p.pk, before=_picture(p)) for p in made]
        UndoStep.objects.bulk_create(steps)
    return [found[id(line)] for line in lines]


def _picture(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in COLUMNS}


def remove_added(operation: Operation, at_most: int) -> bool:
    """Delete the newest products that `operation` added, unless something else names them by now or somebody has
    changed them; returns whether there were any."""
    steps = list(UndoStep.objects.filter(operation=operation, model=ADDED).order_by("-id")[:at_most])
    products = Product.objects.in_bulk([step.object_id for step in steps])
    delete_unused([step.object_id for step in steps if _is_as_made(products.get(step.object_id), step)])
    UndoStep.objects.filter(pk__in=[step.pk for step in steps]).delete()
    return bool(steps)


def delete_unused(ids: Sequence[int]) -> None:
    """Delete those of these products that nothing names: no order, no coupon."""
    unused = Product.objects.filter(pk__in=ids)
    for relation in Product._meta.get_fields(include_hidden=True):
        # What is counted from orders goes along.
        if isinstance(relation, ManyToOneRel) and relation.on_delete is not CASCADE:
            used = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
            unused = unused.exclude(pk__in=list(used.values_list(relation.field.attname, flat=True).distinct()))
    unused.delete()


def _is_as_made(product: Product | None, step: UndoStep) -> bool:
    return product is not None and _picture(product) == step.before


def _by_name(known: dict[str, Product], line: CheckedLine) -> Product | None:
    """The one of that name, unless it has another SKU: two sizes may share a name."""
    product = known.get(fold(line.name)[:200])
    return product if product and (not line.sku or not product.sku or product.sku == line.sku) else None


def _new(line: CheckedLine, home_prices: bool) -> Product:
    price = line.unit_price if home_prices else None
    return Product(sku=line.sku, name=line.name, folded=fold(line.name)[:200], category=line.category, price=price)
