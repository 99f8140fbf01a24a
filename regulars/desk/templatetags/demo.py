"""What templates say about the demo."""

from typing import Any

from django import template

from regulars.access.models import Role
from regulars.desk.demo.cast import COLLEAGUES
from regulars.desk.demo.load import DEMO_PASSWORD

register = template.Library()


@register.inclusion_tag("desk/demo_sign_in.html")
def demo_sign_in() -> dict[str, Any]:
    """Say who can sign in to the demo, with which role and password. No query."""
    people = [{"name": name, "email": email, "role": Role(role).label} for name, role, email in COLLEAGUES]
    return {"people": people, "password": DEMO_PASSWORD}
