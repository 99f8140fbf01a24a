"""The words that shops and the rest of Regulars share about messages. Nothing here touches the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from regulars.orders.drafts import OrderDraft

Payload = dict[str, Any]
SMALLEST_WINDOW = 300.0  # seconds that a signed time may be off


class Refused(Exception):
    """A message is not let in. `why` is a value of `Connection.Refusal`; str() says it to the sender."""

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why


class NotUnderstood(ValueError):
    """A message says something we have no words for: it is kept and shown. str() says what it was."""


class NotNeeded(Exception):
    """A message is about something that doesn't concern orders. str() says what."""


@dataclass(frozen=True)
class Arrival:
    """A message as it stands at the door: its raw bytes, its headers by small names, the address it was sent to, now
    in seconds since 1970."""

    body: bytes
    headers: Mapping[str, str]
    url: str = ""
    now: float = 0.0


@dataclass(frozen=True)
class Head:
    """What a message says of itself: its id (unique with its shop), what it is about, the version of the interface."""

    event_id: str
    topic: str = ""
    version: str = ""


@dataclass(frozen=True)
class News:
    """What a message tells about one thing of one order.

    `key` is the shop's id of the order. `facet` names the thing ("order", "payment:77", "refund:5"): the newest word on
    each counts, by `at`, compared as text. A `draft` is the order as this thing shows it: of whole ones that of the
    highest `rank` counts; those with `adds` are parts that are summed (payments). `refunded` is the amount of one
    refund. `status` is where the order stands, when told apart from everything else. `missing` says in words what the
    message left out.
    """

    key: str
    facet: str
    at: str
    draft: OrderDraft | None = None
    rank: int = 0
    adds: bool = False
    refunded: Decimal | None = None
    status: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Sample:
    """A signed message to try an address with: its bytes and its headers."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Kind:
    """One kind of shop.

    `check` raises Refused when no secret fits the raw bytes. `head` says what a message calls itself; the payload is
    None when it is no JSON. `read` says what it tells, and raises NotUnderstood or NotNeeded. `sample` (of secret,
    address and seconds since 1970) signs a message that is seen as a test. `is_knock` is true for the unsigned try that
    some shops make when they are set up. `makes_secret` is true where the secret is ours to choose,
    `signs_address` where the address is part of what is signed. `steps` say in plain words what to do there, `brings`
    what comes of it.
    """

    name: str
    label: str | Promise
    icon: str
    steps: Sequence[str | Promise]
    secret_label: str | Promise
    secret_help: str | Promise
    check: Callable[[Arrival, Sequence[str]], None]
    head: Callable[[Arrival, Payload | None], Head]
    read: Callable[[Payload, Head, Mapping[str, str]], list[News]]
    sample: Callable[[str, str, float], Sample]
    brings: str | Promise = ""
    makes_secret: bool = False
    signs_address: bool = False
    is_knock: Callable[[Arrival], bool] = field(default=lambda arrival: False)
