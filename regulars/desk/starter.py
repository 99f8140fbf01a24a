"""The starter list: what a new business does first, and how far it is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.access.door import viewer
from regulars.access.models import Invitation, Operation, User
from regulars.contacts.models import Contact, ImportantDate, Opener
from regulars.lib.prepared import prepared
from regulars.timeline.models import Entry

PEOPLE = 5


@dataclass(frozen=True)
class Idea:
    """Something worth trying first: `fact` says in `_facts` whether it is done, `needs` which capability it takes."""

    fact: str
    needs: str
    url_name: str
    icon: str
    label: str | Promise
    text: str | Promise


IDEAS = (
    Idea("people", "edit", "contact-add", "user-plus", _("Add five people"), _("The ones you know best.")),
    Idea("logged", "log", "capture", "pencil", _("Log a moment"), _("A visit, a call, a word over the counter.")),
    Idea(
        "opener",
        "log",
        "contacts",
        "message-circle-question",
        _("Write down an opener"),
        _("Something to ask about next time."),
    ),
    Idea("date", "edit", "contacts", "cake", _("Add an important date"), _("A birthday, or the day they first came.")),
    Idea("import", "import", "import", "file-up", _("Import a file"), _("From a spreadsheet or another system.")),
    Idea("invited", "people", "invitations", "users-round", _("Invite a colleague"), _("By mail or by a link.")),
    Idea(
        "keys",
        "view",
        "mfa_index",
        "shield-check",
        _("Switch on two-step sign-in"),
        _("A passkey or an app keeps strangers out."),
    ),
)


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
    people = len(_people(user.pk, user.sees_all))
    facts = (_facts.first(user.pk) or {}) | {"people": people >= PEOPLE}
    return [
        Step(idea.label, idea.text, url, idea.icon, bool(facts[idea.fact]), _progress(idea, people))
        for idea in IDEAS
        if user.can(idea.needs) and (url := _address(idea.url_name))
    ]


@prepared
def _people(user: int, sees_all: bool) -> QuerySet[Any, Any]:
    people: QuerySet[Any] = Contact.objects.visible_to(viewer(user, sees_all))
    return people.values_list("pk")[:PEOPLE]


@prepared
def _facts(user: int) -> QuerySet[Any, Any]:
    return (
        User.objects.filter(pk=user)
        .annotate(
            logged=Exists(Entry.objects.filter(author=OuterRef("pk"))),
            opener=Exists(Opener.objects.filter(noted_by=OuterRef("pk"))),
            date=Exists(ImportantDate.objects.all()),
            **{"import": Exists(Operation.objects.filter(kind="import"))},
            invited=Exists(Invitation.objects.all()),
            keys=Count("authenticator"),
        )
        .values("logged", "opener", "date", "import", "invited", "keys")
    )


def _progress(idea: Idea, people: int) -> str:
    return f"{people}/{PEOPLE}" if idea.fact == "people" and people < PEOPLE else ""


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
