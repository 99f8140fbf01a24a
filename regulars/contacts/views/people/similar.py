"""The warning while somebody types a person who seems to exist."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, can
from regulars.contacts.finding.duplicates import similar_contacts


@can("edit")
@require_GET
def similar(request: SignedInRequest) -> HttpResponse:
    """People who may be the one that is being typed; nothing when there are none."""
    ask = request.GET
    name = f"{ask.get('given_name', '')} {ask.get('family_name', '')}".strip() or ask.get("display_name", "")
    rows = range(min(20, int(ask["points-TOTAL_FORMS"])) if ask.get("points-TOTAL_FORMS", "").isdecimal() else 20)
    typed = [(ask.get(f"points-{n}-kind", ""), ask.get(f"points-{n}-value", "")[:300]) for n in rows]
    emails, phones = ([value for kind, value in typed if kind == wanted and value] for wanted in ("email", "phone"))
    matches = similar_contacts(request.user, name, emails, phones)
    return render(request, "contacts/similar.html", {"matches": matches})
