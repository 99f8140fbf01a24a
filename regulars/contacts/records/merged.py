"""Where a contact or company went that was merged into another one."""

from typing import Any

from regulars.access.models import User

STEPS = 10  # a chain of merges longer than this is not followed


def moved_to(model: Any, pk: int, user: User) -> Any:
    """Return the record that `pk` was merged into, if it was and `user` may know of it; else None.

    One query for a record that was not merged.
    """
    target = model.objects.filter(pk=pk).exclude(merged_into=None).values_list("merged_into", flat=True).first()
    for _step in range(STEPS):
        if target is None:
            return None
        found = model.objects.visible_to(user).filter(pk=target).first()
        if found:
            return found
        target = model.objects.filter(pk=target).values_list("merged_into", flat=True).first()
    return None
