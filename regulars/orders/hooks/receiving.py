"""Letting a message in: who signed it is checked on its raw bytes, and it is stored before anything is made of it."""

import time
from collections.abc import Mapping
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError

from regulars.lib.prepared import prepared
from regulars.lib.secrets import SealBroken
from regulars.orders.hooks import working
from regulars.orders.hooks.kinds import KINDS
from regulars.orders.hooks.news import Arrival, Head, Kind, NotUnderstood, Payload, Refused
from regulars.orders.hooks.reading import load
from regulars.orders.models import Connection, HookEvent
from regulars.promises.booking.guard import address_key, is_too_often

LARGEST = 5 * 1024 * 1024  # bytes
TOO_OFTEN = 600  # wrong messages from one address in ten minutes; more are not written down any more
KEPT_HEADERS = ("x-shopify-", "x-wc-", "x-square-", "square-", "webhook-", "x-regulars-", "content-type", "user-agent")
SIGNATURES = ("signature", "hmac")
LONGEST_HEADER = 300


class Answer(NamedTuple):
    """What the sender is told: a status of HTTP and a word in plain English, for machines and their keepers."""

    status: int
    words: str


@prepared
def _connection(pk: int) -> QuerySet[Connection]:
    return Connection.objects.filter(pk=pk)


def find(kind: str, pk: int) -> Connection | None:
    """Return the connection behind an address. One query."""
    found = _connection.first(pk)
    return found if found is not None and found.kind == kind else None


def receive(connection: Connection, request: HttpRequest) -> Answer:
    """Let a message in, or say why not. Stores it, once for each id; work on it begins after the answer.

    What is not let in is counted on the connection, and never stored.
    """
    try:
        arrival = _arrival(connection, request)
        if KINDS[connection.kind].is_knock(arrival):
            connection.knock()
            return Answer(200, "hello")
        return _let_in(connection, arrival)
    except Refused as refused:
        if is_too_often("hook", address_key(request), TOO_OFTEN):
            return Answer(429, "too many wrong messages")
        connection.refuse(refused.why)
        return Answer(_STATUS.get(refused.why, 401), str(refused))


_STATUS = {"closed": 410, "large": 413, "broken": 400}


def _arrival(connection: Connection, request: HttpRequest) -> Arrival:
    if not connection.is_open:
        raise Refused("closed", "This address is switched off.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isascii() and length.isdigit() else 0
    if size > LARGEST:
        raise Refused("large", f"A message has {LARGEST} bytes at most.")
    try:
        body = request.body
    except (UnreadablePostError, RawPostDataException, OSError):
        raise Refused("broken", "The message broke off.") from None
    if not body or len(body) != size:
        raise Refused("broken", "The message is empty, or not as long as its Content-Length says.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    url = request.build_absolute_uri(request.path) if KINDS[connection.kind].signs_address else ""
    return Arrival(body, headers, url, time.time())


def _let_in(connection: Connection, arrival: Arrival) -> Answer:
    try:
        secrets = connection.secrets()
    except SealBroken:
        secrets = []
    if not secrets:
        return Answer(503, "the secret is not set yet; try again later")
    kind = KINDS[connection.kind]
    kind.check(arrival, secrets)
    if not store(connection, arrival, _head(kind, arrival)):
        return Answer(200, "known already")
    return Answer(200, "ok")


def _head(kind: Kind, arrival: Arrival) -> Head:
    payload: Payload | None
    try:
        payload = load(arrival.body)
    except NotUnderstood:
        payload = None
    return kind.head(arrival, payload)


def store(connection: Connection, arrival: Arrival, head: Head) -> bool:
    """Keep a message that was let in; False when one with its id is here. Has the worker look after commit."""
    event = HookEvent(
        connection=connection,
        event_id=_clean(head.event_id, 140),
        topic=_clean(head.topic, 80),
        version=_clean(head.version, 40),
        headers=kept_headers(arrival.headers),
        body=arrival.body,
        size=len(arrival.body),
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
            connection.heard()
            transaction.on_commit(working.wake)
    except IntegrityError:
        return False
    return True


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that say something about a message; signatures are not among them."""
    return {
        name: _clean(value, LONGEST_HEADER)
        for name, value in headers.items()
        if name.startswith(KEPT_HEADERS) and not any(word in name for word in SIGNATURES)
    }


def _clean(words: str, most: int) -> str:
    return words.replace("\x00", "")[:most]
