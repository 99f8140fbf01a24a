"""The one way to an occasion or to thanks: look-up and permission together."""

from django.http import Http404

from regulars.access.door import require
from regulars.access.models import User
from regulars.promises.models import Occasion, Thanks


def get_occasion(user: User, pk: int, to: str = "log") -> Occasion:
    """Return the occasion about somebody that `user` may know of; 404 else, 403 when the role may not do `to`."""
    found = Occasion.objects.visible_to(user).for_list().filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such occasion.")
    require(user, to)
    return found  # type: ignore[no-any-return]


def get_thanks(user: User, pk: int, to: str = "log") -> Thanks:
    """Return the thanks to somebody that `user` may know of; errors as in `get_occasion`."""
    found = Thanks.objects.visible_to(user).for_list().select_related("entry").filter(pk=pk).first()
    if found is None:
        raise Http404("There are no such thanks.")
    require(user, to)
    return found  # type: ignore[no-any-return]
