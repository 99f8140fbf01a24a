"""Products: what a file of them means, and how a batch of them is looked through, written and taken back."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import Operation, UndoStep, User
from regulars.lib.money import to_minor
from regulars.lib.text import fold
from regulars.orders.catalogue import delete_unused
from regulars.orders.models import Product
from regulars.orders.rates import home_currency
from regulars.quality.files.build import Problem
from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.files.problems import BadValue
from regulars.quality.files.rows import Row
from regulars.quality.files.suggest import by_name
from regulars.quality.files.targets import normal
from regulars.quality.importing.sorts import Bad, Choices, Outcome, Reading, Sort, Text, Words
from regulars.quality.importing.source import habits
from regulars.quality.importing_orders.amounts import read_amount
from regulars.quality.importing_orders.orders import sections
from regulars.quality.importing_orders.suggest import settle
from regulars.quality.importing_orders.targets import PRODUCT_SYNONYMS, PRODUCT_TARGETS
from regulars.quality.importing_orders.words import says_yes
from regulars.quality.models import Import

MODEL = "orders.product"
LIMITS = {"sku": 80, "name": 200, "category": 100, "unit": 30}
AMOUNTS = ("price", "cost")
OFF = frozenset({"draft", "archived", "inactive", "hidden", "private", "inaktiv", "inactif", "inactivo"})


@dataclass(slots=True)
class ProductPiece:
    """One row: the columns of a product, and what is wrong with it."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 1


class Products(Sort):
    """What we sell."""

    key = "products"
    words = Words(
        name=gettext_lazy("Products"),
        title=gettext_lazy("Bring in what you sell"),
        lede=gettext_lazy("Names, prices and what they cost you, from a till, a web shop or a spreadsheet."),
        accepts=gettext_lazy("CSV or XLSX"),
        known=gettext_lazy("A name or a SKU is enough; price, cost and category may follow."),
        policy=gettext_lazy("Products we know already"),
        seen=gettext_lazy("Known, changed"),
        see=gettext_lazy("See the products"),
        see_url="/products/",
    )
    policies = [
        (Import.Policy.SKIP, gettext_lazy("Leave them as they are")),
        (Import.Policy.FILL, gettext_lazy("Fill in what is missing")),
        (Import.Policy.OVERWRITE, gettext_lazy("Let the file win")),
    ]

    def recognise(self, headers: list[str]) -> object | None:
        """No export is known by its headers alone."""
        return None

    def mapping_for(self, headers: list[str], samples: Sequence[Sequence[str]]) -> Mapping:
        """A guess."""
        columns = list(zip(*samples, strict=False)) if samples else [()] * len(headers)
        taken: set[str] = set()
        found = []
        for header, values in zip(headers, columns, strict=True):
            target = by_name(normal(header), PRODUCT_SYNONYMS)
            found.append(self.settle(Column("" if target in taken else target), values))
            taken.add(target)
        return Mapping(found, "product")

    def target_choices(self, user: User) -> Choices:
        """The columns of a product."""
        return sections(PRODUCT_TARGETS)

    def has_target(self, target: str) -> bool:
        """One of ours."""
        return target in PRODUCT_TARGETS

    def label_of(self, target: str) -> Text:
        """What it is called."""
        return PRODUCT_TARGETS[target].label if target in PRODUCT_TARGETS else target

    def missing(self, kind: str, targets: set[str]) -> str:
        """A product has a name."""
        return "" if targets & {"name", "sku"} else _("Say which column holds the name or the SKU.")

    def settle(self, column: Column, values: Iterable[str]) -> Column:
        """How amounts are written."""
        return settle(column, values, habits().date_order)

    def pieces(self, imported: Import, skip: int = 0) -> Iterator[ProductPiece]:
        """One a row."""
        mapping, currency = imported.mapped(), home_currency()
        for number, row in enumerate(self.table(imported).rows()):
            if number >= skip:
                yield _read(row, imported.headers, mapping, currency)

    def texts(self, piece: ProductPiece) -> Iterator[str]:
        """Its cells."""
        yield from piece.row.cells

    def new_memory(self) -> set[str]:
        """Names of new products of earlier batches: for the preview."""
        return set()

    def look(self, reading: Reading) -> Outcome:
        """Match; writes nothing."""
        outcome, work = _plan(reading, reading.memory)
        return Outcome(outcome.counts, outcome.bad, [_sample(piece, known) for piece, known in work[:6]])

    def write(self, operation: Operation, reading: Reading) -> Outcome:
        """Keep the products."""
        outcome, work = _plan(reading, set())
        new = {_key(piece): piece for piece, known in reversed(work) if known is None}
        made = Product.objects.bulk_create([Product(**piece.values) for piece in new.values()])
        steps = [UndoStep(operation=operation, model=MODEL, object_id=product.pk, before=None) for product in made]
        for piece, known in work:
            if known is not None and (before := _change(known, piece.values, reading.imported.policy)):
                steps.append(UndoStep(operation=operation, model=MODEL, object_id=known.pk, before=before))
        UndoStep.objects.bulk_create(steps)
        return outcome

    def undo_step(self, operation: Operation) -> bool:
        """Products that it brought go, unless an order or a coupon names them by now; changed ones are as before."""
        steps = list(UndoStep.objects.filter(operation=operation, model=MODEL).order_by("-id")[:200])
        for step in steps:
            if step.before is not None:
                Product.objects.filter(pk=step.object_id).update(**step.before)
        delete_unused([step.object_id for step in steps if step.before is None])
        UndoStep.objects.filter(pk__in=[step.pk for step in steps]).delete()
        operation.advance(0)
        return bool(steps)

    def in_words(self, counts: dict[str, int]) -> str:
        """How many are new."""
        new = counts.get("created", 0)
        return ngettext("%(new)s new product.", "%(new)s new products.", new) % {"new": f"{new:,}"}


