"""`bin/regulars fit`: fit a model to a table in a file, without a database."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from regulars.lib.commands import Failure, ProductCommand

MODELS = ("bgnbd", "paretonbd", "gammagamma", "bgbb", "sbg")


class Command(ProductCommand):
    help = "Fit a model of customers to a table in a file, to check what Regulars computes."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("model", choices=MODELS, help="which model")
        parser.add_argument("file", type=Path, help="a CSV with x, t_x, T (or as the model needs); sbg: JSON or CSV")

    def answer(self, options: dict[str, Any]) -> Any:
        from regulars.insights.models.fitting import BadData, Fit, NotEnough
        from regulars.insights.models.tables import fit_file

        path: Path = options["file"]
        try:
            found = fit_file(options["model"], path)
        except OSError as wrong:
            raise Failure(f"{path}: {wrong.strerror or wrong}.") from wrong
        except (BadData, NotEnough) as wrong:
            raise Failure(str(wrong)) from wrong
        if isinstance(found, Fit):
            return found.as_dict()
        return {"model": options["model"], "series": {name: fit.as_dict() for name, fit in found.items()}}

    def tell(self, answer: Any) -> Iterable[str]:
        for name, fit in answer.get("series", {"": answer}).items():
            yield f"{name + ': ' if name else ''}{fit['model']} on {fit['n']} customers, {fit['seconds']:.2f} s"
            yield from (f"  {parameter:<10} {value:.6g}" for parameter, value in fit["parameters"].items())
            yield f"  log-likelihood {fit['log_likelihood']:.4f}"
            yield f"  {'converged' if fit['converged'] else 'not converged'} {fit['message']}".rstrip()

    def exit_code(self, answer: Any) -> int:
        fits = answer.get("series", {"": answer}).values()
        return 0 if all(fit["converged"] for fit in fits) else 1
