"""The one way to an appointment, or to one time of a repeating one: look-up and permission together."""

from django.http import Http404

from regulars.access.door import require
from regulars.access.models import User
from regulars.promises.appointments.calendar import find_occurrence
from regulars.promises.appointments.occurrence import Occurrence
from regulars.promises.models.appointment import Appointment


def get_occurrence(user: User, pk: int, mark: str = "", to: str = "view") -> Occurrence:
    """Return the time that `mark` names of an appointment that `user` may know of and may do `to` with.

    Raises Http404 when there is none for this user, and PermissionDenied when the role lacks the capability `to`.
    """
    found = Appointment.objects.visible_to(user).select_related("series").filter(pk=pk).first()
    occurrence = find_occurrence(found, mark, user) if found else None
    if occurrence is None:
        raise Http404("There is no such appointment.")
    require(user, to)
    return occurrence
