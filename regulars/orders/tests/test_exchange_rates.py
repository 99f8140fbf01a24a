"""Exchange rates: the European Central Bank's file, a rate by hand, orders that waited."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from regulars.access.tests.factories import make_user
from regulars.contacts.tests.factories import make_contact
from regulars.contacts.tests.pages import sign_in
from regulars.orders.exchange.history import NoHistory, read_history
from regulars.orders.models import ExchangeRate, Order
from regulars.orders.tests.factories import make_order

pytestmark = pytest.mark.django_db


def history(*days: date) -> str:
    rows = "".join(f"{day},1.25,N/A,0.80,\n" for day in days)
    return f"Date,USD,CYP,GBP,\n{rows}"


def bring(client: Any, content: bytes, more: str = "") -> Any:
    return client.post("/settings/rates/history/", {"file": SimpleUploadedFile("hist.csv", content), "more": more})


def test_orders_that_waited_are_valued_when_the_file_comes() -> None:
    client = sign_in(make_user(role="owner"))
    today = timezone.localdate()
    maya = make_contact("Maya Okafor")
    make_order(maya, "100.00", currency="USD", days=1)
    assert maya.worth.value == 0
    assert "1 order" in client.get("/settings/rates/").content.decode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("eurofxref-hist.csv", history(today, date(2020, 1, 2)))
    assert bring(client, packed.getvalue(), "gbp, cyp")["Location"] == "/settings/rates/"
    assert ExchangeRate.objects.get(currency="GBP", day=today).rate == Decimal("1.25")
    assert not ExchangeRate.objects.filter(currency="CYP").exists()
    maya.worth.refresh_from_db()
    assert (Order.objects.get().value, maya.worth.value) == (8000, 8000)
    assert "No order waits" in client.get("/settings/rates/").content.decode()


def test_a_rate_by_hand_counts_from_its_day_on() -> None:
    client = sign_in(make_user(role="owner"))
    make_order(None, "100.00", currency="CHF", days=3)
    day = timezone.localdate() - timezone.timedelta(days=10)
    answer = client.post("/settings/rates/typed/", {"currency": "chf", "rate": "1.05", "day": day})
    assert answer.status_code == 302
    assert Order.objects.get().value == 10500
    for wrong in ({"currency": "EUR"}, {"currency": "XQQ"}, {"rate": "0"}, {"day": "2096-01-01"}):
        answer = client.post("/settings/rates/typed/", {"currency": "CHF", "rate": "1", "day": day, **wrong})
        assert answer.status_code == 422
    assert sign_in(make_user(role="member")).get("/settings/rates/").status_code == 403


def test_another_currency_of_ones_own_is_reckoned_through_the_euro() -> None:
    rates = {code: rate for _day, code, rate in read_history(
        io.BytesIO(history(date(2026, 1, 2)).encode()), "GBP", ["USD", "EUR", "GBP", "CYP"])}  # fmt: skip
    assert rates == {"USD": Decimal("0.64"), "EUR": Decimal("0.8")}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"Name,Email\nAda,a@b.c\n", "not the history"), (b"PK\x03\x04broken", "zip"), (b"\xff\xfe\x00", "text file"),
     (b"Date,USD,GBP\n31/31,1,1\n", "not a day"), (b"", "not the history")],
)  # fmt: skip
def test_another_file_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(NoHistory, match=words):
        list(read_history(io.BytesIO(content), "EUR", ["USD"]))
