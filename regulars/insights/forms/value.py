"""The settings of tiers."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.insights.tables.standing import TierSettings


class TierSettingsForm(forms.ModelForm[TierSettings]):
    """What tiers are measured by, over which time, and how many are in them."""

    class Meta:
        model = TierSettings
        fields = ("measure", "months", "gold", "silver")
        labels: ClassVar[dict[str, Any]] = {
            "measure": _("Measured by"),
            "months": _("Over"),
            "gold": _("Gold: the best so many percent"),
            "silver": _("Silver: the next so many percent"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "months": _("Calendar months, this one included."),
            "silver": _("0 for no silver."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, least in (("gold", 1), ("silver", 0)):
            self.fields[name] = forms.IntegerField(
                label=self.fields[name].label, help_text=self.fields[name].help_text, min_value=least, max_value=50
            )
