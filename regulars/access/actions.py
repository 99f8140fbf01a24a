"""Colleagues come, change and go: adding, roles, email, deactivation, invitations."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import Invitation, Role, Team, User
from regulars.access.models.audit import audit

HandOver = Callable[[User, User, User], int]
_handovers: list[HandOver] = []


class NotPossible(ValidationError):
    """What was asked can't be done now; the message says why, for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


def add_user(*, email: str, password: str | None, name: str, role: str = Role.MEMBER, **fields: Any) -> User:
    """Make an account. Raises NotPossible when somebody has this email, whatever its case."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name.strip(), role=role, **fields)
    except IntegrityError as error:
        raise NotPossible(_("Somebody with this email has an account here already.")) from error


def on_hand_over(function: HandOver) -> None:
    """Let `function(leaving, successor, by) -> count` move what a leaving colleague has to a successor."""
    if function not in _handovers:
        _handovers.append(function)


@transaction.atomic
def change_role(user: User, role: str, *, by: User, address: str = "") -> None:
    """Give `user` another role and record it. Raises NotPossible when nobody with the role owner would be left, or
    when somebody who is not an owner touches that role."""
    before = user.role
    if role == before:
        return
    if Role.OWNER in (role, before) and not by.can("own"):
        raise NotPossible(_("Only an owner can make or change owners."))
    if before == Role.OWNER:
        _keep_an_owner(besides=user)
    user.role = role
    user.save(update_fields=["role"])
    audit(
        "changed the role of",
        by=by,
        kind="user",
        object_id=user.pk,
        title=str(user),
        changes={"role": [before, role]},
        address=address,
    )


@transaction.atomic
def set_teams(user: User, teams: Iterable[Team], *, by: User, address: str = "") -> None:
    """Put `user` into exactly these teams and record it."""
    before = sorted(user.teams.values_list("name", flat=True))
    user.teams.set(teams)
    after = sorted(user.teams.values_list("name", flat=True))
    if before != after:
        changes = {"teams": [", ".join(before), ", ".join(after)]}
        audit(
            "changed the teams of",
            by=by,
            kind="user",
            object_id=user.pk,
            title=str(user),
            changes=changes,
            address=address,
        )


@transaction.atomic
def deactivate(user: User, *, by: User, successor: User | None = None, address: str = "") -> int:
    """Close an account: signed out everywhere at once, kept in the history. Returns how much of theirs went to
    `successor`; without one it stays with `user`, and can be given away later.

    Raises NotPossible for the last owner, for oneself, and for an owner when `by` is none.
    """
    if user == by:
        raise NotPossible(_("You can't close your own account. Ask another owner or manager."))
    if user.role == Role.OWNER:
        if not by.can("own"):
            raise NotPossible(_("Only an owner can close an owner's account."))
        _keep_an_owner(besides=user)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return 0
    user.is_active = False
    moved = sum(function(user, successor, by) for function in _handovers) if successor else 0
    changes = {"handed over": [str(user), f"{successor} ({moved})"]} if successor else {}
    audit(
        "closed the account of",
        by=by,
        kind="user",
        object_id=user.pk,
        title=str(user),
        changes=changes,
        address=address,
    )
    return moved


@transaction.atomic
def reactivate(user: User, *, by: User, address: str = "") -> None:
    """Open a closed account again, with the password it had."""
    if user.role == Role.OWNER and not by.can("own"):
        raise NotPossible(_("Only an owner can open an owner's account."))
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        user.is_active = True
        audit("opened the account of", by=by, kind="user", object_id=user.pk, title=str(user), address=address)


def _keep_an_owner(*, besides: User) -> None:
    """Raise NotPossible unless another active owner remains. Locks the owners, so that two can't leave at once."""
    owners = User.objects.select_for_update().filter(role=Role.OWNER, is_active=True).order_by("pk")
    if not [owner for owner in owners if owner.pk != besides.pk]:
        raise NotPossible(_("This is the only owner. Make somebody else an owner first."))


@transaction.atomic
def change_email(user: User, email: str, *, address: str = "") -> None:
    """Sign in with `email` from now on. Records it. Raises NotPossible when somebody else has it."""
    before, user.email = user.email, email.strip().lower()
    if before == user.email:
        return
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError as error:
        user.email = before
        raise NotPossible(_("Somebody with this email has an account here already.")) from error
    changes = {"email": [before, user.email]}
    audit(
        "changed their email",
        by=user,
        kind="user",
        object_id=user.pk,
        title=str(user),
        changes=changes,
        address=address,
    )


@transaction.atomic
def invite(*, role: str, by: User, email: str = "", teams: Iterable[Team] = (), address: str = "") -> Invitation:
    """Make a link that lets one person join. Records it; sends nothing.

    Raises NotPossible for a role above one's own, and for an email that has an account.
    """
    if role == Role.OWNER and not by.can("own"):
        raise NotPossible(_("Only an owner can invite owners."))
    if email and User.objects.filter(email__iexact=email).exists():
        raise NotPossible(_("Somebody with this email has an account here already."))
    invitation = Invitation.objects.create(role=role, email=email, invited_by=by)
    invitation.teams.set(teams)
    audit(
        "invited",
        by=by,
        kind="invitation",
        object_id=invitation.pk,
        title=email or str(_("somebody by link")),
        changes={"role": [None, role]},
        address=address,
    )
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User, address: str = "") -> bool:
    """Make the link useless; False when it was used or withdrawn already."""
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not open_.update(withdrawn_at=timezone.now()):
        return False
    audit(
        "withdrew the invitation of",
        by=by,
        kind="invitation",
        object_id=invitation.pk,
        title=invitation.email,
        address=address,
    )
    return True


@transaction.atomic
def accept_invitation(invitation: Invitation, *, name: str, email: str, password: str, address: str = "") -> User:
    """Make the account that an invitation promises, with its role and teams, and record it.

    Raises NotPossible when the link has been used, withdrawn or has run out, or when the email has an account.
    """
    claimed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not invitation.is_open or not claimed.update(accepted_at=timezone.now()):
        raise NotPossible(_("This invitation can't be used any more."))
    user = add_user(email=email, password=password, name=name, role=invitation.role)
    user.teams.set(invitation.teams.all())
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    changes = {"role": [None, user.role]}
    audit("joined", by=user, kind="user", object_id=user.pk, title=str(user), changes=changes, address=address)
    return user
