"""The pages that show what orders come to, asked for over HTTP as in bench/pages.py."""

import json
import re
import subprocess
from typing import Any

from bench.data import Prepared
from bench.figures import percentiles
from bench.server import Server, Visitor

PASSWORD = "a long enough password"  # (of the data sets: see generate.py)
REPEATS, WARM_UP = 100, 15
CHUNK = 40  # contact pages asked for with orders and without, in turn
LIMIT = 150.0  # ms

Times = list[float]


def measure(prepared: Prepared) -> dict[str, Any]:
    """Return {page: [p50, p95, processor time, asked]} in ms, and the contact page with Worth and without."""
    known = inside(prepared, "known")
    inside(prepared, "modules", "on")
    with Server(prepared):
        pass  # the first start may migrate or compile
    with Server(prepared) as server:
        print(f"    quiet after {server.settle():.0f} s", flush=True)
        colleague, manager = Visitor(server.port), Visitor(server.port)
        colleague.sign_in("colleague2@bench.example", PASSWORD)
        manager.sign_in("colleague1@bench.example", PASSWORD)
        found: dict[str, Any] = {}
        for name, paths in addresses(manager, known).items():
            visitor = colleague if name in ("worth", "orders") else manager
            try:
                found[name] = _page(server, visitor, paths)
            except RuntimeError as problem:  # the other figures are worth having
                print(f"    {name:<40} FAILED: {problem}", flush=True)
                continue
            print(f"    {name:<40} {found[name]}", flush=True)
        found["contact"] = _with_and_without(server, colleague, prepared, known["people"])
        print(f"    {'contact page, with Worth and without':<40} {found['contact']}", flush=True)
        memory = round(server.memory(), 1)
    given = json.dumps({"people": known["people"], "since": known["since"]})
    done = prepared.run("bench.orders.floors", "pages", given, stdout=subprocess.PIPE)
    return {"pages": found, "floors": json.loads(done.stdout), "memory": memory}


def inside(prepared: Prepared, *what: str) -> dict[str, Any]:
    """Ask something of the data itself."""
    answer: dict[str, Any] = json.loads(prepared.run("bench.orders.inside", *what, stdout=subprocess.PIPE).stdout)
    return answer


def addresses(manager: Visitor, known: dict[str, Any]) -> dict[str, list[str]]:
    """Return the addresses of each page, to be asked for in turn. Reports are those that the overview links to."""
    reports = sorted(set(re.findall(r'"(/insights/reports/[\w-]+/)', manager.ask("GET", "/insights/").text)))
    today, product = known["today"], known["product"]
    found = {
        "worth": [f"/contacts/{pk}/worth/" for pk in known["people"]],
        "orders": ["/orders/"],
        "orders-filtered": ["/orders/?status=refunded&channel=web", f"/orders/?channel=phone&from={known['since']}"],
        "orders-product": [f"/orders/?product={product}", f"/orders/?product={product}&until={today}"],
        "value": ["/value/", "/value/?tier=silver", "/value/?kind=company"],
        "winback": ["/winback/", "/winback/?state=lost", "/winback/?tier=gold"],
        "insights": ["/insights/"],
        "insights-channel": ["/insights/?channel=web", "/insights/reports/revenue/?channel=till"],
        "backtest": ["/insights/backtest/"],
    }
    return found | {path.strip("/").replace("/", "-").replace("insights-", "", 1): [path] for path in reports}


def _page(server: Server, visitor: Visitor, paths: list[str]) -> list[float]:
    began, times = server.busy(), []
    for n in range(WARM_UP + REPEATS):
        answer = visitor.ask("GET", paths[n % len(paths)])
        if answer.status != 200:
            raise RuntimeError(f"{paths[n % len(paths)]} answered {answer.status}")
        if n >= WARM_UP:
            times.append(answer.seconds)
    return [*percentiles(times), round((server.busy() - began) * 1000 / (WARM_UP + REPEATS), 1)]


def _with_and_without(server: Server, visitor: Visitor, prepared: Prepared, people: list[int]) -> dict[str, Any]:
    """The contact page with the module of orders and with it switched off, a few of each in turn: what happens on the
    machine meanwhile happens to both."""
    times: dict[str, Times] = {"on": [], "off": []}
    used = {"on": 0.0, "off": 0.0}
    for turn in ("on", "off", "off", "on", "on", "off"):
        inside(prepared, "modules", turn)
        for n in range(5):
            visitor.ask("GET", f"/contacts/{people[n]}/")
        began = server.busy()
        for n in range(CHUNK):
            answer = visitor.ask("GET", f"/contacts/{people[n % len(people)]}/")
            if answer.status != 200 or ("/worth/" in answer.text or "Worth" in answer.text) != (turn == "on"):
                raise RuntimeError(f"The contact page with orders {turn} answered {answer.status}.")
            times[turn].append(answer.seconds)
        used[turn] += server.busy() - began
    inside(prepared, "modules", "on")
    many = len(times["on"])
    return {turn: [*percentiles(times[turn]), round(used[turn] * 1000 / many, 1)] for turn in times}
