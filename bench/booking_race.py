"""200 people take the last free time at the same moment: exactly one gets it, the others are told kindly.

    python -m bench.booking_race                            both databases
    python -m bench.booking_race --database sqlite --requests 50

Runs the real server on an empty business with one booking page and one free time, each request from an address of its
own. Prints one line for each database and ends with 1 when anything else than one booking came out of it.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from bench.data import Prepared, empty, postgresql
from bench.figures import percentiles
from bench.server import Answer, Server, Visitor

KIND = "Somebody was a moment faster"
PATH = "/book/race/"


class Race(Prepared):
    """An empty database, behind a proxy that says where each request comes from."""

    @property
    def environment(self) -> dict[str, str]:
        """As always, and a proxy is trusted."""
        return super().environment | {"REGULARS_BEHIND_PROXY": "1", "REGULARS_LOG_LEVEL": "ERROR"}


def main(arguments: list[str]) -> int:
    """Run what was asked; returns the exit code."""
    parser = argparse.ArgumentParser(description="Race for the last free time of a booking page.")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--inside", choices=["make", "count"], help="(for the script itself)")
    options = parser.parse_args(arguments)
    if options.inside:
        import django

        django.setup()
        print(make() if options.inside == "make" else count())
        return 0
    databases = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    right = [race(database, options.requests) for database in databases]
    return 0 if all(right) else 1


def race(database: str, requests: int) -> bool:
    """Run one race and print what came of it; whether exactly one booking did."""
    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql() if database == "postgresql" else nullcontext() as cluster,
    ):
        url = f"postgres://regulars@{str(cluster).replace('/', '%2F')}/bench_race" if cluster else ""
        prepared = Race(database, "race", Path(folder), url)
        empty(prepared, cluster)
        prepared.run("regulars.config.cli", "migrate", "--verbosity", "0")
        start = prepared.run("bench.booking_race", "--inside", "make", stdout=subprocess.PIPE).stdout.strip()
        with Server(prepared) as server:
            answers, seconds = run(server.port, start, requests)
        counted = prepared.run("bench.booking_race", "--inside", "count", stdout=subprocess.PIPE).stdout.strip()
    return report(database, answers, seconds, counted)


def run(port: int, start: str, requests: int) -> tuple[list[Answer], float]:
    """Let everybody open the form, then send all of them at once; returns the answers and the seconds it took."""
    visitors = [(Visitor(port), f"10.1.{n // 250}.{n % 250 + 1}") for n in range(requests)]
    notes = [note(visitor, address, start) for visitor, address in visitors]
    time.sleep(3.5)  # nobody types faster than that
    answers: list[Answer] = []
    line = threading.Barrier(requests + 1)

    def send(number: int) -> None:
        visitor, address = visitors[number]
        form = {
            "form": notes[number], "start": start, "name": f"Visitor {number}", "email": f"v{number}@race.example",
            "phone": "", "note": "", "website": "", "typed": "",
        }  # fmt: skip
        line.wait()
        answers.append(visitor.ask("POST", f"{PATH}you/", form, X_Forwarded_For=address))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(requests)]
    for thread in threads:
        thread.start()
    line.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return answers, time.monotonic() - began


def note(visitor: Visitor, address: str, start: str) -> str:
    """Open the form and return its hidden note."""
    page = visitor.ask("GET", f"{PATH}you/?start={start}", X_Forwarded_For=address)
    found = re.search(r'name="form" value="([^"]+)"', page.text)
    if page.status != 200 or not found:
        raise RuntimeError(f"The form answered {page.status}.")
    return found.group(1)


def report(database: str, answers: list[Answer], seconds: float, counted: str) -> bool:
    """Print one line and return whether all is as it should be."""
    statuses = Counter(answer.status for answer in answers)
    told = sum(1 for answer in answers if answer.status == 409 and KIND in answer.text)
    spread = percentiles([answer.seconds for answer in answers])
    is_right = statuses[302] == 1 and told == len(answers) - 1 and counted == "1 booking, 1 appointment, 1 contact"
    print(
        f"{database}: {len(answers)} requests in {seconds:.2f} s: {statuses[302]} booked, {told} told kindly, "
        f"{len(answers) - told - statuses[302]} anything else; {counted}; answers {spread}: "
        + ("right" if is_right else f"WRONG {dict(statuses)}"),
        flush=True,
    )
    return is_right


# Inside, on the data.


def make() -> str:
    """Make the business and its page with one free time; returns that time as it stands in addresses."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    from regulars.desk.actions import set_up_business
    from regulars.promises.booking.free_times import wall_moment
    from regulars.promises.booking.month import STAMP
    from regulars.promises.booking.working_hours import set_week
    from regulars.promises.models import BookingPage, DayOff

    host = set_up_business(
        business="Race", trade="salon", currency="EUR", time_zone="Europe/Lisbon", language="en", country="PT",
        name="Inês Duarte", email="ines@race.example", password="a long enough password",  # noqa: S106
    )  # fmt: skip
    set_week(host, [[[600, 630]]] * 7)
    page = BookingPage.objects.create(slug="race", title="Race", notice=0, horizon=10)
    page.hosts.set([host])
    zone = ZoneInfo("Europe/Lisbon")
    today = timezone.now().astimezone(zone).date()
    day = today + timedelta(days=5)
    DayOff.objects.create(first_day=today, last_day=day - timedelta(days=1))
    DayOff.objects.create(first_day=day + timedelta(days=1), last_day=day + timedelta(days=30))
    return f"{wall_moment(day, 600, zone):{STAMP}}"


def count() -> str:
    """Return what the race left behind."""
    from regulars.contacts.models import Contact
    from regulars.promises.models import Appointment, Booking

    words = {"booking": Booking, "appointment": Appointment, "contact": Contact}
    return ", ".join(
        f"{number} {name}{'' if number == 1 else 's'}"
        for name, model in words.items()
        for number in [model._default_manager.count()]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
