"""Inviting a colleague by link or mail, and joining with it."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from regulars.access.actions import NotPossible, accept_invitation, invite
from regulars.access.models import AuditEvent, Invitation, User
from regulars.access.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db

NEWCOMER = {"name": "Rui Prado", "email": "rui@harbor.example", "password": "quiet-harbor-otter"}


def test_an_owner_invites_by_mail_and_the_newcomer_joins_with_role_and_team(client: Client) -> None:
    owner, team = make_user("Nora Pine", role="owner"), make_team("Counter")
    client.force_login(owner)
    answer = client.post(
        "/settings/invitations/", {"email": "rui@harbor.example", "role": "front_desk", "teams": [team.pk]}
    )
    assert answer.headers["Location"] == "/settings/invitations/"
    letter = mail.outbox[0]
    assert letter.subject == "Nora Pine invites you to Harbor & Pine"
    found = re.search(r"http://testserver(/join/\S+)", str(letter.body))
    assert found
    link = found[1]
    newcomer = Client()
    page = newcomer.get(link)
    assert "Nora Pine invites you to join." in page.text
    assert 'value="rui@harbor.example"' in page.text
    assert newcomer.post(link, NEWCOMER).headers["Location"] == "/"
    user = User.objects.get(email="rui@harbor.example")
    assert (user.role, list(user.teams.all())) == ("front_desk", [team])
    assert "Rui" in newcomer.get("/").text, "signed in at once"
    assert "This one" in newcomer.get("/account/sessions/").text
    assert AuditEvent.objects.filter(verb="joined", actor=user).exists()
    assert "This invitation has been used" in Client().get(link).text
    assert Client().post(link, {**NEWCOMER, "email": "second@harbor.example"}).status_code == 410


def test_a_link_without_mail_stands_ready_to_be_copied(client: Client) -> None:
    client.force_login(make_user(role="manager"))
    client.post("/settings/invitations/", {"email": "", "role": "member"})
    token = Invitation.objects.get().token
    assert mail.outbox == []
    assert f'data-copy="http://testserver/join/{token}/"' in client.get("/settings/invitations/").text


def test_a_broken_mail_server_does_not_lose_the_invitation(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("regulars.access.views.invitations.send_mail", fail)
    client.force_login(make_user(role="owner"))
    answer = client.post("/settings/invitations/", {"email": "rui@harbor.example", "role": "member"}, follow=True)
    assert "The mail could not be sent" in answer.text
    assert Invitation.objects.get().is_open


def test_a_withdrawn_a_stale_and_a_made_up_link_each_answer_clearly(client: Client) -> None:
    owner = make_user(role="owner")
    client.force_login(owner)
    withdrawn, stale = invite(role="member", by=owner), invite(role="member", by=owner)
    assert client.post(f"/settings/invitations/{withdrawn.pk}/withdrawal/").status_code == 302
    Invitation.objects.filter(pk=stale.pk).update(created_at=timezone.now() - timedelta(days=15))
    stranger = Client()
    for token, status, says in (
        (withdrawn.token, 410, "was withdrawn"),
        (stale.token, 410, "has run out"),
        ("made-up", 404, "leads nowhere"),
    ):
        answer = stranger.get(f"/join/{token}/")
        assert (answer.status_code, says in answer.text) == (status, True)
        assert stranger.post(f"/join/{token}/", NEWCOMER).status_code == status
    assert User.objects.count() == 1


def test_of_two_who_use_a_link_at_once_one_gets_in() -> None:
    invitation = invite(role="member", by=make_user(role="owner"))
    again = Invitation.objects.get(pk=invitation.pk)
    accept_invitation(invitation, **NEWCOMER)
    with pytest.raises(NotPossible):
        accept_invitation(again, **{**NEWCOMER, "email": "second@harbor.example"})
    assert not User.objects.filter(email="second@harbor.example").exists()


def test_an_email_that_has_an_account_is_refused_and_the_link_stays_good(client: Client) -> None:
    owner = make_user(role="owner")
    invitation = invite(role="member", by=owner)
    answer = client.post(f"/join/{invitation.token}/", {**NEWCOMER, "email": owner.email.upper()})
    assert answer.status_code == 422
    assert "has an account here already" in answer.text
    invitation.refresh_from_db()
    assert invitation.is_open


def test_somebody_who_is_signed_in_is_told_so(client: Client) -> None:
    owner = make_user(role="owner")
    client.force_login(owner)
    assert "You have an account already" in client.get(f"/join/{invite(role='member', by=owner).token}/").text


def test_a_manager_can_not_invite_owners(client: Client) -> None:
    client.force_login(make_user(role="manager"))
    assert 'value="owner"' not in client.get("/settings/invitations/").text
    assert client.post("/settings/invitations/", {"role": "owner"}).status_code == 422
    assert not Invitation.objects.exists()


def test_members_may_not_invite_and_wrong_ways_are_refused(client: Client) -> None:
    owner = make_user(role="owner")
    invitation = invite(role="member", by=owner)
    client.force_login(make_user())
    assert client.get("/settings/invitations/").status_code == 403
    assert client.post(f"/settings/invitations/{invitation.pk}/withdrawal/").status_code == 403
    client.force_login(owner)
    assert client.post("/settings/invitations/999/withdrawal/").status_code == 404
    assert client.get(f"/settings/invitations/{invitation.pk}/withdrawal/").status_code == 405
