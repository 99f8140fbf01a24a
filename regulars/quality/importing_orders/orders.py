"""Orders: what a file of them means, and how a batch of them is looked through, written and taken back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import Operation, Organisation, User
from regulars.orders.recording import zone_of_business
from regulars.quality.files.known import known_mapping, recognise
from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.files.rows import Row
from regulars.quality.files.targets import NO_TARGET, Target
from regulars.quality.importing.sorts import Choices, Outcome, Reading, Sort, Text, Words
from regulars.quality.importing.source import habits
from regulars.quality.importing_orders import counting, planning, undoing, writing
from regulars.quality.importing_orders.build import OrderBuilder, OrderPiece, Setting, buyer_texts
from regulars.quality.importing_orders.gathering import Twins, grouped, is_scattered, together
from regulars.quality.importing_orders.known import LINE, ORDER_EXPORTS, WHOLE
from regulars.quality.importing_orders.suggest import settle, suggest_columns
from regulars.quality.importing_orders.targets import ORDER_TARGETS
from regulars.quality.models import Import

MONEY = frozenset({"total", "subtotal", "line.price", "line.gross", "line.total"})
SOURCE = "file"


class Orders(Sort):
    """What people bought, from shops, tills and spreadsheets."""

    key = "orders"
    words = Words(
        name=gettext_lazy("Orders"),
        title=gettext_lazy("Bring in what people bought"),
        lede=gettext_lazy("From a till, a web shop or a spreadsheet."),
        accepts=gettext_lazy("CSV or XLSX"),
        known=gettext_lazy(
            "Exports of Shopify, WooCommerce, Square, Stripe and Etsy are recognised by themselves; for other files you"
            " say what the columns mean, once. One row for each order, or one for each line."
        ),
        policy=gettext_lazy("Orders we know already"),
        seen=gettext_lazy("Known, changed"),
        see=gettext_lazy("See the orders"),
        see_url="/orders/",
    )
    policies = [
        (Import.Policy.SKIP, gettext_lazy("Leave them as they are")),
        (Import.Policy.OVERWRITE, gettext_lazy("Let the file win")),
    ]
    kinds_label = gettext_lazy("Each row is")
    kinds = [
        (LINE, gettext_lazy("One line; rows with the same number are one order")),
        (WHOLE, gettext_lazy("A whole order")),
    ]
    dated = frozenset({"placed_at"})
    batch, preview_batch = 2000, 1000
    reads_ahead_on = ("postgresql", "sqlite")
    catching_up = gettext_lazy("Counting")
    extra_counts = [
        ("orders", gettext_lazy("Orders in the file")),
        ("unclaimed", gettext_lazy("Orders of nobody we know")),
    ]

    def recognise(self, headers: list[str]) -> object | None:
        """The export of a shop or till."""
        return recognise(headers, ORDER_EXPORTS)

    def mapping_for(self, headers: list[str], samples: Sequence[Sequence[str]]) -> Mapping:
        """A known export's mapping, else a guess."""
        mapping = known_mapping(headers, ORDER_EXPORTS, {}) or suggest_columns(headers, samples)
        columns = list(zip(*samples, strict=False)) if samples else [()] * len(headers)
        mapping.columns = [self.settle(column, of) for column, of in zip(mapping.columns, columns, strict=True)]
        return mapping

    def target_choices(self, user: User) -> Choices:
        """The places a column can go to, by section."""
        return sections(ORDER_TARGETS)

    def has_target(self, target: str) -> bool:
        """One of ours."""
        return target in ORDER_TARGETS

    def label_of(self, target: str) -> Text:
        """What it is called."""
        return ORDER_TARGETS[target].label if target in ORDER_TARGETS else target

    def missing(self, kind: str, targets: set[str]) -> str:
        """An order has a date and an amount; lines have the number of their order."""
        targets = {target.partition("/")[0] for target in targets}
        if "placed_at" not in targets:
            return _("Say which column holds the date.")
        if not targets & MONEY:
            return _("Say which column holds an amount: the total, or the price of one.")
        if kind == LINE and not targets & {"number", "external_id"}:
            return _("Say which column holds the number of the order, so that its lines find each other.")
        return ""

    def settle(self, column: Column, values: Iterable[str]) -> Column:
        """How dates and amounts are written."""
        return settle(column, values, habits().date_order)

    def builder(self, imported: Import) -> OrderBuilder:
        """Return what makes orders of this file's rows."""
        organisation = Organisation.current()
        home = organisation.currency if organisation else "EUR"
        mapping, options = imported.mapped(), imported.options
        setting = Setting(
            source=options.get("source") or mapping.origin or SOURCE,
            currency=options.get("currency") or home,
            home=home,
            zone=zone_of_business(),
            date_order=habits().date_order,
            region=habits().region,
            channel=options.get("channel") or "",
        )
        return OrderBuilder(imported.headers, mapping, setting)

    def count(self, imported: Import) -> int:
        """Rows; finds out on the way whether those of an order stand apart."""
        count, scattered = is_scattered(self.table(imported), self.builder(imported))
        if imported.options.get("scattered", False) != scattered:
            imported.options = {**imported.options, "scattered": scattered}
            imported.save(update_fields=["options"])
        return count

    def pieces(self, imported: Import, skip: int = 0) -> Iterator[OrderPiece]:
        """Orders."""
        builder, table = self.builder(imported), self.table(imported)
        rows = together(table, builder) if imported.options.get("scattered") else table.rows()
        return _orders(builder, rows, skip)

    def texts(self, piece: OrderPiece) -> Iterator[str]:
        """Every cell."""
        return buyer_texts(piece)

    def look(self, reading: Reading) -> Outcome:
        """Check and match; writes nothing."""
        return planning.look(reading, self.builder(reading.imported).headers)

    def write(self, operation: Operation, reading: Reading) -> Outcome:
        """Keep the orders."""
        return writing.write(operation, reading)

    def is_catching_up(self, operation: Operation) -> bool:
        """While customers are counted."""
        return counting.is_going(operation)

    def catch_up(self, operation: Operation) -> bool:
        """Count some customers."""
        return counting.step(operation)

    def undo_step(self, operation: Operation) -> bool:
        """Orders that it brought go, those that it changed are as before."""
        return undoing.undo_step(operation)

    def in_words(self, counts: dict[str, int]) -> str:
        """How many are new, and how many nobody's."""
        new, unclaimed = counts.get("created", 0), counts.get("unclaimed", 0)
        line = ngettext("%(new)s new order", "%(new)s new orders", new) % {"new": f"{new:,}"}
        if not unclaimed:
            return line + "."
        more = ngettext("%(number)s of somebody we don’t know", "%(number)s of people we don’t know", unclaimed)
        return _("%(line)s, %(more)s.") % {"line": line, "more": more % {"number": f"{unclaimed:,}"}}


def _orders(builder: OrderBuilder, rows: Iterable[Row], skip: int) -> Iterator[OrderPiece]:
    """Asks no database."""
    twins, done = Twins(), 0
    for group in grouped(rows, builder):
        nth = twins.nth(group, builder)
        done += len(group)
        if done > skip:
            yield builder.build(group, nth)


def sections(targets: dict[str, Target]) -> list[Any]:
    """Return targets as the choices of a field, by section."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for target in targets.values():
        found.setdefault(str(target.section), []).append((target.key, target.label))
    return [("", NO_TARGET), *found.items()]
