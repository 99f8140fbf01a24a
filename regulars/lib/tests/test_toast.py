"""Toasts reach the page they belong to, whatever sort of answer there is."""

import json
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from regulars.lib.toast import ToastMiddleware, read_toasts, toast


@pytest.fixture
def request_by(rf: RequestFactory) -> Any:
    def make(htmx: bool) -> HttpRequest:
        request = rf.post("/contacts/5/binning/")
        request.htmx = htmx  # type: ignore[attr-defined]
        request._messages = CookieStorage(request)  # type: ignore[attr-defined]
        return request

    return make


def answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        toast(request, "In the bin.", undo_url="/contacts/5/binning/")
        return response

    return ToastMiddleware(view)(request)


WORD = {"text": "In the bin.", "tone": "info", "undo": "/contacts/5/binning/", "method": "DELETE"}


def test_a_page_shows_its_toasts_once(request_by: Any) -> None:
    request = request_by(htmx=False)
    assert "HX-Trigger" not in answer(request, HttpResponse())
    assert read_toasts(request) == [WORD]


def test_an_htmx_answer_carries_them_beside_its_own_triggers(request_by: Any) -> None:
    given = HttpResponse(headers={"HX-Trigger": "dialog:close, saved"})
    sent = json.loads(answer(request_by(htmx=True), given).headers["HX-Trigger"])
    assert sent == {"dialog:close": None, "saved": None, "toast": {"toasts": [WORD]}}
    given = HttpResponse(headers={"HX-Trigger": '{"saved": {"pk": 5}}'})
    sent = json.loads(answer(request_by(htmx=True), given).headers["HX-Trigger"])
    assert sent["saved"] == {"pk": 5}


@pytest.mark.parametrize(
    "leading_away",
    [
        HttpResponseRedirect("/"),
        HttpResponse(headers={"HX-Redirect": "/"}),
        HttpResponse(headers={"HX-Refresh": "true"}),
    ],
)
def test_an_answer_that_leads_elsewhere_leaves_them_for_the_next_page(
    request_by: Any, leading_away: HttpResponse
) -> None:
    request = request_by(htmx=True)
    assert "HX-Trigger" not in answer(request, leading_away)
    assert read_toasts(request) == [WORD]


def test_names_in_any_script_fit_into_the_header(request_by: Any) -> None:
    request = request_by(htmx=True)

    def view(request: HttpRequest) -> HttpResponse:
        toast(request, "王小明 🎂\nback")
        return HttpResponse()

    header = ToastMiddleware(view)(request).headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header)["toast"]["toasts"][0]["text"] == "王小明 🎂\nback"
