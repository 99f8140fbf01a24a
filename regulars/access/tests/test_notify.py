"""Telling colleagues: one line each, never twice, never what they switched off."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from regulars.access import notices
from regulars.access.jobs import forget_old_news
from regulars.access.models import NoticeSettings, Notification, User
from regulars.access.notices import NoticeKind, notify, register_kind
from regulars.access.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    register_kind(NoticeKind("testing", "Testing", "When a test runs."))
    register_kind(NoticeKind("seldom", "Seldom", "When asked for.", default_on=False))
    yield
    for name in ("testing", "seldom"):
        notices._kinds.pop(name)


@pytest.fixture
def rui() -> User:
    return make_user("Rui Silva")


def test_each_is_told_once_but_not_who_did_it_nor_who_has_left(rui: User) -> None:
    ines, gone = make_user("Inês Duarte"), make_user(is_active=False)
    assert notify([rui, ines, rui, gone], kind="testing", text="Hello", url="/", actor=ines) == 1
    assert [(one.user, one.actor, one.text) for one in Notification.objects.all()] == [(rui, ines, "Hello")]
    assert notify([ines], kind="testing", text="Hello", actor=ines) == 0


def test_the_same_key_is_never_told_twice_not_even_after_it_was_read(rui: User) -> None:
    ines = make_user()
    assert notify([rui], kind="testing", text="Late", key="late:5") == 1
    Notification.objects.get().read()
    assert notify([rui, ines], kind="testing", text="Late", key="late:5") == 1
    assert set(Notification.objects.values_list("user", flat=True)) == {rui.pk, ines.pk}
    assert notify([rui], kind="testing", text="No key") + notify([rui], kind="testing", text="No key") == 2


def test_what_somebody_switched_off_does_not_reach_them(rui: User) -> None:
    ines = make_user()
    NoticeSettings.objects.create(user=rui, kinds={"testing": False, "seldom": True})
    assert notify([rui, ines], kind="testing", text="Hello") == 1
    assert notify([rui, ines], kind="seldom", text="Hello") == 1
    assert [(one.user, one.kind) for one in Notification.objects.order_by("pk")] == [(ines, "testing"), (rui, "seldom")]


def test_it_is_said_in_the_language_of_who_reads_it(rui: User) -> None:
    User.objects.filter(pk=rui.pk).update(language="de")
    rui.refresh_from_db()
    notify([rui], kind="testing", text=gettext_lazy("Today"))
    notify([rui], kind="testing", text=lambda user: f"{user.first_name}: {gettext_lazy('Today')}")
    assert [one.text for one in Notification.objects.order_by("pk")] == ["Heute", "Rui: Heute"]


def test_what_was_read_long_ago_goes_and_what_is_new_stays(rui: User) -> None:
    old, read, _new = (Notification.objects.create(user=rui, kind="testing", text="News") for _ in range(3))
    Notification.objects.filter(pk=old.pk).update(read_at=timezone.now() - timedelta(days=200))
    read.read()
    forget_old_news()
    assert Notification.objects.count() == 2


def test_a_kind_that_nobody_registered_is_a_mistake_of_ours(rui: User) -> None:
    with pytest.raises(KeyError):
        notify([rui], kind="unheard-of", text="Hello")
