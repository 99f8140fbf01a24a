"""The daily mail, sent to a mail server of our own."""

import email
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time
from email.message import Message
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from regulars.access import digest, notices
from regulars.access.models import NoticeSettings, Organisation, User
from regulars.access.notices import Line, register_digest_part
from regulars.access.tests.factories import make_user

pytestmark = pytest.mark.django_db

SAID: list[str | Line] = []


def what_is_said(user: User) -> list[str | Line]:
    return SAID


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as is needed to take a mail, and keeps it."""

    allow_reuse_address = daemon_threads = True
    refuses = False

    def __init__(self) -> None:
        self.mails: list[Message] = []
        super().__init__(("127.0.0.1", 0), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("451 come back later" if self.server.refuses else "220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(email.message_from_bytes(b"".join(lines)))
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        register_digest_part(5, what_is_said, "Promises")
        SAID[:] = ["Quote for Maya,\ndue yesterday", Line("Jonas: the allergen list", "/promises/5/")]
        yield server
        notices._digest_parts.pop(f"{__name__}.what_is_said")
        server.shutdown()


@pytest.fixture
def rui() -> User:
    rui = make_user("Rui Silva", time_zone="Asia/Tokyo")
    NoticeSettings.objects.create(user=rui, digest_at=time(7, 30), site="https://crm.harbor.example/")
    return rui


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """Let the scheduler look at a moment of UTC."""

    def look(*moment: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime(*moment, tzinfo=UTC))  # type: ignore[arg-type]
        with django_capture_on_commit_callbacks(execute=True):
            digest.send_due_digests()

    return look


def test_it_comes_at_the_chosen_time_in_ones_own_zone_once_a_day(server: MailServer, rui: User, clock: Any) -> None:
    clock(2026, 11, 21, 22, 29)  # 07:29 of the 22nd in Tokyo
    assert server.mails == []
    for minute in (30, 31):
        clock(2026, 11, 21, 22, minute)
    (mail,) = server.mails
    assert mail["To"] == rui.email
    assert mail["Subject"] == "Sunday 22 November at Harbor & Pine"
    assert mail["Message-ID"] == f"<digest-{rui.pk}-2026-11-22@localhost>"
    text, html = (part.get_payload(decode=True).decode() for part in mail.get_payload())  # type: ignore[union-attr]
    assert "- Quote for Maya, due yesterday" in text
    assert "https://crm.harbor.example/promises/5/" in text
    assert '<a href="https://crm.harbor.example/promises/5/">Jonas: the allergen list</a>' in html
    clock(2026, 11, 22, 22, 30)
    assert len(server.mails) == 2


def test_it_is_skipped_when_there_is_nothing_to_say(server: MailServer, rui: User, clock: Any) -> None:
    SAID.clear()
    clock(2026, 11, 21, 23, 0)
    SAID.append("Something new")
    clock(2026, 11, 21, 23, 5)
    assert server.mails == []


def test_one_who_has_left_gets_no_mail(server: MailServer, rui: User, clock: Any) -> None:
    User.objects.update(is_active=False)
    clock(2026, 11, 21, 23, 0)
    assert server.mails == []


def test_a_mail_server_that_does_not_answer_is_asked_again(
    server: MailServer, rui: User, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[tuple[Any, ...]] = []
    monkeypatch.setattr(digest, "_again", lambda *call: later.append(call))
    server.refuses = True
    clock(2026, 11, 21, 23, 0)
    assert later == [(rui.pk, "2026-11-22", 2)]
    server.refuses = False
    assert digest.send_digest.call(*later[0])
    assert len(server.mails) == 1


def test_a_time_that_has_passed_today_begins_tomorrow(
    client: Client, rui: User, clock: Any, server: MailServer
) -> None:
    clock(2026, 11, 21, 20, 0)  # 05:00 in Tokyo
    client.force_login(rui)
    assert client.post("/settings/notifications/", {"digest_at": "04:00"}).status_code == 302
    kept = NoticeSettings.objects.get()
    assert (kept.digest_at, kept.site) == (time(4), "http://testserver/")
    clock(2026, 11, 21, 20, 1)
    assert server.mails == []
    clock(2026, 11, 22, 19, 0)
    assert len(server.mails) == 1
    client.post("/settings/notifications/", {"digest_at": ""})
    clock(2026, 11, 23, 23, 0)
    assert len(server.mails) == 1


def test_it_is_written_in_the_language_of_who_reads_it(rui: User) -> None:
    Organisation.objects.update(language="de")
    SAID[:] = ["Angebot"]
    register_digest_part(5, what_is_said)
    mail = digest.write_digest(rui, "", "2026-11-22")
    notices._digest_parts.pop(f"{__name__}.what_is_said")
    assert mail
    assert mail.subject.startswith(("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"))
    assert "http" not in str(mail.body)
