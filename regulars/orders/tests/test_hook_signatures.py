"""Who signed an event: each vector that the shops publish verifies, and one changed byte does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from regulars.orders.hooks.kinds import KINDS
from regulars.orders.hooks.news import Arrival, Refused

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "webhooks"
NAMES = {"standard-webhooks": "json"}


def _vectors() -> list[dict[str, Any]]:
    file = SHARED / "signature_vectors.json"
    if not file.exists():
        return []
    found = [{**one, "kind": NAMES.get(one["provider"], one["provider"])} for one in json.loads(file.read_text())]
    return [one for one in found if one["kind"] in KINDS and "body" in one]


def _arrival(vector: dict[str, Any], body: bytes) -> Arrival:
    expected, at = vector["expected"], vector.get("timestamp", "0")
    headers = {
        "json": {"webhook-id": vector.get("msg_id", ""), "webhook-timestamp": at, "webhook-signature": expected},
        "stripe": {"stripe-signature": f"t={at},{expected}"},
    }.get(vector["kind"], {vector["header"].lower(): expected})
    return Arrival(body, headers, vector.get("url", ""), float(at))


@pytest.mark.parametrize("vector", _vectors(), ids=lambda one: str(one["provider"]))
def test_a_published_signature_verifies_and_one_changed_byte_does_not(vector: dict[str, Any]) -> None:
    kind, body = KINDS[vector["kind"]], vector["body"].encode()
    kind.check(_arrival(vector, body), [vector["secret"]])
    kind.check(_arrival(vector, body), ["another-secret", vector["secret"]])  # while it is being changed both hold
    for place in (0, len(body) // 2, len(body) - 1):
        changed = bytearray(body)
        changed[place] ^= 1
        with pytest.raises(Refused) as refused:
            kind.check(_arrival(vector, bytes(changed)), [vector["secret"]])
        assert refused.value.why == "forged"
    with pytest.raises(Refused):
        kind.check(_arrival(vector, body), ["another-secret"])


@pytest.mark.skipif(not _vectors(), reason="the published vectors are not on this machine")
def test_every_kind_has_a_vector() -> None:
    assert {vector["kind"] for vector in _vectors()} == set(KINDS)


@pytest.mark.parametrize("name", list(KINDS))
def test_the_sample_of_each_kind_is_signed_as_the_shop_signs(name: str) -> None:
    kind, address, now = KINDS[name], "https://crm.example/hooks/x/1", 1_790_000_000.0
    sample = kind.sample("whsec_secret", address, now)
    headers = {key.lower(): value for key, value in sample.headers.items()}
    kind.check(Arrival(sample.body, headers, address, now), ["whsec_secret"])
    with pytest.raises(Refused):
        kind.check(Arrival(sample.body + b" ", headers, address, now), ["whsec_secret"])
    for broken in ({}, dict.fromkeys(headers, ""), dict.fromkeys(headers, "t=ü,v1=ü"), dict.fromkeys(headers, "v1,é")):
        with pytest.raises(Refused):
            kind.check(Arrival(sample.body, broken, address, now), ["whsec_secret"])


@pytest.mark.parametrize("name", ["stripe", "json"])
def test_a_signature_that_says_its_time_is_good_for_five_minutes(name: str) -> None:
    kind, now = KINDS[name], 1_790_000_000.0
    sample = kind.sample("whsec_secret", "", now)
    headers = {key.lower(): value for key, value in sample.headers.items()}
    kind.check(Arrival(sample.body, headers, "", now + 299), ["whsec_secret"])
    for moment in (now + 301, now - 301):
        with pytest.raises(Refused) as refused:
            kind.check(Arrival(sample.body, headers, "", moment), ["whsec_secret"])
        assert refused.value.why == "old"
