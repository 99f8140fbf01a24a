"""`bin/regulars predict`: score everybody now, or show how well the models foretold the business's own past."""

from collections.abc import Iterable
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser
from django.utils import timezone

from regulars.access.home import at_home_of
from regulars.insights.predicting.fitting import KINDS, prove
from regulars.insights.predicting.job import predict_all
from regulars.insights.tables.run import Run
from regulars.lib.commands import BadUse, ProductCommand

if TYPE_CHECKING:
    from regulars.insights.models.backtest import Backtest, Errors

FAMILIES = ("bgnbd", "paretonbd", "bgbb")
ERRORS = ("predicted", "actual", "aggregate", "mae", "rmse", "correlation", "brier", "money_predicted",
          "money_actual", "money_mae")  # fmt: skip


class Command(ProductCommand):
    help = "Fit the models to the orders and score everybody; or only show how well they foretold the past."

    def add_options(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--backtest", action="store_true", help="score nobody: show what we said and what happened")
        add("--cut", metavar="DATE", help="backtest: the last day that models see (default: 90 days before the end)")
        add("--until", metavar="DATE", help="backtest: the last day to foretell (default: of the last order)")
        add("--kind", choices=KINDS, default="contact", help="backtest: people or companies")

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        with at_home_of(None):
            cut, until = _day(options["cut"], "--cut"), _day(options["until"], "--until")
            if options["backtest"]:
                return _backtest(options["kind"], cut, until)
            if cut or until:
                raise BadUse("--cut and --until belong to --backtest.")
            return {"runs": [_of(run) for run in predict_all().values()]}

    def tell(self, answer: dict[str, Any]) -> Iterable[str]:
        if "runs" in answer:
            return (_line(run) for run in answer["runs"])
        return _lines(answer)


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadUse(f"{option} needs a day such as 2026-03-31.") from None


def _of(run: Run) -> dict[str, Any]:
    return {
        "kind": run.kind, "model": run.model, "parameters": run.parameters, "log_likelihood": run.log_likelihood,
        "customers": run.customers, "repeat_customers": run.repeat, "beats_plain_rules": run.beats,
        "scored": run.scored, "have": run.have, "need": run.need, "message": run.message, "seconds": run.seconds,
    }  # fmt: skip


def _line(run: dict[str, Any]) -> str:
    if not run["model"]:
        return f"{run['kind']}: not enough data yet: {run['have']} of about {run['need']} {run['message']}"
    return f"{run['kind']}: {run['model']}, {run['scored']} scored"


def _backtest(kind: str, cut: date | None, until: date | None) -> dict[str, Any]:
    """Prove the models on the past, and print it in the shape that docs/commands.md says."""
    today = timezone.localdate()
    if cut and cut >= (until or today):
        raise BadUse("--cut must lie before the end.")
    begun = perf_counter()
    tested = prove(kind, today, cut, until)
    answer: dict[str, Any] = {"kind": kind, "enough": tested.found is not None, "message": tested.sentence}
    if tested.cut:
        past = tested.cut.past
        answer |= {
            "cut": tested.cut.cut, "until": tested.cut.until, "weeks": past.horizon,
            "sample": {"customers": len(past.x), "repeat_customers": past.repeat,
                       "repeat_purchases": int(past.x.sum()), "days_of_past": tested.cut.reaches},
        }  # fmt: skip
    if tested.found:
        answer |= _found(tested.found)
    return answer | {"seconds": round(perf_counter() - begun, 3)}


def _found(found: "Backtest") -> dict[str, Any]:
    every = {one.name: {name: getattr(one, name) for name in ERRORS} for one in found.candidates}
    best, all_of_it = found.of(found.best), found.as_dict()
    models = {one.name: _model(one) | every[one.name] for one in found.candidates if one.name in FAMILIES}
    return {
        "model": found.best, "beats_plain_rules": found.beats, "parameters": best.parameters,
        "log_likelihood": best.log_likelihood, "holdout": every[found.best], "models": models,
        "plain_rules": {name: errors for name, errors in every.items() if name not in models},
        "spend": {"model": "gammagamma", "parameters": found.spend, "correlation_with_frequency": found.link},
        "calibration": all_of_it["calibration"], "cohorts": all_of_it["cohorts"],
    }  # fmt: skip


def _model(one: "Errors") -> dict[str, Any]:
    names = ("parameters", "log_likelihood", "converged", "message", "seconds")
    return {name: getattr(one, name) for name in names}


def _lines(answer: dict[str, Any]) -> Iterable[str]:
    if not answer["enough"]:
        yield answer["message"].capitalize() + "."
        return
    sample, best = answer["sample"], answer["holdout"]
    yield f"{sample['customers']} customers until {answer['cut']}, {sample['repeat_customers']} had bought again."
    yield f"By {answer['until']} we expected {best['predicted']:.0f} purchases; there were {best['actual']:.0f}."
    yield f"{'':<12} {'purchases':>10} {'in all':>8} {'MAE':>7} {'RMSE':>7} {'corr.':>7}"
    for name, one in {**answer["models"], **answer["plain_rules"]}.items():
        mark = " *" if name == answer["model"] else ""
        if one["aggregate"] is not None:
            yield (
                f"{name:<12} {one['predicted']:>10.0f} {one['aggregate']:>+8.1%} {one['mae']:>7.3f} "
                f"{one['rmse']:>7.3f} {one['correlation'] or 0:>7.3f}{mark}"
            )
        else:
            yield f"{name:<12} {one.get('message', '')}"
