"""Events of a till come over HTTP while the worker is killed, twice: each order is here once, none is lost."""

import hashlib
import hmac
import http.client
import json
import os
import signal
import sqlite3
import threading
import time
from pathlib import Path

from tests import template_database
from tests.processes import Served, run, served, wait_for

EVENTS, SENDERS = 300, 4
SECRET = "whsec_olive-tram-seagull"
CONNECT = f"""
from regulars.access.models import User
from regulars.orders.models import Connection
print(Connection.make("json", "Till", by=User.objects.get(), secret="{SECRET}").hook_path)
"""


def _send(server: Served, path: str, numbers: range, answers: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for number in numbers:
        line = {"name": "Flat white", "unit_price": "4.50"}
        order = {"id": f"T-{number}", "placed_at": "2026-03-01T10:00:00Z", "currency": "EUR", "lines": [line]}
        body = json.dumps({"id": f"e-{number}", "topic": "order", "order": order}).encode()
        now = str(int(time.time()))
        signature = hmac.new(SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Regulars-Timestamp": now, "X-Regulars-Signature": f"v1={signature}"}
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        answers.append(answer.status)
    connection.close()


def _one(data: Path, query: str) -> int:
    with sqlite3.connect(f"file:{data}/regulars.sqlite3?mode=ro", uri=True, timeout=20) as database:
        found = database.execute(query).fetchone()[0]
    database.close()
    return int(found)


def _kill_worker(server: Served) -> None:
    for pid in server.pids("regulars.config.worker"):
        os.kill(pid, signal.SIGKILL)


def test_nothing_is_lost_or_done_twice_when_the_worker_is_killed_twice(tmp_path: Path) -> None:
    data = template_database.migrated(tmp_path / "data")
    who = ("--business", "Casa Verde", "--name", "Inês", "--email", "ines@casaverde.example")
    made = run("regulars", "setup", *who, "--password", "olive-tram-seagull", "--data", str(data))
    assert made.returncode == 0, made.stderr
    path = run("regulars", "shell", "--no-imports", "-c", CONNECT, "--data", str(data)).stdout.strip()
    done = "SELECT count(*) FROM orders_hookevent WHERE status = 'processed'"
    with served(data) as server:
        answers: list[int] = []
        threads = [
            threading.Thread(target=_send, args=(server, path, range(n, EVENTS, SENDERS), answers))
            for n in range(SENDERS)
        ]
        for thread in threads:
            thread.start()
        wait_for(lambda: 0 < _one(data, done) < EVENTS)
        _kill_worker(server)
        for thread in threads:
            thread.join()
        assert answers == [200] * EVENTS
        at_first = _one(data, done)
        assert at_first < EVENTS
        wait_for(lambda: _one(data, done) > at_first)
        _kill_worker(server)
        wait_for(lambda: _one(data, done) == EVENTS)
    assert _one(data, "SELECT count(*) FROM orders_hookevent") == EVENTS
    assert _one(data, "SELECT count(*) FROM orders_order") == EVENTS
    assert _one(data, "SELECT count(DISTINCT external_id) FROM orders_order") == EVENTS
    assert _one(data, "SELECT count(*) FROM orders_line") == EVENTS
    assert _one(data, "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'FAILED'") == 0
