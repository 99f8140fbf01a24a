"""Saved views: a list under a name, in the side navigation of its owner or of everyone."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.models import SavedView
from regulars.lib.navigation import NavLink
from regulars.lib.prepared import prepared
from regulars.lib.text import number_in

PAGES = {"contact": "contacts", "company": "companies"}
SHOWN = 30


def views_of(user: User) -> QuerySet[SavedView]:
    """The saved views of `user` and those shared with everyone."""
    return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True))


@prepared
def _shown(user: int) -> QuerySet[SavedView]:
    return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True))[:SHOWN]


def saved_view(user: User, pk: str, host: str) -> SavedView | None:
    """Return the saved view `pk` that `user` may use, or None."""
    number = number_in(pk)
    return None if number is None else views_of(user).filter(pk=number, host=host).first()


def may_change(view: SavedView, user: User) -> bool:
    """Whether `user` may rename, update or remove the view: their own, or a shared one if they may share."""
    return view.owner_id == user.pk or (view.is_shared and user.can("share"))


def save_view(*, by: User, host: str, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep a list under a name; a view of the same name and owner is replaced. Sharing needs the capability `share`.

    Records an audit event when it is shared.
    """
    view, _made = SavedView.objects.update_or_create(
        owner=by,
        host=host,
        name=name[:80],
        defaults={"query": {"query": query}, "is_shared": is_shared and by.can("share")},
    )
    if view.is_shared:
        audit("shared", by=by, kind="saved view", object_id=view.pk, title=view.name)
    return view


def address_of(view: SavedView) -> str:
    """Return the address of the list that the view keeps."""
    query = view.query.get("query", "")
    return f"{reverse(PAGES[view.host])}?{query}{'&' if query else ''}view={view.pk}"


def side_links(request: HttpRequest) -> Iterable[NavLink]:
    """Return the lines of the side navigation for this colleague."""
    user = request.user
    if not isinstance(user, User):
        return []
    now = request.GET.get("view") if request.path in (reverse("contacts"), reverse("companies")) else None
    icons = {"contact": "", "company": "building-2"}
    return [
        NavLink(view.name, address_of(view), icons[view.host], current=str(view.pk) == now) for view in _shown(user.pk)
    ]
