"""What the app tells a colleague, how they want to be told, and the devices that are told too."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from regulars.access.models.users import User


class Notification(models.Model):
    """One line in a colleague's notifications: somebody mentioned them, an import ended.

    Made by `access.notices.notify` alone. `kind` is one that is registered there; `key` makes it the same news
    whenever it is told again. `pushed_at` is when it went out to their devices.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    actor = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=30, blank=True)
    key = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    pushed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notification_newest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], condition=~Q(key=""), name="notification_told_once")
        ]

    def __str__(self) -> str:
        return self.text

    def read(self) -> None:
        """Mark as read, once."""
        Notification.objects.filter(pk=self.pk, read_at=None).update(read_at=timezone.now())

    def unread(self) -> None:
        """Mark as new again."""
        Notification.objects.filter(pk=self.pk).update(read_at=None)


class NoticeSettings(models.Model):
    """How one colleague wants to be told. Without a row everything is as it comes.

    `kinds` holds their switches, {kind: bool}, for those they have touched. `digest_at` is the time of day of the
    daily mail in their own zone, None for no mail; `digest_sent_on` the day (in that zone) of the last one looked at.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="notice_settings")
    kinds = models.JSONField(default=dict)
    digest_at = models.TimeField(null=True, blank=True)
    digest_sent_on = models.DateField(null=True, blank=True)
    site = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"of {self.user_id}"


class PushSubscription(models.Model):
    """A browser that shows notifications even when Regulars is closed (RFC 8030).

    `endpoint` is the address its push service gave it, `p256dh` and `auth` the keys its messages are encrypted with.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    device = models.CharField(max_length=80, blank=True, help_text='What it is, in words: "Firefox on Android".')
    session_key = models.CharField(max_length=40, blank=True, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.device or self.endpoint[:60]
