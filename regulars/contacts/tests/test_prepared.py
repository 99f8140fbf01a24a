"""Prepared reads: the same rows as the queryset they were made from."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.test.utils import CaptureQueriesContext

from regulars.access.models import Notification, User
from regulars.access.tests.factories import make_user
from regulars.contacts.models import ImportantDate, NameWord
from regulars.contacts.tests.factories import make_contact
from regulars.lib.planner import PLANNED_ONCE
from regulars.lib.prepared import Fixed, prepared

pytestmark = pytest.mark.django_db


@prepared
def named(name: str, active: bool) -> QuerySet[User]:
    return User.objects.filter(name=name, is_active=active).order_by("pk")


@prepared
def among(ids: list[int], role: str) -> QuerySet[User, Any]:
    return User.objects.filter(pk__in=ids, role=role).order_by("pk").values_list("pk", "name")


@prepared
def since(at: datetime, user: int) -> QuerySet[Notification]:
    return Notification.objects.filter(created_at__gte=at, user=user).select_related("user").order_by("pk")


def test_values_change_and_the_shape_stays() -> None:
    ines, rui = make_user("Inês Duarte"), make_user("Rui Costa")
    assert named("Inês Duarte", True) == [ines]
    assert named("Rui Costa", True) == [rui]
    assert named("Rui Costa", False) == []


def test_a_list_of_any_length_is_one_statement() -> None:
    people = [make_user(f"Person {n}", role="member") for n in range(7)]
    for count in (1, 3, 7):
        found = among([person.pk for person in people[:count]], "member")
        assert found == [(person.pk, person.name) for person in people[:count]]
    assert among([people[0].pk], "owner") == []


def test_an_empty_list_asks_nothing() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert among([], "member") == []
    assert len(asked) == 0


@prepared
def beginning(length: int, letters: str, largest: int) -> QuerySet[User]:
    starts = User.objects.alias(start=Substr("name", 1, length)).filter(start=letters)
    return starts.filter(pk__lt=largest).order_by("pk")


def test_numbers_go_into_functions_and_may_be_large() -> None:
    ines = make_user("Inês Duarte")
    assert beginning(3, "Inê", 2**40) == [ines]
    assert beginning(2, "In", ines.pk + 1) == [ines]
    assert beginning(2, "Ru", 2**40) == []
    assert beginning(3, "Inê", 2**70) == [ines]  # more than a column holds


def test_moments_and_joins() -> None:
    ines = make_user("Inês Duarte")
    told = Notification.objects.create(user=ines, text="Hello")
    with CaptureQueriesContext(connection) as asked:
        assert since(datetime(2020, 1, 1, tzinfo=UTC), ines.pk) == [told]
        assert since(datetime(2020, 1, 1, tzinfo=UTC), ines.pk)[0].user.name == "Inês Duarte"
    assert len(asked) == 2
    assert since(datetime(2999, 1, 1, tzinfo=UTC), ines.pk) == []


def test_a_value_that_changes_on_its_way_is_refused() -> None:
    @prepared
    def newest(count: int) -> QuerySet[User]:
        return User.objects.order_by("-pk")[:count]

    with pytest.raises(TypeError, match="does not reach the statement"):
        newest(3)


def test_a_length_is_part_of_the_shape() -> None:
    @prepared
    def newest(count: int) -> QuerySet[User]:
        return User.objects.order_by("-pk")[:count]

    people = [make_user(f"Person {n}") for n in range(4)]
    assert newest(Fixed(2)) == [people[3], people[2]]
    assert newest(Fixed(3)) == [people[3], people[2], people[1]]


def test_what_a_look_up_puts_around_a_text_stays_and_wildcards_stand_for_themselves() -> None:
    @prepared
    def beginning(text: str) -> QuerySet[User]:
        return User.objects.filter(name__prefix=text)

    @prepared
    def containing(text: str) -> QuerySet[User]:
        return User.objects.filter(name__contains=text)

    under, plain = make_user("a_b"), make_user("axb")
    assert beginning("a_") == [under]
    assert containing("x") == [plain]
    assert containing("_") == [under]
    assert containing("%") == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans with the values")
def test_a_plan_that_postgresql_keeps_finds_beginnings_by_their_index() -> None:
    """It is made without knowing the text: a LIKE would read every name of the business."""
    words = NameWord.objects.filter(contact__isnull=False, word__prefix="ma").order_by().values("pk")
    sql, params = words.query.sql_with_params()
    for number in range(1, len(params) + 1):
        sql = sql.replace("%s", f"${number}", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"PREPARE beginning (text, text) AS {sql}")
        cursor.execute("EXPLAIN EXECUTE beginning ('ma', 'mb')")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("DEALLOCATE beginning")
    assert "name_word" in plan
    assert "Index Cond: (((word)::text ~>=~ $1) AND ((word)::text ~<~ $2))" in plan


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans with the values")
def test_what_never_changes_stands_in_the_plan_that_postgresql_keeps() -> None:
    """An index on what is unread serves `read_at IS NULL`, one on what is open `status = 'open'`, but no `$2`."""

    @prepared
    def managers(name: str) -> QuerySet[User]:
        return User.objects.filter(name__contains=name, role="manager", time_zone="100% %s").order_by("pk")

    with connection.cursor() as cursor:
        cursor.execute(PLANNED_ONCE.replace("SET", "SET LOCAL"))
    ines = make_user("Inês Duarte", role="manager", time_zone="100% %s")
    make_user("Inês Prado", role="manager")
    assert managers("Inês") == [ines]
    assert managers("Rui") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans FROM pg_prepared_statements WHERE statement LIKE '%100\\%%'")
        [(statement, generic)] = cursor.fetchall()
    assert """"time_zone" = '100% %s'""" in statement
    assert "$1" in statement
    assert "$2" not in statement
    assert generic >= 1


def test_prefetching_is_refused() -> None:
    @prepared
    def with_teams(pk: int) -> QuerySet[User]:
        return User.objects.filter(pk=pk).prefetch_related("teams")

    with pytest.raises(TypeError, match="prefetch_related"):
        with_teams(1)


def test_a_constant_that_looks_like_a_stand_in_is_refused_or_kept() -> None:
    @prepared
    def neither(pk: int) -> QuerySet[User]:
        return User.objects.filter(pk=pk).exclude(pk=29_000)

    ines = make_user("Inês Duarte")
    with pytest.raises(TypeError, match="does not reach the statement"):
        neither(ines.pk)


def test_small_columns_are_asked_too() -> None:
    @prepared
    def of_month(month: int) -> QuerySet[ImportantDate]:
        return ImportantDate.objects.filter(month=month)

    maya = make_contact("Maya Okafor", by=make_user("Inês Duarte"))
    day = ImportantDate.objects.create(contact=maya, day=9, month=2, label="Opening")
    assert of_month(2) == [day]
    assert of_month(3) == []
