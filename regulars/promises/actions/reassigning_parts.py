"""What a colleague has that can be given to another: contacts, companies, promises, tasks, appointments.

Each part finds its rows, moves a batch of them inside the transaction of its operation and puts them back. What one
row was before is kept in an undo step; undo leaves alone what somebody else has changed since.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact, NameWord
from regulars.contacts.rhythm import follow_owner
from regulars.promises.booking import claims
from regulars.promises.models import AppointmentColleague, Booking, Promise, PromiseDay, Task
from regulars.promises.models.appointment import Appointment

Step = dict[str, Any]


class Part:
    """One sort of thing. `key` names it in forms and states, `model` in undo steps."""

    key = ""
    label: str | LazyText = ""
    model: Any = None

    def of(self, user: User) -> QuerySet[Any]:
        """What `user` has that goes to another, in no order."""
        raise NotImplementedError

    def move(self, ids: Sequence[int], leaving: User, to: User) -> list[tuple[int, Step]]:
        """Give those of `ids` that still are `leaving`'s to `to`; returns what was moved with its undo step."""
        raise NotImplementedError

    def put_back(self, ids: Sequence[int], steps: dict[int, Step]) -> int:
        """Give back those that nobody has given away since; returns how many."""
        raise NotImplementedError


class Holders(Part):
    """Contacts or companies by their point of contact, those in the bin too."""

    def __init__(self, key: str, label: LazyText, model: type[Contact] | type[Company]) -> None:
        self.key, self.label, self.model = key, label, model

    def of(self, user: User) -> QuerySet[Any]:
        """All whose point of contact `user` is."""
        found: QuerySet[Any] = self.model.objects.filter(owner=user)
        return found

    def move(self, ids: Sequence[int], leaving: User, to: User) -> list[tuple[int, Step]]:
        """One UPDATE; search words and rhythms follow."""
        rows = self.model.objects.filter(pk__in=ids, owner=leaving).select_for_update(of=("self",))
        found = list(rows.values_list("pk", flat=True))
        self._write(found, to.pk)
        return [(pk, {"before": leaving.pk, "after": to.pk}) for pk in found]

    def put_back(self, ids: Sequence[int], steps: dict[int, Step]) -> int:
        """Those that still belong to whom they were given."""
        count = 0
        for before, after in {(step["before"], step["after"]) for step in steps.values()}:
            same = [pk for pk in ids if (steps[pk]["before"], steps[pk]["after"]) == (before, after)]
            still = list(self.model.objects.filter(pk__in=same, owner=after).values_list("pk", flat=True))
            self._write(still, before)
            count += len(still)
        return count

    def _write(self, ids: Sequence[int], owner_id: int) -> None:
        self.model.objects.filter(pk__in=ids).update(owner=owner_id, version=F("version") + 1)
        NameWord.objects.filter(**{f"{self.model._meta.model_name}__in": ids}).update(owner_id=owner_id)
        if self.model is Contact:
            follow_owner(ids, owner_id)


class Promises(Part):
    """Open promises by who answers for them."""

    key, label, model = "promises", _("Open promises"), Promise

    def of(self, user: User) -> QuerySet[Any]:
        """Those that nobody has settled."""
        found: QuerySet[Any] = Promise.objects.open().filter(owner=user)
        return found

    def move(self, ids: Sequence[int], leaving: User, to: User) -> list[tuple[int, Step]]:
        """Those to people whom the other one may know of; the counts of days follow."""
        known = set(Promise.objects.visible_to(to).filter(pk__in=ids).values_list("pk", flat=True))
        hidden = set(Promise.objects.filter(pk__in=ids).exclude(pk__in=known).values_list("pk", flat=True))
        gone = Q(contact__binned_at__isnull=False) | Q(company__binned_at__isnull=False)
        known |= set(Promise.objects.filter(gone, pk__in=hidden).values_list("pk", flat=True))
        found = self._write(known, leaving.pk, to.pk)
        return [(pk, {"before": leaving.pk, "after": to.pk}) for pk in found]

    def put_back(self, ids: Sequence[int], steps: dict[int, Step]) -> int:
        """Those that are open and still the other one's."""
        pairs = {(step["after"], step["before"]) for step in steps.values()}
        return sum(
            len(self._write([pk for pk in ids if (steps[pk]["after"], steps[pk]["before"]) == pair], *pair))
            for pair in pairs
        )

    def _write(self, ids: Any, before: int, after: int) -> list[int]:
        rows = Promise.objects.open().filter(pk__in=ids, owner=before).select_for_update(of=("self",))
        found: dict[int, date] = dict(rows.values_list("pk", "due_on"))
        Promise.objects.filter(pk__in=found).update(owner=after, told=Promise.Told.NOTHING)
        for day, count in Counter(found.values()).items():
            PromiseDay.shift(before, day, open=-count)
            PromiseDay.shift(after, day, open=count)
        return list(found)


