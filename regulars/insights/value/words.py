"""Where somebody stands, in words: "€6,240 in 12 months, rank 14 of 380"."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.models import Organisation
from regulars.insights.tables.standing import LIFETIME, Standing, TierRun, TierSettings
from regulars.lib.money import money_text

VISITS = TierSettings.Measure.VISITS
MARGIN = TierSettings.Measure.MARGIN


def currency() -> str:
    """The organisation's currency."""
    organisation = Organisation.current()
    return organisation.currency if organisation else "EUR"


def number(value: int) -> str:
    """A whole number with its groups: "1,250"."""
    return str(number_format(value, 0, force_grouping=True))


def amount(value: int, measure: str, money: str = "") -> str:
    """What was measured: "€6,240", "€2,100 margin", "32 visits"."""
    if measure == VISITS:
        return ngettext("%(count)s visit", "%(count)s visits", value) % {"count": number(value)}
    text = money_text(value, money or currency(), whole=True)
    return _("%(amount)s margin") % {"amount": text} if measure == MARGIN else text


def window(months: int) -> str:
    """The window after an amount: "in 12 months", "in all"."""
    if months == LIFETIME:
        return _("in all")
    return ngettext("in %(count)d month", "in %(count)d months", months) % {"count": months}


def reason(value: int, rank: int | None, of: int, measure: str, months: int, money: str = "") -> str:
    """Why somebody is where they are: "€6,240 in 12 months, rank 14 of 380"."""
    values = {"amount": amount(value, measure, money), "window": window(months)}
    if not rank:
        return _("%(amount)s %(window)s") % values
    values |= {"rank": number(rank), "of": number(of)}
    return _("%(amount)s %(window)s, rank %(rank)s of %(of)s") % values


def reason_of(standing: Standing, run: TierRun, money: str = "") -> str:
    """The reason of a standing, by what the newest count measured."""
    return reason(standing.value, standing.rank, run.of, run.measure, run.months, money)


def reason_of_entry(said: dict[str, Any], money: str = "") -> str:
    """The reason as it was when a line was written on a timeline."""
    return reason(said["value"], said["rank"], said["of"], said["measure"], said["months"], money)


def badge_text(standing: Standing, run: TierRun | None) -> str:
    """The badge beside a name: "Gold · top 4 %"."""
    if not standing.rank or run is None or not run.of:
        return str(standing.get_tier_display())
    share = max(1, -(-100 * standing.rank // run.of))
    return _("%(tier)s · top %(share)d %%") % {"tier": standing.get_tier_display(), "share": share}
