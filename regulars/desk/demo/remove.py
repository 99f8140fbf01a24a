"""Taking the sample data away again: exactly what was made, nothing else."""

from django.apps import apps
from django.db import transaction
from django.db.models import ProtectedError

from regulars.access.models import Operation, Organisation, User
from regulars.access.models.audit import audit

DEMO_KIND = "demo"
BATCH = 400


def demo_operation() -> Operation | None:
    """Return the operation that brought the sample data, or None when there is none (any more)."""
    return Operation.objects.filter(kind=DEMO_KIND, status=Operation.Status.DONE).order_by("-pk").first()


@transaction.atomic
def remove_demo(*, by: User) -> int:
    """Delete everything the demo brought and return how many records that were; 0 when there is no demo.

    What people added themselves stays. Where the whole installation is a demo, its colleagues go too
    (those whose traces must be kept are made nameless and can't sign in) and set-up begins anew.
    """
    operation = demo_operation()
    if operation is None:
        return 0
    count = 0
    steps = list(operation.undo_steps.order_by("-pk").values_list("model", "object_id"))
    for label in dict.fromkeys(model for model, _ in steps):
        ids = [pk for model, pk in steps if model == label]
        count += len(ids)
        if label == "access.user":
            _remove_colleagues(ids)
            continue
        model = apps.get_model(label)
        for start in range(0, len(ids), BATCH):
            model._default_manager.filter(pk__in=ids[start : start + BATCH]).delete()
    operation.undo_steps.all().delete()
    operation.status = Operation.Status.UNDONE
    operation.save(update_fields=["status"])
    audit("removed the sample data", by=by, kind="business", title=operation.title)
    if Organisation.objects.filter(is_demo=True).exists():
        _remove_colleagues(list(User.objects.values_list("pk", flat=True)))
        Organisation.objects.all().delete()
    return count


def _remove_colleagues(ids: list[int]) -> None:
    for user in User.objects.filter(pk__in=ids):
        try:
            with transaction.atomic():
                user.delete()
        except ProtectedError:
            user.name, user.email = "Former sample colleague", f"sample-{user.pk}@removed.invalid"
            user.is_active = False
            user.set_unusable_password()
            user.save()
