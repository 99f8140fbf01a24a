"""Colleagues: roles, teams, leaving, and always an owner."""

import pytest
from django.test import Client

from regulars.access.actions import NotPossible, change_role, deactivate
from regulars.access.models import AuditEvent, Team, User
from regulars.access.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db


def test_an_owner_gives_a_colleague_another_role_and_team(client: Client) -> None:
    owner, rui, team = make_user(role="owner"), make_user("Rui Prado"), make_team()
    client.force_login(owner)
    assert "Rui Prado" in client.get("/settings/colleagues/").text
    answer = client.post(f"/settings/colleagues/{rui.pk}/", {"role": "manager", "teams": [team.pk]})
    assert answer.headers["Location"] == "/settings/colleagues/"
    rui.refresh_from_db()
    assert (rui.role, list(rui.teams.all())) == ("manager", [team])
    event = AuditEvent.objects.get(verb="changed the role of")
    assert (event.actor, event.object_id, event.changes) == (owner, rui.pk, {"role": ["member", "manager"]})
    assert AuditEvent.objects.filter(verb="changed the teams of").exists()


def test_the_last_owner_can_be_neither_demoted_nor_closed(client: Client) -> None:
    owner = make_user(role="owner")
    client.force_login(owner)
    answer = client.post(f"/settings/colleagues/{owner.pk}/", {"role": "member"})
    assert answer.status_code == 422
    assert "only owner" in answer.text
    second = make_user(role="owner")
    change_role(owner, "member", by=second)
    with pytest.raises(NotPossible, match="only owner"):
        change_role(second, "member", by=second)
    with pytest.raises(NotPossible, match="your own account"):
        deactivate(second, by=second)
    assert User.objects.filter(role="owner", is_active=True).count() == 1


def test_a_closed_owner_does_not_count_as_one() -> None:
    owner, closed = make_user(role="owner"), make_user(role="owner", is_active=False)
    with pytest.raises(NotPossible):
        change_role(owner, "member", by=owner)
    assert not closed.is_active


def test_a_manager_leaves_owners_alone(client: Client) -> None:
    owner, other = make_user(role="owner"), make_user(role="owner")
    client.force_login(make_user(role="manager"))
    assert client.post(f"/settings/colleagues/{owner.pk}/", {"role": "member"}).status_code == 422
    client.post(f"/settings/colleagues/{other.pk}/deactivation/")
    assert User.objects.filter(role="owner", is_active=True).count() == 2


def test_closing_an_account_signs_out_at_once_and_can_be_undone(client: Client) -> None:
    rui = make_user("Rui Prado")
    browser = Client()
    browser.force_login(rui)
    client.force_login(make_user(role="manager"))
    answer = client.post(f"/settings/colleagues/{rui.pk}/deactivation/", follow=True)
    assert "The account of Rui Prado is closed." in answer.text
    assert f"/settings/colleagues/{rui.pk}/deactivation/" in answer.text, "the toast can undo it"
    assert browser.get("/").status_code == 302
    assert client.delete(f"/settings/colleagues/{rui.pk}/deactivation/").status_code == 204
    rui.refresh_from_db()
    assert rui.is_active
    verbs = AuditEvent.objects.filter(object_id=rui.pk, kind="user").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["closed the account of", "opened the account of"]
    client.post(f"/settings/colleagues/{rui.pk}/deactivation/")
    client.post(f"/settings/colleagues/{rui.pk}/reactivation/")
    rui.refresh_from_db()
    assert rui.is_active


def test_everybody_sees_who_works_here_but_only_those_who_lead_change_it(client: Client) -> None:
    rui, gone = make_user("Rui Prado"), make_user("Gone Away", is_active=False)
    for role in ("member", "front_desk", "reader"):
        client.force_login(make_user(role=role))
        page = client.get("/settings/colleagues/")
        assert page.status_code == 200
        assert gone.name not in page.text
        assert client.get(f"/settings/colleagues/{rui.pk}/").status_code == 403
        assert client.post(f"/settings/colleagues/{rui.pk}/deactivation/").status_code == 403
        assert client.get("/settings/teams/").status_code == 403
    client.force_login(make_user(role="owner"))
    assert gone.name in client.get("/settings/colleagues/").text
    assert client.get("/settings/colleagues/999/").status_code == 404
    assert client.get(f"/settings/colleagues/{rui.pk}/deactivation/").status_code == 405


def test_teams_are_made_renamed_and_dissolved(client: Client) -> None:
    rui = make_user("Rui Prado")
    client.force_login(make_user(role="manager"))
    client.post("/settings/teams/", {"name": "Counter", "members": [rui.pk]})
    team = Team.objects.get()
    assert list(team.members.all()) == [rui]
    assert client.post("/settings/teams/", {"name": "Counter"}).status_code == 422
    client.post(f"/settings/teams/{team.pk}/", {"name": "Bar", "members": []})
    team.refresh_from_db()
    assert (team.name, team.members.count()) == ("Bar", 0)
    assert client.delete(f"/settings/teams/{team.pk}/").headers["HX-Redirect"] == "/settings/teams/"
    assert client.get(f"/settings/teams/{team.pk}/").status_code == 404
    assert list(AuditEvent.objects.filter(kind="team").order_by("pk").values_list("verb", flat=True)) == [
        "added",
        "changed",
        "dissolved",
    ]
