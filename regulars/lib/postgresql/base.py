"""See the package. Django loads its backends by this module's name."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL."""

    def is_usable(self) -> bool:
        """Whether the connection still stands; asked once for each request.

        A server that has gone, or has ended our session, has closed the connection, and that makes its socket readable.
        While nothing is to be read nothing is wrong, which saves each page a question and its answer.
        """
        if self.connection is None or self.connection.closed:
            return False
        look = select.poll()
        look.register(self.connection.fileno(), select.POLLIN)
        return not look.poll(0) or bool(super().is_usable())
