"""`bin/regulars facts`: compare what is kept of each customer with a full count, or count everybody anew."""

from collections.abc import Iterable
from time import monotonic
from typing import Any

from django.core.management.base import CommandParser

from regulars.access.models.audit import audit
from regulars.lib.commands import ProductCommand
from regulars.orders.facts_check import check_all
from regulars.orders.facts_rebuild import rebuild_all
from regulars.orders.models import CustomerFacts


class Command(ProductCommand):
    help = "Compare what each customer's orders come to with a full count and mend it, as every night does."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="compare nothing: count everybody anew")

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        began = monotonic()
        if options["rebuild"]:
            rebuild_all(None if options["as_json"] else self._say)
            audit("counted anew", by=None, kind="facts")
            found = {"customers": CustomerFacts.objects.count(), "differing": None}
        else:
            check = check_all()
            found = {"customers": check.customers, "differing": check.differing}
        return {**found, "seconds": round(monotonic() - began, 1)}

    def _say(self, done: int, of: int) -> None:
        self.stdout.write(f"\r{done * 100 // of} %", ending="")
        self.stdout.flush()

    def tell(self, answer: dict[str, Any]) -> Iterable[str]:
        customers, differing = answer["customers"], answer["differing"]
        if differing is None:
            yield f"\r{customers:,} customers counted anew ({answer['seconds']} s)."
        elif differing:
            yield f"{customers:,} customers, {differing:,} of them wrong and mended ({answer['seconds']} s)."
        else:
            yield f"{customers:,} customers, all right ({answer['seconds']} s)."
