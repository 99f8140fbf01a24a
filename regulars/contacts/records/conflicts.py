"""Two people edited the same record: both versions side by side, and which one to keep for each field."""

from dataclasses import dataclass
from typing import Any

from regulars.access.models import AuditEvent, User
from regulars.contacts.actions import EditedMeanwhile
from regulars.contacts.forms.people import HolderForm, unseal
from regulars.contacts.models import Contact
from regulars.contacts.records.picture import Holder, differences, label_of, picture_of, words_for


@dataclass(frozen=True)
class Choice:
    """One field that stands differently in both versions. `suggested` is "theirs" when only they changed it."""

    key: str
    label: str
    mine: str
    theirs: str
    suggested: str


@dataclass(frozen=True)
class Conflict:
    """Who saved meanwhile, what stands now, and what the second person typed."""

    who: str
    version: int
    choices: list[Choice]

    @classmethod
    def of(cls, holder: Holder, form: HolderForm, user: User) -> "Conflict":
        """Compare what stands now with what `form` wants; what neither changed is left out.

        Also moves the form to the current version, so that sending it again means "I have seen both".
        """
        now = type(holder).objects.get(pk=holder.pk)
        theirs, base = picture_of(now), unseal(str(form.data.get("base", "")))
        mine = form.changes()
        differing = differences(theirs, mine)
        by_me = differences(base, mine) if base else differing
        labels = {spec.key: spec.label for spec in form.specs}
        choices = [
            Choice(
                key,
                label_of(key, labels),
                words_for(key, value, user) if not isinstance(value, str) else value,
                words_for(key, current, user),
                "mine" if key in by_me else "theirs",
            )
            for key, (current, value) in differing.items()
        ]
        form.move_to(now.version)
        return cls(_who(holder), now.version, choices)


def version_to_edit(holder: Holder, form: HolderForm) -> int:
    """Return the version that `form` may replace: the one it started from, or the present one when all that the form
    shows still stands as it was (somebody added a fact meanwhile). Raises EditedMeanwhile otherwise.
    """
    started = form.cleaned_data.get("version")
    if started != holder.version:
        base = unseal(str(form.data.get("base", "")))
        if not base or differences(base, picture_of(holder)):
            raise EditedMeanwhile(holder)
    return holder.version


def _who(holder: Holder) -> str:
    kind = "contact" if isinstance(holder, Contact) else "company"
    last = AuditEvent.objects.filter(kind=kind, object_id=holder.pk, verb="changed").order_by("-at", "-id").first()
    return str(last.actor) if last and last.actor else ""


def keep_theirs(changes: dict[str, Any], post: Any) -> dict[str, Any]:
    """Leave out what the person decided to keep as the other one saved it."""
    return {key: value for key, value in changes.items() if post.get(f"keep-{key}") != "theirs"}
