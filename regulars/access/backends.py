"""Who is signed in, read by a prepared statement: every request asks."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from regulars.access.models import User
from regulars.lib.prepared import prepared


@prepared
def _active(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk, is_active=True)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in as allauth does it."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the colleague of a session, or None for one who is gone or was deactivated."""
        return _active.first(int(user_id))
