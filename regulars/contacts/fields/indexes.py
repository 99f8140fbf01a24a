"""Indexes on custom fields, made in the background when a list is first filtered or sorted by a field."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access import operations
from regulars.access.models import Operation, User
from regulars.contacts.fields.values import can_be_indexed, create_index, existing_indexes, index_name
from regulars.contacts.models import CustomField
from regulars.lib.schedule import every

KIND = "index_field"
TRY_AGAIN_AFTER = timedelta(hours=1)


def wish_for_index(field: CustomField, *, by: User) -> Operation | None:
    """Start making the index of `field` in the background, unless it is there, on its way or makes no sense."""
    if field.is_indexed or not can_be_indexed(field) or field.pk is None:
        return None
    recent = Operation.objects.filter(kind=KIND, created_at__gt=timezone.now() - TRY_AGAIN_AFTER)
    if recent.filter(state__field=field.pk).exists():
        return None
    title = _("Make the list quick by %(field)s") % {"field": field.label}
    return operations.start(KIND, title, by=by, total=1, field=field.pk)


def make_index(operation: Operation) -> bool:
    """The one step: create the index. Raises OperationError when the field is gone."""
    field = CustomField.objects.filter(pk=operation.state["field"]).first()
    if field is None:
        raise operations.OperationError(_("This field is no longer there."))
    create_index(field)
    CustomField.objects.filter(pk=field.pk).update(is_indexed=True)
    operation.advance(1)
    return False


@every(hours=24)
def notice_lost_indexes() -> None:
    """Mark fields whose index is gone (a restored backup, a rebuilt table), so that it is made again when wanted."""
    for host in CustomField.Host.values:
        marked = CustomField.objects.filter(host=host, is_indexed=True)
        there = existing_indexes(host) if marked else set()
        for field in marked:
            if index_name(field) not in there:
                CustomField.objects.filter(pk=field.pk).update(is_indexed=False)


operations.register(operations.OperationKind(KIND, make_index))
