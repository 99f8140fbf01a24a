"""What is asked of the server: each page or act as a signed-in colleague meets it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from bench.figures import MEASURES, percentiles
from bench.server import Answer, Visitor
from bench.words import FEED

REPEATS = 200
WARM_UP = 30
ASKED = WARM_UP + REPEATS  # of each page in a round
ROUNDS = 2  # minutes apart; the better one counts: the machine is shared, and its speed swings by half within minutes
LONG = 10  # the first contacts have long timelines: see generate.py

Ask = Callable[[int], Answer]


def paths(visitor: Visitor, known: dict[str, Any]) -> dict[str, list[str]]:
    """Return the addresses of each page, to be asked for in turn."""
    after = []
    for contact in range(1, LONG + 1):
        found = re.search(
            r'(/contacts/\d+/timeline/\?[^"]*after=[^"]+)"', visitor.ask("GET", f"/contacts/{contact}/").text
        )
        after += [found.group(1).replace("&amp;", "&")] if found else []
    words = [urlencode({"q": word}) for word in known["words"]]
    lists = [urlencode({"tag": tag, "owner": owner, "stage": stage}) for tag, owner, stage in known["filtered"]]
    return {
        "list": ["/contacts/"],
        "deep": [f"/contacts/?after={known['deep']}"],
        "filtered": [f"/contacts/?{query}&sort=-last_contact" for query in lists],
        "contact": [f"/contacts/{pk}/" for pk in known["ids"]],
        "timeline": after,
        "short": [f"/search/palette/?q={text}" for text in known["short"]],
        **{
            name: [f"/search/palette/?q={quote(' '.join(parts))}" for parts in known[name]]
            for name in ("two", "two-few", "two-kinds")
        },
        "digits": [f"/search/palette/?q={text}" for text in known["digits"]],
        "words": [f"/search/palette/?{query}" for query in words],
        "today": ["/"],
        "ledger": ["/promises/"],
        "calendar": ["/calendar/?view=month"],
        "tree": ["/referrals/tree/contact-1/"],
        "segment": [f"/contacts/?segment={known['segment']}"],
        "segment-count": [f"/contacts/count/?segment={known['segment']}"],
        "feed": [f"/feeds/{FEED}.ics"],
    }


def measure(
    visitor: Visitor, known: dict[str, Any], only: set[str], busy: Callable[[], float]
) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Return p50, p95 and processor time in ms of each page in its better round, and one address of each.

    `busy` says how much processor time the server has used so far. A page that fails is said so and left out.
    """
    asked = paths(visitor, known)
    found: dict[str, list[float]] = {}
    for first in range(0, ROUNDS * ASKED, ASKED):
        for step in MEASURES:
            if only and step.name not in only:
                continue
            began = busy()
            try:
                times = _one(visitor, known, step.name, asked, first)
            except RuntimeError as problem:  # the other figures are worth having
                print(f"    {step.label:<56} FAILED: {problem}", flush=True)
                continue
            if times:
                times.append(round((busy() - began) * 1000 / ASKED, 1))
                found[step.name] = min(times, found.get(step.name, times), key=lambda round_: round_[1])
            print(f"    {step.label:<56} {times}", flush=True)
    return found, {name: addresses[0] for name, addresses in asked.items() if addresses}


def _one(visitor: Visitor, known: dict[str, Any], name: str, asked: dict[str, list[str]], first: int) -> list[float]:
    if name == "keep":
        waiting = known["promises"][first:]
        return _timed(lambda n: _keep(visitor, waiting[n])) if len(waiting) >= ASKED else []
    if name == "log":
        times = _timed(lambda n: _log(visitor, known, first + n))
        _check_logged(visitor, known, first + ASKED - 1)
        return times
    if not (addresses := asked[name]):
        return []
    headers = {"HX_Request": "true"} if "palette" in addresses[0] or "timeline" in addresses[0] else {}
    return _timed(_getter(visitor, addresses, headers))


def _getter(visitor: Visitor, addresses: list[str], headers: dict[str, str]) -> Ask:
    return lambda n: visitor.ask("GET", addresses[n % len(addresses)], None, **headers)


def _timed(ask: Ask) -> list[float]:
    times = []
    for n in range(ASKED):
        answer = ask(n)
        if answer.status != 200:
            raise RuntimeError(f"answered {answer.status}")
        if n >= WARM_UP:
            times.append(answer.seconds)
    return percentiles(times)


def _keep(visitor: Visitor, promise: int) -> Answer:
    return visitor.ask("POST", f"/promises/{promise}/keeping/", {}, HX_Request="true")


def _log(visitor: Visitor, known: dict[str, Any], number: int) -> Answer:
    contact = known["ids"][number % len(known["ids"])]
    form = {"text": f"Called about measuring mark{number}x", "kind": "call", "on": f"contact-{contact}", "box": "page"}
    return visitor.ask("POST", "/capture/", form, HX_Request="true")


def _check_logged(visitor: Visitor, known: dict[str, Any], number: int) -> None:
    """What was logged last stands on the timeline and is found: else the figure means nothing."""
    contact = known["ids"][number % len(known["ids"])]
    if f"mark{number}x" not in visitor.ask("GET", f"/contacts/{contact}/timeline/", HX_Request="true").text:
        raise RuntimeError("A logged moment is not on the timeline.")
    if f"mark{number}x" not in visitor.ask("GET", f"/search/palette/?q=mark{number}x", HX_Request="true").text:
        raise RuntimeError("A logged moment is not found.")