def _read(row: Row, headers: list[str], mapping: Mapping, currency: str) -> ProductPiece:
    piece = ProductPiece(row)
    if row.problem:
        piece.problems.append(Problem("", row.problem))
        return piece
    for header, cell, column in zip(headers, row.cells, mapping.columns, strict=True):
        if column.target and (text := " ".join(cell.split())):
            try:
                piece.values[column.target] = _value(column, text, currency)
            except BadValue as bad:
                piece.problems.append(Problem(header, str(bad)))
    _finish(piece)
    return piece


def _value(column: Column, text: str, currency: str) -> Any:
    if column.target == "active":
        return says_yes(text) and fold(text) not in OFF
    if column.target not in AMOUNTS:
        return text
    amount = read_amount(text, column.order or ".")
    if amount < 0:
        raise BadValue(_("A price can’t be negative."))
    return to_minor(amount, currency)


def _finish(piece: ProductPiece) -> None:
    values = piece.values
    variant = values.pop("variant", "")
    name = values.get("name") or values.get("sku", "")
    if not name:
        piece.problems.append(Problem("", _("This row names no product.")))
    values["name"] = f"{name} – {variant}" if variant and variant != "Default Title" else name
    if "active" in values:
        values["is_active"] = values.pop("active")
    for key, limit in LIMITS.items():
        if key in values:
            values[key] = values[key][:limit]
    values["folded"] = fold(values["name"])[:200]


def _key(piece: ProductPiece) -> str:
    return str(piece.values.get("sku") or piece.values["folded"])


def _plan(reading: Reading, seen: set[str]) -> tuple[Outcome, list[tuple[ProductPiece, Product | None]]]:
    """Decide about a batch: what is wrong, what is known (with its product), what is new. Two queries."""
    outcome, work = Outcome(Counter()), []
    sound = [piece for piece in reading.batch if not piece.problems]
    skus = {piece.values["sku"]: None for piece in sound if piece.values.get("sku")}
    by_sku = {product.sku: product for product in Product.objects.filter(sku__in=list(skus))}
    folded = Product.objects.filter(folded__in=[piece.values["folded"] for piece in sound]).order_by("-pk")
    named = {product.folded: product for product in folded}
    for piece in reading.batch:
        if piece.problems:
            outcome.counts["failed"] += 1
            outcome.bad.append(Bad(piece.row.number, piece.problems, piece.row.cells))
            continue
        sku = piece.values.get("sku", "")
        by_its_name = named.get(piece.values["folded"])
        known = by_sku.get(sku) or (by_its_name if by_its_name and by_its_name.sku in ("", sku) else None)
        repeated = known is None and _key(piece) in seen
        seen.add(_key(piece))
        if repeated or (known is not None and reading.imported.policy == Import.Policy.SKIP):
            outcome.counts["skipped"] += 1
        else:
            outcome.counts["created" if known is None else "updated"] += 1
            work.append((piece, known))
    return outcome, work


def _change(product: Product, values: dict[str, Any], policy: str) -> dict[str, Any]:
    """Change a product to what the file says; returns what was before, {} when nothing changed."""
    fills = policy == Import.Policy.FILL
    news = {
        name: value
        for name, value in values.items()
        if getattr(product, name) != value and not (fills and getattr(product, name) not in ("", None))
    }
    before = {name: getattr(product, name) for name in news}
    if news:
        Product.objects.filter(pk=product.pk).update(**news)
    return before


def _sample(piece: ProductPiece, known: Product | None) -> dict[str, str]:
    detail = " · ".join(filter(None, (piece.values.get("sku", ""), piece.values.get("category", ""))))
    act = "created" if known is None else "updated"
    return {"name": piece.values["name"][:80], "detail": detail, "act": act, "icon": "package"}
