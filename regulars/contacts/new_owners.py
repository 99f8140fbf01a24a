"""Who becomes somebody's point of contact is told by upper contexts, who know what there is to take over.

A context that wants to tell registers a hook: `on_new_owner(hook)` in `apps.ready()`.
"""

from collections.abc import Callable

from regulars.access.models import Operation, User
from regulars.contacts.actions.adding import Holder

Hook = Callable[[Holder | Operation, User, User], None]
_hooks: list[Hook] = []


def on_new_owner(hook: Hook) -> None:
    """Call `hook(what, owner, by)` when `owner` was given one holder, or many by a bulk edit (its operation)."""
    if hook not in _hooks:
        _hooks.append(hook)


def tell_new_owner(what: Holder | Operation, owner_id: int | None, *, by: User) -> None:
    """Let the hooks tell whoever `what` was given to; nobody is told of what they took themselves."""
    if owner_id is None or owner_id == by.pk or not _hooks:
        return
    owner = User.objects.filter(pk=owner_id, is_active=True).first()
    for hook in _hooks if owner else ():
        hook(what, owner, by)  # type: ignore[arg-type]
