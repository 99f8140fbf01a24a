"""What happens by itself, every so often: the registry of scheduled jobs.

A context decorates a function without arguments in its `jobs.py` and imports that module in `apps.ready()`:

    @every(hours=24)
    def empty_bins() -> None: ...

A scheduler claims each run in the database, so a job runs once a period however many schedulers there are.
Jobs are short, may run twice without harm, and hand anything long to the task queue. Where the claim lives and
who calls `due_jobs` is not known here: see `access.models.ScheduledRun` and `config.worker`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """One scheduled job: `name` is `package.module.function`, `period` the time between two runs."""

    name: str
    period: timedelta
    run: Callable[[], None]


_jobs: dict[str, Job] = {}


def every(
    *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the decorated function to run once each period. Raises ValueError for no period at all."""
    period = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if period <= timedelta(0):
        raise ValueError("A scheduled job needs a period.")

    def register(function: Callable[[], None]) -> Callable[[], None]:
        name = f"{function.__module__}.{function.__qualname__}"
        _jobs[name] = Job(name, period, function)
        return function

    return register


def all_jobs() -> list[Job]:
    """Return every registered job, by name."""
    return [job for _, job in sorted(_jobs.items())]
