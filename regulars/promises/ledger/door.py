"""The one way to a promise: look-up and permission together."""

from django.http import Http404

from regulars.access.door import require
from regulars.access.models import User
from regulars.promises.models.promise import Promise


def get_promise(user: User, pk: int, to: str = "view") -> Promise:
    """Return the promise that `user` may know of and may do `to` with: "view" or "log".

    Raises Http404 when it does not exist for this user, PermissionDenied when their role lacks the capability.
    """
    found = Promise.objects.visible_to(user).filter(pk=pk)
    promise: Promise | None = found.select_related("contact", "company", "owner", "settled_by", "given_by").first()
    if promise is None:
        raise Http404("There is no such promise.")
    require(user, to)
    return promise
