"""Events of a shop come in over several connections at once while the worker is killed twice: how many a second are
accepted, how soon each is answered, and whether each became one order.

    python -m bench.webhooks                            both databases, 1,200 events over 6 connections
    python -m bench.webhooks --database sqlite --events 3000

Runs the real server on an empty business with one Shopify connection. Prints a line for each database and ends with 1
when an event was lost, done twice, or fewer than 300 a second were accepted.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.data import Prepared, empty, postgresql
from bench.figures import percentiles
from bench.server import Server

SECRET = "whsec_of-the-bench"
ASKED = 300.0  # events a second
DONE_WITHIN = 300.0  # seconds
Request = tuple[bytes, dict[str, str]]


def main(arguments: list[str]) -> int:
    """Run what was asked; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure how events of shops are let in.")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--events", type=int, default=1200)
    parser.add_argument("--connections", type=int, default=6)
    parser.add_argument("--inside", choices=["make", "count"], help="(for the script itself)")
    options = parser.parse_args(arguments)
    if options.inside:
        import django

        django.setup()
        print(make() if options.inside == "make" else count())
        return 0
    databases = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    found = [measure(one, options.events, options.connections) for one in databases]
    return 0 if all(one["right"] and one["rate"] >= ASKED for one in found) else 1


def measure(database: str, events: int, connections: int) -> dict[str, Any]:
    """Measure one database and print what came of it: "rate", "p50", "p95", "done", whether all is "right"."""
    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql() if database == "postgresql" else nullcontext() as cluster,
    ):
        url = f"postgres://regulars@{str(cluster).replace('/', '%2F')}/bench_hooks" if cluster else ""
        prepared = Prepared(database, "hooks", Path(folder), url)
        empty(prepared, cluster)
        prepared.run("regulars.config.cli", "migrate", "--verbosity", "0")
        path = _inside(prepared, "make")
        with Server(prepared) as server:
            server.settle()
            send(server.port, path, [signed(f"w{n}", n) for n in range(40)], 2)  # a process is slow at first
            answers, seconds = _under_fire(
                server, path, [signed(f"e{n}", n + 1000) for n in range(events)], connections
            )
            took = _until_done(prepared, events + 40)
        counted = _inside(prepared, "count")
    return report(database, answers, seconds, took, counted, events + 40)


def _inside(prepared: Prepared, what: str) -> str:
    return prepared.run("bench.webhooks", "--inside", what, stdout=subprocess.PIPE).stdout.strip()


def signed(event: str, number: int) -> Request:
    """Return an order as Shopify sends it, and its headers."""
    body = json.dumps({
        "id": number, "name": f"#{number}", "currency": "EUR", "financial_status": "paid", "total_price": "28.00",
        "created_at": "2026-03-01T10:00:00+01:00", "updated_at": "2026-03-01T10:00:05+01:00", "source_name": "web",
        "email": f"guest{number % 200}@example.com", "customer": {"id": number % 200, "first_name": f"Guest {number}"},
        "line_items": [{"name": "House beans", "sku": "HB", "quantity": 2, "price": "12.50"}],
        "shipping_lines": [{"price": "3.00"}], "note": "x" * 3000,
    }).encode()  # fmt: skip
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    headers = {"X-Shopify-Topic": "orders/create", "X-Shopify-Webhook-Id": event, "X-Shopify-Hmac-Sha256": signature}
    return body, headers | {"Content-Type": "application/json"}


def send(port: int, path: str, requests: list[Request], connections: int) -> tuple[list[tuple[int, float]], float]:
    """Send everything over so many connections at once; returns status and seconds of each, and the seconds of all."""
    answers: list[tuple[int, float]] = []

    def one(share: list[Request]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for body, headers in share:
            began = time.perf_counter()
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            answers.append((answer.status, time.perf_counter() - began))

    threads = [threading.Thread(target=one, args=(requests[n::connections],)) for n in range(connections)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.monotonic() - began


def _under_fire(
    server: Server, path: str, requests: list[Request], connections: int
) -> tuple[list[tuple[int, float]], float]:
    """Send everything; the worker is killed in the middle and once more when the next has begun."""
    second = threading.Timer(4.0, kill_worker, args=(server,))
    first = threading.Timer(0.5, kill_worker, args=(server,))
    for timer in (first, second):
        timer.start()
    found = send(server.port, path, requests, connections)
    second.join()
    return found


def kill_worker(server: Server) -> None:
    """End the worker as a power cut would."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        pid, parent, command = line.split(None, 2)
        if int(parent) == server.process.pid and "regulars.config.worker" in command:
            os.kill(int(pid), signal.SIGKILL)


def _until_done(prepared: Prepared, events: int) -> float:
    """Wait until nothing waits any more; returns the seconds."""
    began = time.monotonic()
    while time.monotonic() - began < DONE_WITHIN:
        if f"{events} processed" in _inside(prepared, "count"):
            break
        time.sleep(2)
    return time.monotonic() - began


def report(
    database: str, answers: list[tuple[int, float]], seconds: float, took: float, counted: str, events: int
) -> dict[str, Any]:  # fmt: skip
    """Print one line and return what it says."""
    statuses = Counter(status for status, _ in answers)
    rate = len(answers) / seconds
    p50, p95 = percentiles([took for _, took in answers])
    is_right = counted == f"{events} events, {events} processed, {events} orders" and statuses == {200: len(answers)}
    print(
        f"{database}: {len(answers)} events accepted in {seconds:.2f} s: {rate:.0f}/s, p50 and p95 {p50}, {p95} ms; all"
        f" worked on {took:.0f} s later, with the worker killed twice: {counted}: "
        + ("right" if is_right else f"WRONG {dict(statuses)}")
        + ("" if rate >= ASKED else f" (fewer than {ASKED:.0f}/s)"),
        flush=True,
    )
    return {"rate": round(rate), "p50": p50, "p95": p95, "done": round(took), "right": is_right}


# Inside, on the data.


def make() -> str:
    """Make the business and its connection; returns the path of its address."""
    from regulars.desk.actions import set_up_business
    from regulars.orders.models import Connection

    owner = set_up_business(
        business="Hooks", trade="shop", currency="EUR", time_zone="Europe/Lisbon", language="en", country="PT",
        name="Inês Duarte", email="ines@hooks.example", password="a long enough password",  # noqa: S106
    )  # fmt: skip
    return Connection.make("shopify", "Shop", by=owner, secret=SECRET).hook_path


def count() -> str:
    """Return what is here."""
    from regulars.orders.models import HookEvent, Order

    events = HookEvent.objects.count()
    processed = HookEvent.objects.filter(status=HookEvent.Status.PROCESSED).count()
    return f"{events} events, {processed} processed, {Order.objects.count()} orders"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
