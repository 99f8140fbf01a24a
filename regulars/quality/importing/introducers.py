"""The column "introduced by": who brought the people of a file, by email or by name.

Whoever is in the book already, or stands higher up in the file, is found while a batch is written; those who come
later in the file are found when all of it is in. Nobody is guessed: a name that two people bear stays a note beside the
source.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from regulars.access.models import Operation, User
from regulars.contacts.actions.bringing import ReferralLoop, bring, count_again, lock_referrals, makes_loop
from regulars.contacts.models import Contact, ContactPoint, Profile, Referral
from regulars.lib.text import fold
from regulars.quality.files.draft import Draft
from regulars.quality.importing.writing import RowMaker

WAITING = 5_000  # people of one file whose introducer may come later in it


class Introducers:
    """Finds and writes who brought the people of one batch."""

    def __init__(self, maker: RowMaker, drafts: Iterable[Draft]) -> None:
        self.maker = maker
        self.texts = {draft.introduced_by for draft in drafts if draft.introduced_by}
        self.known = find(maker.by, self.texts)
        self.waiting: list[tuple[int, str]] = []
        self._brought: Counter[int] = Counter()
        if self.texts:
            lock_referrals()

    def introduce(self, contact: Any, draft: Draft, *, is_new: bool) -> bool:
        """Note who brought `contact`, when the file says so and nobody was said to before; whether that is news."""
        text = draft.introduced_by
        if not text or (not is_new and Referral.objects.filter(contact=contact).exists()):
            return False
        pk = self.known.get(fold(text)) or self._in_batch(text, contact)
        if pk and pk != contact.pk and (is_new or not makes_loop(contact, Contact(pk=pk))):
            self.maker.add(Referral, contact, by_contact_id=pk, brought_at=self.maker.now, noted_at=self.maker.now,
                           noted_by_id=self.maker.by.pk, how=Referral.How.TOLD)  # fmt: skip
            self._brought[pk] += 1
            return True
        if is_new:
            self.waiting.append((contact.pk, text[:200]))
        return False

    def _in_batch(self, text: str, newcomer: Contact) -> int | None:
        """Somebody whom this batch made before: the only one who is called so."""
        name = fold(text)
        found = [c.pk for c in self.maker.contacts if c is not newcomer and name in (c.sort_name, fold(c.email))]
        return found[0] if len(found) == 1 else None

    def save(self, operation: Operation) -> None:
        """Bring the totals up to date and remember those whose introducer may come later. After `maker.save`."""
        people = Contact.objects.filter(pk__in=list(self._brought))
        count_again(*people)
        waiting = operation.state.get("introduced", [])
        operation.state["introduced"] = [*waiting, *([pk, text] for pk, text in self.waiting)][:WAITING]


def find(user: User, texts: Iterable[str]) -> dict[str, int]:
    """Return the one person whom each text means, by email or whole name, that `user` may know of. Two queries."""
    names = {fold(text): text for text in texts}
    emails = {text.strip().casefold() for text in names.values() if "@" in text}
    visible = Contact.objects.visible_to(user)
    found: dict[str, set[int]] = {}
    if emails:
        points = ContactPoint.objects.filter(kind="email", key__in=emails, contact__in=visible.values("pk"))
        for key, pk in points.values_list("key", "contact_id"):
            found.setdefault(fold(key), set()).add(pk)
    if names:
        for name, pk in visible.filter(sort_name__in=list(names)).values_list("sort_name", "pk"):
            found.setdefault(name, set()).add(pk)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


def introduce_late(operation: Operation, user: User) -> None:
    """Once the whole file is in, link those whose introducer came later in it; what is left becomes a note."""
    waiting: list[list[Any]] = operation.state.pop("introduced", [])
    known = find(user, {text for _pk, text in waiting})
    left = 0
    for pk, text in waiting:
        contact = Contact.objects.filter(pk=pk).first()
        introducer = Contact.objects.filter(pk=known.get(fold(text), 0)).first()
        if contact is None or Referral.objects.filter(contact=contact).exists():
            continue
        try:
            if introducer is None:
                raise ReferralLoop
            bring(contact, introducer, by=user, audited=False, told=False)
        except ReferralLoop:
            left += 1
            _note(contact, text)
    if left:
        words = _("Introducers that are not in the book, or more than once; their names stand beside the source.")
        operation.result["notices"] = {**operation.result.get("notices", {}), words: left}
    if waiting:
        operation.save(update_fields=["state", "result"])


def _note(contact: Contact, text: str) -> None:
    detail = (_("Introduced by %(name)s") % {"name": text})[:200]
    profile, _made = Profile.objects.get_or_create(contact=contact)
    Profile.objects.filter(pk=profile.pk, source_detail="").update(source_detail=detail)
