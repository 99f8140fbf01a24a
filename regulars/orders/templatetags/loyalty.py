"""Points and stamps on pages."""

from django import template

from regulars.orders.loyalty.standing import count_words
from regulars.orders.models import Programme

register = template.Library()


@register.simple_tag
def loyalty_count(number: int, programme: Programme) -> str:
    """Write "1 stamp" or "40 points"."""
    return count_words(number, programme)
