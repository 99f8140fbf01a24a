"""Organisation, users and what they did."""

from regulars.access.models.audit import AuditEvent
from regulars.access.models.notifications import NoticeSettings, Notification, PushSubscription
from regulars.access.models.operations import Operation, UndoStep
from regulars.access.models.organisation import Organisation
from regulars.access.models.schedule import ScheduledRun
from regulars.access.models.users import Invitation, Role, Team, User, Visibility

__all__ = [
    "AuditEvent",
    "Invitation",
    "NoticeSettings",
    "Notification",
    "Operation",
    "Organisation",
    "PushSubscription",
    "Role",
    "ScheduledRun",
    "Team",
    "UndoStep",
    "User",
    "Visibility",
]
