"""What a report is asked for: months, comparison, choice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Segment, Source
from regulars.insights.cubes.counting import shift
from regulars.insights.cubes.reading import BEFORE, LAST_YEAR, LONGEST, NOTHING, Sight
from regulars.insights.reports.base import month_words
from regulars.insights.tables.standing import Tier
from regulars.orders.models import Order

SHOWN = 200


class ReportForm(forms.Form):
    """The line above a report. Its values are read by `Sight`; this only draws it."""

    compare = forms.ChoiceField(
        label=_("Compared with"),
        choices=[(LAST_YEAR, _("a year before")), (BEFORE, _("the months before")), (NOTHING, _("nothing"))],
    )
    channel = forms.ChoiceField(label=_("Channel"))
    owner = forms.ChoiceField(label=_("Point of contact"))
    source = forms.ChoiceField(label=_("Source"))
    tier = forms.ChoiceField(label=_("Tier"))
    segment = forms.ChoiceField(label=_("Segment"))

    def __init__(self, user: User, sight: Sight) -> None:
        months = [(f"{month:%Y-%m}", month_words(month)) for month in self._months(sight)]
        chosen = {name: getattr(sight.choice, name) or "" for name in ("channel", "owner", "source", "tier", "segment")}
        period = sight.period
        initial: dict[str, Any] = {
            "from": f"{period.first:%Y-%m}",
            "to": f"{period.last:%Y-%m}",
            "compare": sight.compare,
        }
        super().__init__(initial=initial | chosen, auto_id="report_%s")
        month = forms.ChoiceField
        self.fields = {
            "from": month(label=_("From"), choices=months),
            "to": month(label=_("To"), choices=months),
            **self.fields,
        }
        self._choose("channel", Order.Channel.choices, _("All channels"))
        self._choose("owner", User.objects.active().order_by("name").values_list("pk", "name")[:SHOWN], _("Everybody"))
        self._choose("source", Source.objects.order_by("position", "name").values_list("pk", "name")[:SHOWN], _("All"))
        self._choose("tier", Tier.choices, _("All tiers"))
        segments = Segment.objects.visible_to(user).order_by("name").values_list("pk", "name")[:SHOWN]
        self._choose("segment", segments, _("All people"))

    def _months(self, sight: Sight) -> list[Any]:
        """Months that can be chosen, the newest first: those with figures, and those that are chosen."""
        this = sight.today.replace(day=1)
        first = min([*sight.known, sight.period.first, shift(this, -24)])
        last = max(this, sight.period.last)
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        return [shift(last, -back) for back in range(min(count, LONGEST + 12))]

    def _choose(self, name: str, choices: Any, everything: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", everything), *choices]
