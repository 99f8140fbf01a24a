"""The one way to a promise: look-up and permission together."""

from django.db.models import QuerySet
from django.http import Http404

from regulars.access.door import require, viewer
from regulars.access.models import User
from regulars.lib.prepared import prepared
from regulars.promises.models.promise import Promise


def get_promise(user: User, pk: int, to: str = "view") -> Promise:
    """Return the promise that `user` may know of and may do `to` with: "view" or "log".

    Raises Http404 when it does not exist for this user, PermissionDenied when their role lacks the capability.
    """
    promise = _promise.first(int(pk), user.pk, user.sees_all)
    if promise is None:
        raise Http404("There is no such promise.")
    require(user, to)
    return promise


@prepared
def _promise(pk: int, me: int, sees_all: bool) -> QuerySet[Promise]:
    found: QuerySet[Promise] = Promise.objects.visible_to(viewer(me, sees_all)).filter(pk=pk)
    return found.select_related("contact", "company", "owner", "settled_by", "given_by")
