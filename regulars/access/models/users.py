"""Colleagues, their teams and roles."""

import secrets
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.lib.prepared import prepared

INVITATION_LASTS = timedelta(days=14)


class Role(models.TextChoices):
    """What a colleague may do; the capabilities of each stand in `access.roles`."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    MEMBER = "member", _("Member")
    FRONT_DESK = "front_desk", _("Front desk")
    READER = "reader", _("Read-only")


class Visibility(models.TextChoices):
    """Who may know that a contact or company exists. Owners and managers of the business see all."""

    EVERYONE = "everyone", _("Everyone")
    TEAM = "team", _("The team only")
    OWNER = "owner", _("The point of contact only")


class Team(models.Model):
    """A group of colleagues."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users by email."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create and save a user. The email is kept in small letters, which is how sign-in looks it up."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this email, whatever its case."""
        return self.get(email__iexact=username)

    def active(self) -> models.QuerySet["User"]:
        """Colleagues who can sign in, by name."""
        return self.filter(is_active=True).order_by("name", "pk")


class User(AbstractBaseUser):
    """A colleague: signs in, owns contacts, logs moments."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    teams = models.ManyToManyField(Team, related_name="members", blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=10, blank=True)
    starter_dismissed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def first_name(self) -> str:
        """The name to greet with."""
        return (self.name or self.email).split()[0]

    def can(self, capability: str) -> bool:
        """Whether this colleague's role has `capability` (see `access.roles`)."""
        from regulars.access.roles import CAPABILITIES

        return self.is_active and capability in CAPABILITIES[Role(self.role)]

    @property
    def sees_all(self) -> bool:
        """Owners and managers see every contact, whatever its visibility."""
        return self.role in (Role.OWNER, Role.MANAGER)


@prepared
def active_names() -> models.QuerySet[User, tuple[int, str]]:
    """Ids and names of the colleagues who can sign in, by name; the email of those without a name."""
    named = Coalesce(NullIf("name", Value("")), "email", output_field=models.CharField())
    return User.objects.active().annotate(called=named).values_list("pk", "called")


def _new_token() -> str:
    return secrets.token_urlsafe(24)


class Invitation(models.Model):
    """A link that lets one person join with a role. Used once, valid for 14 days."""

    email = models.EmailField(blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    teams = models.ManyToManyField(Team, blank=True)
    token = models.CharField(max_length=64, unique=True, default=_new_token)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_by = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="invitation")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email or self.token[:6]

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        fresh = timezone.now() < self.created_at + INVITATION_LASTS
        return fresh and not self.accepted_at and not self.withdrawn_at
