"""Amounts on pages: `{% load money %}{{ order.total|money:order.currency }}`."""

from django import template

from regulars.lib.money import money_text

register = template.Library()


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Write whole minor units as an amount of `currency`: 2450 is "€24.50"; nothing for None."""
    return "" if minor is None else money_text(minor, currency)


@register.filter
def whole_money(minor: int | None, currency: str) -> str:
    """The same without the small coins: 624050 is "€6,241"."""
    return "" if minor is None else money_text(minor, currency, whole=True)
