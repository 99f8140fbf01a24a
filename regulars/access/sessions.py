"""Sessions in the database, read by a prepared statement: every request asks for one."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from regulars.lib.prepared import prepared


@prepared
def _session(key: str) -> QuerySet[Session]:
    return Session.objects.filter(pk=key)


class SessionStore(DatabaseStore):
    """The database's sessions as Django keeps them."""

    def _get_session_from_db(self) -> Any:
        session = _session.first(self.session_key or "")
        if session is not None and session.expire_date > timezone.now():
            return session
        self._session_key = None
        return None
