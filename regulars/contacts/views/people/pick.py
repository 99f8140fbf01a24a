"""Picking a person, company or tag by typing part of its name: the answers of comboboxes."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.models import Company, Contact, NameWord, Tag
from regulars.lib.text import digits, words

SHOWN = 8


@signed_in
@require_GET
def pick_contact(request: SignedInRequest) -> HttpResponse:
    """People whose names begin with the typed words."""
    people = named(Contact, "contact", request)
    return render(request, "contacts/pick_contact.html", {"people": people})


@signed_in
@require_GET
def pick_company(request: SignedInRequest, prefix: str = "") -> HttpResponse:
    """Companies whose names begin with the typed words. `prefix` stands before the ids where a name may be typed."""
    context = {"companies": named(Company, "company", request), "prefix": prefix}
    return render(request, "contacts/pick_company.html", context)


@signed_in
@require_GET
def pick_tag(request: SignedInRequest) -> HttpResponse:
    """Tags that contain the typed letters."""
    text = request.GET.get("q", "").strip().lstrip("#")[:60]
    tags = Tag.objects.filter(name__icontains=text)[:SHOWN] if text else Tag.objects.all()[:SHOWN]
    return render(request, "contacts/pick_tag.html", {"tags": tags})


def named(model: Any, link: str, request: SignedInRequest) -> Any:
    """The most recently touched records, visible to the user, all of whose typed words begin a word of the name."""
    typed = words(request.GET.get("q", "")[:100])[:4]
    found = model.objects.visible_to(request.user)
    for word in typed:
        found = found.filter(pk__in=NameWord.objects.filter(word__prefix=word).exclude(**{link: None}).values(link))
    if link == "contact" and len(number := digits(request.GET.get("q", ""))) >= 4:
        found = model.objects.visible_to(request.user).filter(points__kind="phone", points__key__contains=number)
    return found.exclude(pk=digits(request.GET.get("except", ""))[:18] or 0).order_by("-touched_at")[:SHOWN]
