"""A kept connection to PostgreSQL: left alone while it stands, replaced when the server has ended it."""

import time

import pytest
from django.db import connection, connections

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL"),
]


def test_a_connection_that_the_server_ended_is_found_out_and_made_anew() -> None:
    kept = connections.create_connection("default")
    kept.settings_dict = {**kept.settings_dict, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 600}
    try:
        with kept.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            before = cursor.fetchone()[0]
        assert kept.is_usable()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [before])
        deadline = time.monotonic() + 10
        while kept.is_usable() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not kept.is_usable()
        kept.close_if_unusable_or_obsolete()  # as at the start of a request
        with kept.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone()[0] != before
    finally:
        kept.close()
