"""Which orders a report is about: all, or those of a channel, an owner, a team, a source, a tier, a segment."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils.http import urlencode

from regulars.access.door import viewer
from regulars.access.models import Organisation
from regulars.contacts.filters.base import CONTACT, Scope
from regulars.contacts.models import Segment
from regulars.contacts.segments.reading import people_in
from regulars.insights.tables.standing import Tier
from regulars.orders.models import Order

DIMENSIONS: Mapping[str, Any] = {
    "channel": F("channel"),
    "owner": Coalesce("contact__owner_id", "company__owner_id"),
    "team": Coalesce("contact__team_id", "company__team_id"),
    "source": F("contact__profile__source_id"),
    "tier": Coalesce("contact__standing__tier", "company__standing__tier"),
}
PEOPLE: Mapping[str, str] = {
    "owner": "contact__owner_id",
    "team": "contact__team_id",
    "source": "contact__profile__source_id",
    "tier": "contact__standing__tier",
}


@dataclass(frozen=True)
class Choice:
    """What was chosen; empty for all. `key` names its slice. `tier` is the one that people are in today."""

    channel: str = ""
    owner: int | None = None
    team: int | None = None
    source: int | None = None
    tier: str = ""
    segment: int | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Choice":
        """Read parameters of an address; what makes no sense is left out."""
        numbers = {
            name: int(value)
            for name in ("owner", "team", "source", "segment")
            if (value := str(data.get(name) or "")).isdecimal() and len(value) < 19
        }
        texts = {
            name: value
            for name, known in (("channel", Order.Channel.values), ("tier", Tier.values))
            if (value := str(data.get(name) or "")) in known
        }
        return cls(channel=texts.get("channel", ""), tier=texts.get("tier", ""), **numbers)

    @classmethod
    def of_key(cls, key: str) -> "Choice":
        """Return the choice whose `key` this is."""
        return cls.read(dict(part.split("=", 1) for part in key.split("&") if "=" in part))

    @property
    def key(self) -> str:
        """The same for the same choice: "channel=web&owner=3"."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}
        return urlencode(chosen)

    @property
    def is_standing(self) -> bool:
        """Whether it is counted every night: everything, or one channel, owner, team, source or tier."""
        return "&" not in self.key and not self.segment

    def orders(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """Narrow orders to the chosen ones."""
        for name, expression in DIMENSIONS.items():
            value = getattr(self, name)
            if value:
                rows = rows.alias(**{f"chosen_{name}": expression}).filter(**{f"chosen_{name}": value})
        return rows.filter(contact__in=self._people()) if self.segment else rows

    def people(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """Narrow months of people (CustomerMonth) to the chosen ones."""
        chosen = {path: value for name, path in PEOPLE.items() if (value := getattr(self, name))}
        rows = rows.filter(**chosen)
        if self.channel:
            bought = Order.objects.filter(contact=OuterRef("contact"), channel=self.channel).counted()
            rows = rows.filter(Exists(bought))
        return rows.filter(contact__in=self._people()) if self.segment else rows

    def _people(self) -> QuerySet[Any, Any]:
        segment = Segment.objects.filter(pk=self.segment or 0).first()
        if segment is None:
            return Segment.objects.none().values("pk")
        scope = Scope(CONTACT, viewer(segment.owner_id or 0, sees_all=True), Organisation.current())
        return people_in(segment, scope).order_by().values("pk")


ALL = Choice()
