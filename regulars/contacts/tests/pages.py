"""What tests of pages share."""

from typing import Any

from django.test import Client

from regulars.access.models import User


def sign_in(user: User) -> Client:
    """A client signed in as `user`."""
    client = Client()
    client.force_login(user, backend="regulars.access.backends.Backend")
    return client


def form_data(*points: tuple[str, str], addresses: list[dict[str, str]] | None = None, **fields: Any) -> dict[str, Any]:
    """What the form of a contact or company sends."""
    data: dict[str, Any] = {"points-TOTAL_FORMS": len(points), "points-INITIAL_FORMS": 0}
    for n, (kind, value) in enumerate(points):
        data |= {f"points-{n}-kind": kind, f"points-{n}-value": value}
    rows = addresses or []
    data |= {"addresses-TOTAL_FORMS": len(rows), "addresses-INITIAL_FORMS": 0}
    for n, row in enumerate(rows):
        data |= {f"addresses-{n}-{name}": value for name, value in row.items()}
    return data | fields


def as_sent(form: Any) -> dict[str, Any]:
    """What a browser sends when the form on the page goes back as it came."""
    fields = [*form]
    for rows in (form.points, form.addresses):
        fields += [*rows.management_form, *(field for row in rows for field in row)]
    values = {field.html_name: field.value() for field in fields}
    return {
        name: "on" if value is True else value
        for name, value in values.items()
        if value is not None and value is not False
    }


def hidden(client: Client, address: str) -> dict[str, Any]:
    """The version and base that the edit form at `address` carries."""
    form = client.get(address).context["form"]
    return {"version": form.initial["version"], "base": form.initial["base"]}
