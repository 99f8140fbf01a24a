"""Small factories for colleagues and the business."""

from itertools import count
from typing import Any

from regulars.access.models import Organisation, Team, User
from regulars.lib import modules
from regulars.lib.text import fold

PASSWORD = "correct horse battery"  # a test password, never a real one
_numbers = count(1)


def make_organisation(**fields: Any) -> Organisation:
    """The business, made once."""
    found = Organisation.current()
    if found:
        return found
    values = {"name": "Harbor & Pine", "trade": "cafe", "person_word": "guest", "people_word": "guests", **fields}
    values.setdefault("modules", modules.start_for("cafe"))
    return Organisation.objects.create(**values)


def make_user(name: str = "", role: str = "member", **fields: Any) -> User:
    """A colleague whose password is PASSWORD; the business is made on the way."""
    make_organisation()
    number = next(_numbers)
    name = name or f"Colleague {number}"
    email = fields.pop("email", f"{fold(name.split()[0])}{number}@harbor.example")
    teams = fields.pop("teams", [])
    user = User.objects.create_user(email, PASSWORD, name=name, role=role, **fields)
    user.teams.set(teams)
    return user


def make_team(name: str = "") -> Team:
    """A team."""
    return Team.objects.create(name=name or f"Team {next(_numbers)}")
