"""Products of a choice of orders: counted when somebody first asks for them, kept for a day, their seasons with them.

Of all orders they are counted every night (ProductMonth). Of each channel, colleague, source and segment they would be
very many rows that nobody reads, so they wait until somebody does.
"""

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from regulars.access.home import at_home_of
from regulars.insights.cubes.choice import Choice
from regulars.insights.cubes.counting import BATCH, all_months, product_columns
from regulars.insights.cubes.running import NIGHT, slice_of
from regulars.insights.cubes.tallies import Counted, keep_tally
from regulars.insights.habits.seasons import seasons_subject, tally_seasons
from regulars.insights.tables import ChoiceGoods, ChoiceProduct, Slice, Tally
from regulars.insights.tables.figures import FORGOTTEN_AFTER
from regulars.lib.schedule import every


def are_counted(choice: Choice) -> bool:
    """Whether the products of a choice can be read: those of all orders always can."""
    if not choice.key:
        return True
    since = timezone.now() - NIGHT
    return bool(ChoiceGoods.objects.filter(slice__key=choice.key, counted_at__gt=since).exists())


def ask_for_goods(choice: Choice) -> None:
    """Have the products of a choice counted where they are not, or not lately."""
    if not are_counted(choice):
        goods, _new = ChoiceGoods.objects.get_or_create(slice=slice_of(choice))
        if goods.counting_since is None:
            count_goods_later.enqueue(choice.key)


@task()
def count_goods_later(key: str) -> None:
    """Count them in the background. Whoever watches the page asks more than once: later ones find it done."""
    choice = Choice.of_key(key)
    if not are_counted(choice):
        with at_home_of(None):
            count_goods(choice)


def count_goods(choice: Choice) -> bool:
    """Count the products of a choice month by month, then their seasons; False when another worker is at it."""
    one = slice_of(choice)
    goods, _new = ChoiceGoods.objects.get_or_create(slice=one)
    if not goods.begin():
        return False
    try:
        _count(choice, one)
    except BaseException:
        goods.end()
        raise
    goods.end(counted_at=timezone.now())
    return True


def _count(choice: Choice, one: Slice) -> None:
    months = all_months(timezone.localdate())
    for month in months:
        rows = [ChoiceProduct(slice=one, **columns) for columns in product_columns(month, choice)]
        with transaction.atomic():
            ChoiceProduct.objects.filter(slice=one, month=month).delete()
            ChoiceProduct.objects.bulk_create(rows, batch_size=BATCH)
    ChoiceProduct.objects.filter(slice=one).exclude(month__in=months).delete()
    subject, today = seasons_subject(one.pk), timezone.localdate()
    found = tally_seasons(today, ChoiceProduct.objects.filter(slice=one))
    for row in found:
        row.subject, row.month = subject, today.replace(day=1)
    keep_tally(Counted(subject, found))


@every(hours=24)
def forget_goods() -> None:
    """Drop products of choices that nobody has asked for in a month, and their seasons."""
    old = ChoiceGoods.objects.filter(counted_at__lt=timezone.now() - FORGOTTEN_AFTER)
    for one in Slice.objects.filter(goods__in=old):
        ChoiceProduct.objects.filter(slice=one).delete()
        Tally.objects.filter(subject=seasons_subject(one.pk)).delete()
    old.delete()
