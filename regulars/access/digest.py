"""The daily mail: what waits for a colleague, at the time of day they chose, and none when there is nothing to say."""

import logging
from datetime import date, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task

from regulars.access.home import at_home_of, zone_of
from regulars.access.models import NoticeSettings, Notification, Organisation, User
from regulars.access.notices import Line, digest_of
from regulars.lib.schedule import every

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=20)
TRIES = 4
UNREAD_SHOWN = 8


@every(minutes=1)
def send_due_digests() -> None:
    """Hand the mails whose time of day has come to the workers, each once a day. Two queries when none is due.

    A time that the clocks skip in spring is due right after; one that comes twice in autumn counts once.
    """
    business = Organisation.current()
    for row in NoticeSettings.objects.filter(digest_at__isnull=False, user__is_active=True).select_related("user"):
        now = timezone.now().astimezone(zone_of(row.user, business))
        is_due = row.digest_at is not None and now.time() >= row.digest_at
        if is_due and (row.digest_sent_on is None or row.digest_sent_on < now.date()):
            _claim(row, now.date())


def _claim(row: NoticeSettings, day: date) -> bool:
    """Queue the mail of `day`, unless another scheduler was faster."""
    older = Q(digest_sent_on=None) | Q(digest_sent_on__lt=day)
    with transaction.atomic():
        mine = NoticeSettings.objects.filter(older, pk=row.pk).update(digest_sent_on=day)
        if mine:
            transaction.on_commit(lambda: send_digest.enqueue(row.pk, day.isoformat()))
    return bool(mine)


def choose_time(settings_of: NoticeSettings, site: str) -> None:
    """Save the time somebody has chosen. One that has passed today begins tomorrow. `site` is where the links lead."""
    now = timezone.now().astimezone(zone_of(settings_of.user, Organisation.current()))
    if settings_of.digest_at is not None and now.time() >= settings_of.digest_at:
        settings_of.digest_sent_on = now.date()
    else:
        settings_of.digest_sent_on = None
    settings_of.site = site[:200]
    settings_of.save()


@task()
def send_digest(pk: int, day: str, tried: int = 1) -> bool:
    """Send a colleague the mail of `day`; returns whether there was something to say.

    A mail server that doesn't answer is asked again after 20 minutes, four times in all. The mail of one day always
    carries the same Message-ID, so that one that is sent twice (a worker died while it sent) is known as the same.
    """
    row = NoticeSettings.objects.filter(pk=pk, digest_at__isnull=False, user__is_active=True).select_related("user")
    found = row.first()
    mail = write_digest(found.user, found.site, day) if found else None
    if mail is None:
        return False
    try:
        mail.send()
    except OSError:  # smtplib's errors are, too
        if tried >= TRIES:
            raise
        logger.warning("The mail server did not take the daily mail of %s; it is tried again.", found and found.user)
        _again(pk, day, tried + 1)
    return True


def _again(pk: int, day: str, tried: int) -> None:
    send_digest.using(run_after=timezone.now() + AGAIN_AFTER).enqueue(pk, day, tried)


def write_digest(user: User, site: str, day: str) -> EmailMultiAlternatives | None:
    """Return the mail for `user`, or None when there is nothing to say. `site` ends with "/", or is "" for no links."""
    business = Organisation.current()
    with at_home_of(user, business):
        parts = digest_of(user)
        if not parts:
            return None
        about = {
            "user": user,
            "business": business,
            "parts": parts,
            "site": site.rstrip("/"),
            "own_settings": reverse("notice-settings"),
            "today": timezone.localdate(),
        }
        subject = _("%(day)s at %(business)s") % {
            "day": date_format(timezone.localdate(), "l j F"),
            "business": business,
        }
        mail = EmailMultiAlternatives(
            subject, render_to_string("access/digest_mail.txt", about), to=[user.email], headers=_headers(user, day)
        )
        mail.attach_alternative(render_to_string("access/digest_mail.html", about), "text/html")
        return mail


def _headers(user: User, day: str) -> dict[str, str]:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return {"Message-ID": f"<digest-{user.pk}-{day}@{domain}>", "Auto-Submitted": "auto-generated"}


def unread_lines(user: User) -> list[Line]:
    """What has come in the last day and is not read yet: the part of the daily mail that is ours."""
    since = timezone.now() - timedelta(days=1)
    new = Notification.objects.filter(user=user, read_at=None, created_at__gt=since).order_by("-created_at")
    return [Line(one.text, reverse("notification", args=[one.pk])) for one in new[:UNREAD_SHOWN]]
