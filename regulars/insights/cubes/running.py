"""When figures are counted: at night, soon after new orders, when somebody asks for a choice or wants them anew."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from regulars.access import operations
from regulars.access.home import at_home_of
from regulars.access.models import Operation, User
from regulars.insights.cubes.choice import ALL, Choice
from regulars.insights.cubes.counting import all_months, count_month, keep_month, read_month
from regulars.insights.cubes.crowd import Crowd
from regulars.insights.cubes.stale import marked, unmark
from regulars.insights.cubes.tallies import count_tallies, keep_tally, read_tally, tally_count
from regulars.insights.tables import CohortFigure, MonthFigure, Slice, StaleMonth
from regulars.insights.tables.figures import FORGOTTEN_AFTER
from regulars.lib.schedule import every
from regulars.orders.models import Order

KIND = "figures"
NIGHT = timedelta(hours=20)


def slice_of(choice: Choice) -> Slice:
    """Return the slice of a choice, made when it is new."""
    made, _new = Slice.objects.get_or_create(key=choice.key, defaults={"is_standing": choice.is_standing})
    return made


@every(minutes=10)
def count_news() -> None:
    """Count the months of orders that came since the last count; everything where nothing was counted for a day."""
    whole = slice_of(ALL)
    newest = _newest()
    if not newest:
        Slice.objects.all().delete()  # with all of their figures
        return
    if whole.whole_at is None or whole.whole_at < timezone.now() - NIGHT:
        count_everything.enqueue()
    elif newest > whole.last_order:
        count_touched.enqueue(whole.last_order)


@every(minutes=1)
def count_changes() -> None:
    """Count the months anew in which something changed that was counted already."""
    if StaleMonth.objects.exists():
        count_stale.enqueue()


@every(hours=24)
def forget_slices() -> None:
    """Drop choices that nobody has asked for in a month."""
    Slice.objects.filter(is_standing=False, asked_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()


@task()
def count_everything() -> None:
    """Count every month, then what compares people. Safe to run twice: only one worker at a time does."""
    with at_home_of(None):
        count_all()


@task()
def count_touched(after: int) -> None:
    """Count the months of orders newer than the id `after`."""
    with at_home_of(None):
        newest = _newest()
        _count(_touched(after), newest)


@task()
def count_stale() -> None:
    """Count the months that are marked, and those of new orders: the figures say up to which order they are true."""
    with at_home_of(None):
        marks, newest = marked(), _newest()
        if marks and _count({*marks.values(), *_touched(slice_of(ALL).last_order)}, newest, choices=False):
            unmark(marks)


def _touched(after: int) -> set[date]:
    """The months of orders newer than the id `after`."""
    rows = Order.objects.filter(pk__gt=after).order_by().annotate(month=TruncMonth("placed_on"))
    return set(rows.values_list("month", flat=True).distinct())


@task()
def count_choice(key: str) -> None:
    """Count every month of a choice that is not counted by night."""
    one = Slice.objects.filter(key=key).first()
    if one is None or not one.begin():
        return
    with at_home_of(None):
        try:
            crowd = Crowd()
            for month in all_months(timezone.localdate()):
                count_month(month, Choice.of_key(key), crowd)
            one.finish()
        except BaseException:
            one.give_up()
            raise


def count_all() -> bool:
    """Count every month and every comparison now; False when another worker is at it."""
    marks, newest = marked(), _newest()
    months = all_months(timezone.localdate())
    done = _count(months, newest)
    if done:
        slice_of(ALL).finish(whole_at=timezone.now())
        unmark(marks)
        # Months whose orders are all gone.
        MonthFigure.objects.exclude(month__in=months).delete()
        CohortFigure.objects.exclude(month__in=months).delete()
        count_tallies()
    return done


def _newest() -> int:
    """The newest order; asked before its month is, so that none is taken for counted that isn't."""
    return Order.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _count(months: Iterable[date], newest: int, *, choices: bool = True) -> bool:
    whole = slice_of(ALL)
    if not whole.begin():
        return False
    try:
        crowd = Crowd()
        for month in months:
            count_month(month, crowd=crowd)
    except BaseException:
        whole.give_up()
        raise
    _finish_standing(newest, choices=choices)
    return True


def _finish_standing(newest: int, *, choices: bool = True) -> None:
    """Say that the standing slices are true up to the order `newest`; with `choices` that the others no longer are."""
    Slice.objects.standing().update(counted_at=timezone.now(), counting_since=None)
    Slice.objects.filter(key="").update(last_order=newest)
    # Choices that are not counted by night are too old now; whoever opens one has it counted anew.
    if choices:
        Slice.objects.filter(is_standing=False).update(counted_at=None, counting_since=None)


def ask_for(choice: Choice) -> Slice:
    """Have a choice counted where it isn't; returns its slice."""
    one = slice_of(choice)
    if one.counted_at is None and one.counting_since is None:
        if choice.is_standing:
            count_everything.enqueue()
        else:
            count_choice.enqueue(one.key)
    return one


def count_again(*, by: User) -> Operation:
    """Count everything anew as an operation that shows its progress."""
    newest = _newest()
    months = [month.isoformat() for month in all_months(timezone.localdate())]
    title = _("Counting all figures")
    return operations.start(KIND, title, by=by, total=len(months) + tally_count(), months=months, newest=newest)


_crowds: dict[int, Crowd] = {}  # as this process read it; a worker that takes the operation over reads it again


def _prepare(operation: Operation) -> None:
    """Add up the next month outside the transaction, so that nobody waits for it."""
    months = operation.state["months"]
    at = operation.done
    operation.ready = (  # type: ignore[attr-defined]
        read_month(date.fromisoformat(months[at]), crowd=_crowds.setdefault(operation.pk, Crowd()))
        if at < len(months)
        else read_tally(at - len(months))
    )


def _step(operation: Operation) -> bool:
    """Keep one month; after the last one what compares people, one comparison at a time."""
    months, ready = operation.state["months"], operation.ready  # type: ignore[attr-defined]
    if operation.done < len(months):
        keep_month(ready)
    else:
        keep_tally(ready)
    operation.advance(1)
    if operation.done < (operation.total or 0):
        return True
    _finish_standing(operation.state["newest"])
    slice_of(ALL).finish(whole_at=timezone.now())
    return False


def _forget(operation: Operation) -> None:
    _crowds.pop(operation.pk, None)


def register() -> None:
    """Make the operation known."""
    operations.register(operations.OperationKind(KIND, step=_step, prepare=_prepare, on_finish=_forget))
