"""How the programme reads: "1 stamp for every order from €3.00 on. 10 stamps: Free coffee."."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.lib.money import money_text, to_minor
from regulars.orders.loyalty.standing import count_words
from regulars.orders.models import Programme, Reward


def sentences_of(programme: Programme, rewards: Sequence[Reward], currency: str) -> Iterator[str]:
    """Say how the programme works, for a colleague who sets it up and for whoever holds a card."""
    yield _earning(programme, currency)
    for reward in rewards[:3]:
        yield _("%(cost)s: %(reward)s.") % {"cost": count_words(reward.cost, programme), "reward": reward.name}
    if programme.welcome:
        yield _("A new card begins with %(welcome)s.") % {"welcome": count_words(programme.welcome, programme)}
    if months := programme.expiry_months:
        text = ngettext(
            "What is not used lapses after %(months)d month without a visit.",
            "What is not used lapses after %(months)d months without a visit.",
            months,
        )
        yield text % {"months": months}


def said(sentences: Iterable[str]) -> str:
    """Return sentences as one text."""
    return " ".join(sentences)


def _earning(programme: Programme, currency: str) -> str:
    values: dict[str, Any] = {"count": _counted(programme.rate, programme)}
    if programme.minimum:
        values["minimum"] = money_text(programme.minimum, currency)
    if programme.earn == Programme.Earn.AMOUNT:
        return _for_money(programme, currency, values)
    if programme.earn == Programme.Earn.UNIT:
        return _for_units(programme, values)
    if programme.minimum:
        return _("%(count)s for every order from %(minimum)s on.") % values
    return _("%(count)s for every order.") % values


def _for_units(programme: Programme, values: dict[str, Any]) -> str:
    what = programme.product.name if programme.product else programme.category
    values["what"] = what
    if not what:
        single, limited = _("%(count)s for each thing bought."), _(
            "%(count)s for each thing bought, in orders from %(minimum)s on."
        )  # fmt: skip
    elif programme.product:
        single, limited = _("%(count)s for each %(what)s."), _(
            "%(count)s for each %(what)s, in orders from %(minimum)s on."
        )  # fmt: skip
    else:
        single, limited = _("%(count)s for each thing from “%(what)s”."), _(
            "%(count)s for each thing from “%(what)s”, in orders from %(minimum)s on."
        )  # fmt: skip
    return (limited if programme.minimum else single) % values


def _for_money(programme: Programme, currency: str, values: dict[str, Any]) -> str:
    """One for every €10 reads better than 0.1 for every €1."""
    each = Decimal(1)
    if programme.rate < 1 and (1 / programme.rate) == (1 / programme.rate).to_integral_value():
        each, values["count"] = 1 / programme.rate, count_words(1, programme)
    values["each"] = money_text(to_minor(each, currency), currency, whole=True)
    if programme.minimum:
        return _("%(count)s for every %(each)s, in orders from %(minimum)s on.") % values
    return _("%(count)s for every %(each)s.") % values


def _counted(rate: Decimal, programme: Programme) -> str:
    if rate == rate.to_integral_value():
        return count_words(int(rate), programme)
    number = number_format(rate.normalize())
    return (_("%(number)s stamps") if programme.is_stamps else _("%(number)s points")) % {"number": number}
