"""Commands of quality, and what they share."""

from regulars.access.models import User
from regulars.lib.commands import BadUse, Failure


def colleague(email: str | None, capability: str) -> User:
    """Return the colleague with `email`, or the first owner; raises BadUse or Failure when there is none who may."""
    users = User.objects.filter(is_active=True)
    if email:
        user = users.filter(email__iexact=email).first()
        if user is None:
            raise BadUse(f"No colleague has the address {email}.")
    else:
        user = users.filter(role="owner").order_by("pk").first()
        if user is None:
            raise Failure("There is no owner yet. Run bin/regulars setup first.")
    if not user.can(capability):
        raise Failure(f"{user.name} may not {capability} files.")
    return user
