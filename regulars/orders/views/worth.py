"""What somebody is worth, on their page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.actions.adding import Holder
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.models import Contact
from regulars.contacts.timeline import holder_key
from regulars.orders.forms.orders import QuickOrderForm
from regulars.orders.unclaimed.buyers import orders_maybe_of
from regulars.orders.worth import Worth
from regulars.orders.worth_lines import lines_of


@signed_in
@require_GET
def contact_worth(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a person is worth: value, rhythm, usual and last order."""
    return draw_worth(request, get_contact(request.user, pk, alone=True))


@signed_in
@require_GET
def company_worth(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same for a company with its people."""
    return draw_worth(request, get_company(request.user, pk))


def draw_worth(
    request: SignedInRequest, holder: Holder, form: QuickOrderForm | None = None, status: int = 200
) -> HttpResponse:
    """The panel, with the line that writes an order down."""
    stem = "contact" if isinstance(holder, Contact) else "company"
    worth = Worth(holder)
    context = {
        "holder": holder,
        "stem": stem,
        "on": holder_key(holder),
        "worth": worth,
        "more": lines_of(holder, worth, request.organisation),
        "form": form or QuickOrderForm(),
        "may_log": request.user.can("log"),
        "maybe": orders_maybe_of(holder) if request.user.can("log") else [],
    }
    return render(request, "orders/worth.html", context, status=status)
