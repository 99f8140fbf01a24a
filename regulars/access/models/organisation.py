"""The business itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from regulars.access.trades import TRADES, Trade
from regulars.lib.prepared import prepared


class Organisation(models.Model):
    """The one business of this installation: its name, words, money, clock and switched-on modules."""

    name = models.CharField(max_length=200)
    trade = models.CharField(max_length=20, choices=[(t.key, t.label) for t in TRADES.values()], default="other")
    person_word = models.CharField(max_length=40, default="customer")
    people_word = models.CharField(max_length=40, default="customers")
    currency = models.CharField(max_length=3, default="EUR")
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, default="en")
    country = models.CharField(max_length=2, blank=True)
    modules = models.JSONField(default=list, help_text="Names of the modules that are switched on.")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        """Save as the only organisation."""
        self.pk = 1
        super().save(**kwargs)

    @classmethod
    def current(cls) -> "Organisation | None":
        """Return the business, or None before set-up."""
        return _known.get() or _current.first()

    @contextmanager
    def known(self) -> Iterator[None]:
        """Let `current()` return this one without reading it again, within: for pages, which change nothing."""
        token = _known.set(self)
        try:
            yield
        finally:
            _known.reset(token)

    @property
    def trade_template(self) -> Trade:
        """What this trade starts with."""
        return TRADES[self.trade]

    @property
    def words(self) -> dict[str, str]:
        """What the business calls its people: `person`, `people`, and both with a capital."""
        person, people = self.person_word, self.people_word
        return {
            "person": person,
            "people": people,
            "Person": person[:1].upper() + person[1:],
            "People": people[:1].upper() + people[1:],
        }

    def has_module(self, name: str) -> bool:
        """Whether the module `name` is switched on."""
        return name in self.modules


_known: ContextVar[Organisation | None] = ContextVar("organisation", default=None)


@prepared
def _current() -> models.QuerySet[Organisation]:
    return Organisation.objects.filter(pk=1)
