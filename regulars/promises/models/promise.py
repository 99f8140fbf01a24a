"""What we said we would do."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.access.models import User
from regulars.contacts.models import Company, Contact
from regulars.contacts.models.querysets import may_know_person_else_company
from regulars.promises.models.promise_day import PromiseDay
from regulars.timeline.models import Attachment, Entry

Holder = Contact | Company


class AlreadySettled(Exception):
    """Somebody was faster: the promise is not open any more. `promise` says what became of it."""

    def __init__(self, promise: "Promise") -> None:
        super().__init__(f"The promise is {promise.status}.")
        self.promise = promise


class PromiseQuerySet(models.QuerySet["Promise"]):
    """Reading promises: always through `visible_to`."""

    def visible_to(self, user: User) -> Self:
        """Promises to people and companies that `user` may know of, without the bin and without tombstones."""
        return self.filter(may_know_person_else_company(user))

    def open(self) -> Self:
        """Those that nobody has settled yet, late ones too."""
        return self.filter(status=Promise.Status.OPEN)

    def late(self, now: datetime | None = None) -> Self:
        """Open ones whose time has passed."""
        return self.open().filter(due_at__lt=now or timezone.now())

    def settled(self) -> Self:
        """Those that were kept or broken: what a kept-rate counts."""
        return self.filter(status__in=(Promise.Status.KEPT, Promise.Status.BROKEN))

    def due_for(self, user: User, until: datetime | None = None) -> Self:
        """Open promises that `user` answers for, late ones first; `until` (the end of today) leaves later ones out."""
        mine = self.open().filter(owner=user)
        return (mine.filter(due_at__lte=until) if until else mine).order_by("due_at", "pk")

    def of(self, holder: Holder) -> Self:
        """Promises to a person, or to a company and its people."""
        return self.filter(contact=holder) if isinstance(holder, Contact) else self.filter(company=holder)

    def for_list(self) -> Self:
        """With everything a line shows, in one query."""
        return self.select_related("contact", "company", "owner").only(*LINE)


# What the entry on the timeline calls each way of settling.
VERBS = {"kept": "kept", "broken": "broken", "withdrawn": "withdrawn", "renegotiated": "moved"}
LINE = (
    *("what", "due_at", "due_on", "has_time", "status", "settled_at", "evidence", "first_due_at", "times_moved"),
    *("contact__display_name", "company__display_name", "owner__name", "owner__email", "owner__is_active"),
)


class Promise(models.Model):
    """A commitment to a contact or company, with a due time and the colleague who answers for it.

    `due_at` is a moment in UTC; without a time of day it is the end of the day in the organisation's zone
    (`has_time` False). `due_on` is that day as it was told. `company` is also the person's company when the promise was
    given. A promise that is renegotiated is closed, and its follower names it as `previous`; `first_due_at` and
    `times_moved` are carried along the chain. `told` says what reminders have gone out already.
    """

    class Status(models.TextChoices):
        """Where it stands; late is not a status but an open one whose time has passed."""

        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        RENEGOTIATED = "renegotiated", _("Moved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Told(models.IntegerChoices):
        """The last reminder that went out."""

        NOTHING = 0
        DUE = 1
        LATE = 2
        MANAGER = 3

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="promises", db_index=False)
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="promises", db_index=False)
    what = models.CharField(max_length=500)
    due_at = models.DateTimeField()
    due_on = models.DateField()
    has_time = models.BooleanField(default=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="promises", db_index=False)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="promises", db_index=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.CharField(max_length=500, blank=True, help_text="How it was kept, or why it was not.")
    evidence_entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="+")
    evidence_file = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")
    previous = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="next")
    first_due_at = models.DateTimeField()
    times_moved = models.PositiveSmallIntegerField(default=0)
    told = models.PositiveSmallIntegerField(choices=Told.choices, default=Told.NOTHING)

    objects: ClassVar[Any] = PromiseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_at", "id"], condition=Q(status="open"), name="promise_open_of_owner"),
            models.Index(fields=["due_at", "id"], condition=Q(status="open"), name="promise_open_by_due"),
            models.Index(fields=["status", "-due_at", "-id"], name="promise_by_status"),
            models.Index(fields=["-due_at", "-id"], name="promise_by_due"),
            models.Index(fields=["owner", "-due_at", "-id"], name="promise_of_owner"),
            models.Index(fields=["contact", "status", "due_at"], name="promise_of_contact"),
            models.Index(fields=["company", "status", "due_at"], name="promise_of_company"),
            models.Index(fields=["entry"], condition=Q(entry__isnull=False), name="promise_of_entry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(company__isnull=False), name="promise_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(status="open", settled_at=None) | (~Q(status="open") & Q(settled_at__isnull=False)),
                name="promise_status_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(previous=None) | ~Q(previous=F("id")), name="promise_does_not_follow_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        """The address of its page."""
        return reverse("promise", args=[self.pk])

    @property
    def holder(self) -> Holder:
        """To whom: the person, else the company."""
        return self.contact or self.company  # type: ignore[return-value]  # a constraint sees to one of them

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it."""
        return self.status == self.Status.OPEN

    @property
    def is_late(self) -> bool:
        """Whether it is open and its time has passed."""
        return self.is_open and self.due_at < timezone.now()

    # Verbs

    @transaction.atomic
    def keep(self, *, by: User, evidence: str = "", entry: Entry | None = None) -> None:
        """Mark it as kept, with a line or an entry that shows it. Records it on the timeline.

        Raises AlreadySettled when somebody was faster.
        """
        self._settle(self.Status.KEPT, by=by, evidence=evidence, evidence_entry=entry)
        self._record("kept", by=by, outcome=evidence)

    @transaction.atomic
    def break_(self, *, by: User, why: str) -> None:
        """Say that it won't be kept, and why. Records it on the timeline.

        Raises ValueError without a line, AlreadySettled when somebody was faster.
        """
        if not why.strip():
            raise ValueError(gettext("Say in one line why."))
        self._settle(self.Status.BROKEN, by=by, evidence=why)
        self._record("broken", by=by, outcome=why)

    @transaction.atomic
    def withdraw(self, *, by: User, why: str = "", quietly: bool = False) -> None:
        """Take it back: it was a mistake, or the customer does not need it any more. It counts neither way.

        Records it on the timeline unless `quietly`. Raises AlreadySettled when somebody was faster.
        """
        self._settle(self.Status.WITHDRAWN, by=by, evidence=why)
        if not quietly:
            self._record("withdrawn", by=by, outcome=why)

    @transaction.atomic
    def renegotiate(self, *, due_at: datetime, due_on: date, has_time: bool, by: User, why: str = "") -> "Promise":
        """Agree a new time with the customer: closes this promise and returns the one that follows it.

        Records it on the timeline. Raises ValueError for a time that has passed and for the same time again,
        AlreadySettled when somebody was faster.
        """
        if due_at <= timezone.now():
            raise ValueError(gettext("That time has passed."))
        if due_at == self.due_at:
            raise ValueError(gettext("That is the day it was due already."))
        self._settle(self.Status.RENEGOTIATED, by=by, evidence=why)
        follower: Promise = Promise.objects.create(
            contact_id=self.contact_id, company_id=self.company_id, what=self.what, due_at=due_at, due_on=due_on,
            has_time=has_time, owner_id=self.owner_id, given_by=by, entry_id=self.entry_id, previous=self,
            first_due_at=self.first_due_at, times_moved=self.times_moved + 1,
        )  # fmt: skip
        PromiseDay.shift(follower.owner_id, due_on, open=1)
        follower._record("moved", by=by, outcome=why, was=self)
        return follower

    @transaction.atomic
    def reopen(self, *, by: User) -> bool:
        """Undo keeping, breaking or withdrawing; its entry leaves the timeline. False when it is not settled so."""
        statuses = (self.Status.KEPT, self.Status.BROKEN, self.Status.WITHDRAWN)
        return any(self._reopen(status, by=by) for status in statuses)

    @transaction.atomic
    def take_back_move(self, *, by: User) -> bool:
        """Undo `renegotiate` on the promise that was moved; False when its follower was settled or moved since."""
        follower = Promise.objects.filter(previous=self.pk, status=self.Status.OPEN).first()
        if follower is None or not self._reopen(self.Status.RENEGOTIATED, by=by, subject=follower.pk):
            return False
        PromiseDay.shift(follower.owner_id, follower.due_on, open=-1)
        follower.delete()
        return True

    @transaction.atomic
    def hand_to(self, owner: User, *, by: User) -> bool:
        """Let `owner` answer for it from now on; False when it is settled or theirs already. Tells nobody.

        Raises ValueError for a colleague who has left.
        """
        if not owner.is_active:
            raise ValueError(gettext("%(name)s is not here any more.") % {"name": owner})
        mine = Promise.objects.open().filter(pk=self.pk, owner=self.owner_id).exclude(owner=owner)
        if not mine.update(owner=owner, told=self.Told.NOTHING):
            return False
        PromiseDay.shift(self.owner_id, self.due_on, open=-1)
        PromiseDay.shift(owner.pk, self.due_on, open=1)
        self.owner = owner
        return True

    def prove(self, *, evidence: str, entry: Entry | None = None, file: Attachment | None = None) -> None:
        """Put evidence to one that was kept: a line, an entry or a file. What is not given stays as it is."""
        values: dict[str, Any] = {"evidence": evidence.strip()[:500]}
        values |= {"evidence_entry": entry} if entry else {}
        values |= {"evidence_file": file} if file else {}
        Promise.objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db()

    def _settle(self, status: str, *, by: User, evidence: str, **more: Any) -> None:
        """Close it for good if it is still open, and count it. One statement decides who was first."""
        values = {"status": status, "settled_at": timezone.now(), "settled_by": by, "evidence": evidence.strip()[:500]}
        if not Promise.objects.open().filter(pk=self.pk).update(**values, **more):
            self.refresh_from_db()
            raise AlreadySettled(self)
        for name, value in {**values, **more}.items():
            setattr(self, name, value)
        # Somebody may have handed it over since it was read.
        self.owner_id = Promise.objects.filter(pk=self.pk).values_list("owner_id", flat=True).get()
        PromiseDay.shift(self.owner_id, self.due_on, open=-1, **_counted(self))

    def _reopen(self, status: str, *, by: User, subject: int | None = None) -> bool:
        settled = Promise.objects.filter(pk=self.pk, status=status)
        row = settled.values_list("owner_id", "settled_at").first()
        if row is None or not settled.filter(settled_at=row[1]).update(
            status=self.Status.OPEN, settled_at=None, settled_by=None, evidence="", evidence_entry=None
        ):
            return False
        self.owner_id, self.status, self.settled_at = row[0], status, row[1]
        PromiseDay.shift(self.owner_id, self.due_on, open=1, **dict.fromkeys(_counted(self), -1))
        entries = Entry.objects.present().filter(subject_kind="promise", subject_id=subject or self.pk)
        said = entries.order_by("-pk").first()
        if said and said.snapshot.get("verb") == VERBS[status]:
            said.remove(by=by)
        self.refresh_from_db()
        return True

    def _record(self, verb: str, *, by: User, outcome: str = "", was: "Promise | None" = None) -> None:
        from regulars.promises.ledger.recording import record

        record(self, verb, by=by, outcome=outcome, was=was)


def _counted(promise: Promise) -> dict[str, int]:
    """How a settled promise counts on its day."""
    if promise.status == Promise.Status.BROKEN:
        return {"broken": 1}
    if promise.status != Promise.Status.KEPT:
        return {}
    is_late = promise.settled_at is not None and promise.settled_at > promise.due_at
    return {"kept": 1, "kept_late": 1} if is_late else {"kept": 1}
