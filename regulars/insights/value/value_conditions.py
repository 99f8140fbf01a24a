"""What people and companies can be chosen by: tier, RFM segment and scores, value and rank."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.insights.tables.standing import RfmSegment, Standing, Tier, TierSettings
from regulars.insights.value.known import newest_run
from regulars.insights.value.ranking import places
from regulars.insights.value.words import number

TIERS = {
    "gold": gettext_lazy("Gold"),
    "silver": gettext_lazy("Silver"),
    "top": gettext_lazy("Gold or silver"),
    "none": gettext_lazy("Neither"),
    "was": gettext_lazy("Was gold or silver before"),
}
SCORES = [("", gettext_lazy("Any")), *((str(n), str(n)) for n in range(5, 0, -1))]


class TierForm(forms.Form):
    """Which tier."""

    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=list(TIERS.items()), initial="gold")


class RfmForm(forms.Form):
    """Which segment, or which scores."""

    segment = forms.ChoiceField(
        label=gettext_lazy("Segment"), choices=[("", gettext_lazy("Any")), *RfmSegment.choices], required=False,
        initial=RfmSegment.CHAMPION,
    )  # fmt: skip
    r = forms.ChoiceField(label=gettext_lazy("Bought lately (5 is best)"), choices=SCORES, required=False)
    f = forms.ChoiceField(label=gettext_lazy("Buys often (5 is best)"), choices=SCORES, required=False)


class RankForm(forms.Form):
    """The best so many."""

    best = forms.IntegerField(
        label=gettext_lazy("The best so many by value"), min_value=1, max_value=10_000_000, initial=100
    )


class OfStanding(Condition):
    """A condition on where somebody stands. Subclasses give `where`."""

    form: ClassVar[type[forms.Form]]
    module = "insights"
    icon = "gem"

    def where(self, value: Value) -> Q:
        """What is true for the row of Standing."""
        raise NotImplementedError

    def q(self, value: Value, user: User, today: date) -> Q:
        """One look by the unique index."""
        return Q(Exists(Standing.objects.filter(self.where(value), contact=OuterRef("pk"))))

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """By the index on what is asked for."""
        rows: QuerySet[Any, Any] = Standing.objects.filter(self.where(value), contact__isnull=False)
        return rows.order_by().values_list("contact_id", flat=True)


class InTier(OfStanding):
    """Gold, silver, either, neither, or once."""

    key, label, form = "tier", gettext_lazy("Tier"), TierForm

    def where(self, value: Value) -> Q:
        """By the tier."""
        if value["tier"] == "top":
            return Q(top_value__isnull=False)
        if value["tier"] == "was":
            return Q(tier=Tier.NONE) & ~Q(previous=Tier.NONE)
        return Q(tier=value["tier"], top_value__isnull=value["tier"] == Tier.NONE)

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Only the tiers have an index."""
        return super().members(value, user, today) if value["tier"] in ("gold", "silver", "top") else None

    def words(self, value: Value) -> str:
        """ "Tier: Gold"."""
        return _("Tier: %(tier)s") % {"tier": TIERS[value["tier"]]}


class InSegment(OfStanding):
    """An RFM segment, or scores."""

    key, label, form = "rfm", gettext_lazy("RFM segment"), RfmForm

    def where(self, value: Value) -> Q:
        """By the segment and the scores that are asked for."""
        asked = {name: value[name] for name in ("segment", "r", "f") if value.get(name)}
        return Q(**asked) if asked else Q(pk__isnull=False)

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """None where everybody is asked for."""
        return super().members(value, user, today) if any(value.values()) else None

    def words(self, value: Value) -> str:
        """ "RFM: Champions, lately 5, often 4"."""
        said = [str(RfmSegment(value["segment"]).label)] if value.get("segment") else []
        if value.get("r"):
            said.append(_("lately %(score)s") % {"score": value["r"]})
        if value.get("f"):
            said.append(_("often %(score)s") % {"score": value["f"]})
        return _("RFM: %(said)s") % {"said": ", ".join(said) or _("any")}


class BestByRank(OfStanding):
    """The best hundred."""

    key, label, form = "best", gettext_lazy("Rank by value"), RankForm

    def where(self, value: Value) -> Q:
        """By the rank."""
        return Q(rank__lte=value["best"])

    def members(self, value: Value, user: User, today: date) -> QuerySet[Any, Any] | None:
        """Among gold and silver, by their index, while the best so many are all in there."""
        run, settings = newest_run("contact"), TierSettings.current()
        if run is None or value["best"] > places(run.of, settings.gold + settings.silver):
            return None
        rows = Standing.objects.filter(contact__isnull=False, top_value__isnull=False)
        best: QuerySet[Any, Any] = rows.filter(self.where(value)).order_by().values_list("contact_id", flat=True)
        return best

    def words(self, value: Value) -> str:
        """ "The best 100 by value"."""
        return _("The best %(count)s by value") % {"count": number(value["best"])}


def register() -> None:
    """Make them known; called by `value_setup`."""
    for condition in (InTier(), InSegment(), BestByRank()):
        register_condition(condition)