class Tasks(Part):
    """Open tasks by who does them."""

    key, label, model = "tasks", _("Open tasks"), Task

    def of(self, user: User) -> QuerySet[Any]:
        """Those not done yet."""
        found: QuerySet[Any] = Task.objects.open().filter(assignee=user)
        return found

    def move(self, ids: Sequence[int], leaving: User, to: User) -> list[tuple[int, Step]]:
        """Those for nobody, and for people whom the other one may know of."""
        known = set(Task.objects.visible_to(to).filter(pk__in=ids).values_list("pk", flat=True))
        gone = Q(contact__binned_at__isnull=False) | Q(company__binned_at__isnull=False)
        known |= set(Task.objects.filter(gone, pk__in=ids).values_list("pk", flat=True))
        rows = Task.objects.open().filter(pk__in=known, assignee=leaving).select_for_update(of=("self",))
        found = list(rows.values_list("pk", flat=True))
        Task.objects.filter(pk__in=found).update(assignee=to, version=F("version") + 1)
        return [(pk, {"before": leaving.pk, "after": to.pk}) for pk in found]

    def put_back(self, ids: Sequence[int], steps: dict[int, Step]) -> int:
        """Those that are open and still the other one's."""
        pairs = {(step["after"], step["before"]) for step in steps.values()}
        count = 0
        for after, before in pairs:
            same = [pk for pk in ids if (steps[pk]["after"], steps[pk]["before"]) == (after, before)]
            open_ = Task.objects.open().filter(pk__in=same, assignee=after)
            count += open_.update(assignee=before, version=F("version") + 1)
        return count


class Appointments(Part):
    """Appointments to come, by who takes part; one in which both take part goes on without the one who leaves."""

    key, label, model = "appointments", _("Appointments to come"), Appointment

    def of(self, user: User) -> QuerySet[Any]:
        """Planned ones that are not over, and series that still run."""
        found: QuerySet[Any] = Appointment.objects.upcoming(timezone.now()).filter(colleague_links__user=user)
        return found

    def move(self, ids: Sequence[int], leaving: User, to: User) -> list[tuple[int, Step]]:
        """One link after the other; the claims of booking pages follow."""
        parts = AppointmentColleague.objects.filter(appointment__in=ids)
        links = parts.filter(user=leaving).select_for_update(of=("self",))
        there = set(parts.filter(user=to).values_list("appointment", flat=True))
        moved = []
        for link in list(links.select_related("appointment")):
            merged = link.appointment_id in there
            if merged:
                link.delete()
            else:
                AppointmentColleague.objects.filter(pk=link.pk).update(user=to)
            self._follow(link.appointment, leaving.pk, to.pk)
            moved.append((link.appointment_id, {"before": leaving.pk, "after": to.pk, "merged": merged}))
        return moved

    def put_back(self, ids: Sequence[int], steps: dict[int, Step]) -> int:
        """Those that are planned still and in which the one who left does not take part anyway."""
        count = 0
        for row in Appointment.objects.planned().filter(pk__in=ids):
            step = steps[row.pk]
            links = AppointmentColleague.objects.filter(appointment=row)
            if links.filter(user=step["before"]).exists():
                continue
            if step["merged"]:
                times = {"starts_at": row.starts_at, "ends_at": row.ends_at, "until": row.until}
                AppointmentColleague.objects.create(appointment=row, user_id=step["before"], **times)
            elif not links.filter(user=step["after"]).update(user=step["before"]):
                continue
            self._follow(row, step["after"], step["before"])
            count += 1
        return count

    def _follow(self, row: Appointment, before: int, after: int) -> None:
        Appointment.objects.filter(pk=row.pk).update(sequence=F("sequence") + 1)
        Booking.objects.filter(appointment=row, host=before).update(host=after)
        claims.settle(row)


# Contacts come first: what somebody may know of depends on whose contacts they are.
PARTS: tuple[Part, ...] = (
    Holders("contacts", _("Contacts"), Contact),
    Holders("companies", _("Companies"), Company),
    Promises(),
    Tasks(),
    Appointments(),
)
