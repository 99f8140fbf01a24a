"""The starter list: what a new business does first, and how far it is."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Invitation, Operation, User
from regulars.contacts.models import Contact, ImportantDate, Opener
from regulars.timeline.models import Entry

PEOPLE = 5


@dataclass(frozen=True)
class Step:
    """One thing to try; `url` is where it is done."""

    label: str | Promise
    text: str | Promise
    url: str
    icon: str
    done: bool
    progress: str = ""


def starter_steps(user: User) -> list[Step]:
    """Return the steps that the role of `user` can do, with what is done. Two queries."""
    people = len(Contact.objects.visible_to(user).values_list("pk")[:PEOPLE])
    facts = (
        User.objects.filter(pk=user.pk)
        .annotate(
            has_logged=Exists(Entry.objects.filter(author=OuterRef("pk"))),
            has_opener=Exists(Opener.objects.filter(noted_by=OuterRef("pk"))),
            has_date=Exists(ImportantDate.objects.all()),
            has_import=Exists(Operation.objects.filter(kind__startswith="import")),
            has_invited=Exists(Invitation.objects.all()),
            keys=Count("authenticator"),
        )
        .values("has_logged", "has_opener", "has_date", "has_import", "has_invited", "keys")
        .get()
    )
    steps = [
        ("edit", _("Add five people"), _("The ones you know best."), "contact-add", "user-plus", people >= PEOPLE),
        ("log", _("Log a moment"), _("A visit, a call, a word over the counter."), "capture", "pencil", facts["has_logged"]),
        ("log", _("Write down an opener"), _("Something to ask about next time."), "contacts", "message-circle-question", facts["has_opener"]),
        ("edit", _("Add an important date"), _("A birthday, or the day they first came."), "contacts", "cake", facts["has_date"]),
        ("import", _("Import a file"), _("From a spreadsheet or another system."), "import", "file-up", facts["has_import"]),
        ("people", _("Invite a colleague"), _("By mail or by a link."), "invitations", "users-round", facts["has_invited"]),
        ("view", _("Switch on two-step sign-in"), _("A passkey or an app keeps strangers out."), "mfa_index", "shield-check", bool(facts["keys"])),
    ]  # fmt: skip
    return [
        Step(label, text, url, icon, bool(done), f"{people}/{PEOPLE}" if icon == "user-plus" and not done else "")
        for capability, label, text, name, icon, done in steps
        if user.can(capability) and (url := _address(name))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
