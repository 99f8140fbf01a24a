"""Keeping booking pages: who hosts them, and what a leaving host leaves behind."""

from django.db import transaction

from regulars.access.models import User
from regulars.promises.booking import claims
from regulars.promises.forms.booking import BookingPageForm
from regulars.promises.models import BookingPage


@transaction.atomic
def save_page(form: BookingPageForm, *, by: User) -> BookingPage:
    """Save a valid form. Its hosts' appointments claim their time from now on; without a choice the host is `by`."""
    is_new = form.instance.pk is None
    page = form.save()
    if "hosts" not in form.fields and is_new:
        page.hosts.set([by])
    claims.hold(list(page.hosts.values_list("pk", flat=True)))
    return page


@transaction.atomic
def hand_over(leaving: User, successor: User, by: User) -> int:
    """Put `successor` in the place of a host who leaves; returns how many pages that was."""
    pages = list(BookingPage.objects.filter(hosts=leaving))
    for page in pages:
        page.hosts.remove(leaving)
        page.hosts.add(successor)
    if pages:
        claims.hold([successor.pk])
    return len(pages)
