"""What the app tells a colleague."""

from django.db import models
from django.utils import timezone

from regulars.access.models.users import User


class Notification(models.Model):
    """One line in a colleague's notifications: somebody mentioned them, an import ended."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    actor = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notification_newest"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.text

    def read(self) -> None:
        """Mark as read, once."""
        Notification.objects.filter(pk=self.pk, read_at=None).update(read_at=timezone.now())
