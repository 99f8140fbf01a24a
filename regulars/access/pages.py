"""Pages of newest-first lists: fifty rows and the cursor of the next ones."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from regulars.lib.keyset import by, read_page

PAGE = 50


@dataclass(frozen=True)
class OlderPage:
    """Up to fifty rows and the cursor of the older ones, "" when there are none."""

    rows: list[Any]
    after: str


def older(rows: "QuerySet[Any]", moment: str, after: str, size: int = PAGE) -> OlderPage:
    """Return the rows that the cursor `after` leads to, or the newest; ordered by the column `moment`. Two queries."""
    page = read_page(rows.order_by(), by(moment, descending=True), after, size)
    found = rows.in_bulk(page.ids)
    return OlderPage([found[pk] for pk in page.ids if pk in found], page.next)
