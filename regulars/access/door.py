"""The way in: who is signed in, what their role may do, and what they may know of."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from regulars.access.models import Organisation, Role, User, Visibility

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request whose user is a colleague; what views behind `signed_in` receive."""

    user: User
    organisation: Organisation
    htmx: Any


SignedInView = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(view: SignedInView[P]) -> View[P]:
    """Let only signed-in colleagues in; others are sent to the sign-in page and come back after it."""
    return cast(View[P], login_required(cast(Any, view)))


def can(capability: str) -> Callable[[SignedInView[P]], View[P]]:
    """Let only signed-in colleagues in whose role has `capability`; others get 403."""

    def decorate(view: SignedInView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            require(request.user, capability)
            return view(request, *args, **kwargs)

        return signed_in(cast(Any, guarded))

    return decorate


def require(user: User, capability: str) -> None:
    """Raise PermissionDenied (403) when the role of `user` lacks `capability`."""
    if not user.can(capability):
        raise PermissionDenied(f"Your role may not do this ({capability}).")


def visibility_filter(user: User, prefix: str = "") -> Q:
    """The condition under which `user` may know of a record with owner, team and visibility.

    `prefix` reaches the record through a relation ("contact__"). This is the only place that says who sees what.
    """
    if user.sees_all:
        return Q()
    teams = User.teams.through._default_manager.filter(user_id=user.pk).values("team_id")
    return (
        Q(**{f"{prefix}visibility": Visibility.EVERYONE})
        | Q(**{f"{prefix}owner_id": user.pk})
        | Q(**{f"{prefix}visibility": Visibility.TEAM, f"{prefix}team_id__in": teams})
    )


def viewer(pk: int, sees_all: bool) -> User:
    """A colleague with this id for `visibility_filter` in a prepared read: what they see hangs on these two only."""
    return User(pk=pk, role=Role.OWNER if sees_all else Role.MEMBER)
