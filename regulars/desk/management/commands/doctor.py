"""`bin/regulars doctor`."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from regulars.desk.doctor import WRONG, examine
from regulars.lib.commands import ProductCommand

MARKS = {"good": "ok     ", "warning": "look at", "wrong": "WRONG  "}


class Command(ProductCommand):
    help = (
        "Check database, migrations, queue, clock, disk and mail, and say what to do. Exit code 1: something is wrong."
    )

    def answer(self, options: dict[str, Any]) -> list[dict[str, str]]:
        return [asdict(finding) for finding in examine()]

    def tell(self, answer: list[dict[str, str]]) -> Iterable[str]:
        for finding in answer:
            yield f"{MARKS[finding['state']]}  {finding['check']:<10}  {finding['detail']}"
            if finding["advice"]:
                yield f"{'':<21}→ {finding['advice']}"

    def exit_code(self, answer: list[dict[str, str]]) -> int:
        return int(any(finding["state"] == WRONG for finding in answer))
