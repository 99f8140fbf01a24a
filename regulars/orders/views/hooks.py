"""The addresses that shops and tills send their events to."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from regulars.orders.hooks.receiving import find, receive


@csrf_exempt
def hook(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """Let an event in. The sender's proof is its signature: no session, no cookie, no token of a form."""
    connection = find(kind, int(pk))
    if connection is None:
        return _plain("there is nothing here", 404)
    if request.method != "POST":
        answer = _plain("This address is for events that a shop sends. It works.", 405)
        answer.headers["Allow"] = "POST"
        return answer
    status, words = receive(connection, request)
    answer = _plain(words, status)
    if status == 503:
        answer.headers["Retry-After"] = "600"
    return answer


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
