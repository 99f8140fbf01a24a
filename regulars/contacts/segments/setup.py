"""What segments, rhythms and greetings hang on: merging, erasing, navigation, modules, scheduled work."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regulars.access.actions import on_hand_over
from regulars.access.models import User
from regulars.contacts.models import Contact, Rhythm, Segment, SegmentMember
from regulars.lib import modules, navigation, panels
from regulars.lib.navigation import NavItem, NavLink, SideSection

if TYPE_CHECKING:
    from regulars.contacts.actions.erasing import Traces

SHOWN = 12


def register() -> None:
    """Make all of it known; called in `apps.ready()`."""
    from regulars.contacts.actions.erasing import on_erase
    from regulars.contacts.actions.merging import Move, follow
    from regulars.contacts.conditions import people, segment  # noqa: F401  (they register themselves)
    from regulars.contacts.segments import (
        bulk,  # noqa: F401
        jobs,  # noqa: F401
    )

    follow(Contact, Move(SegmentMember, "contact", ("segment_id",)))
    on_erase(forget_person)
    on_hand_over(hand_over_segments)
    modules.register(
        modules.Module(
            "segments",
            _("Segments"),
            _("Saved sets of people that are always current: who to invite, to write to, to win back."),
            "circle-dot",
            order=25,
            off_for=("law", "trades"),
        )
    )
    navigation.register(NavItem(_("Segments"), "segments", "circle-dot", order=28, module="segments", key="e"))
    navigation.register(NavItem(_("Coming up"), "coming-up", "cake", order=29, module="dates", key="u"))
    navigation.register(
        NavItem(
            _("Greetings"), "greetings", "party-popper", order=66, where="settings", permission="shape", module="dates"
        )
    )
    panels.register(panels.Panel("contact-aside", _("Lists"), "contact-lists", module="segments", order=40))
    navigation.register_section("segments", SideSection(_("Segments"), side_links, order=5))


def forget_person(traces: "Traces") -> None:
    """Take an erased person off lists and rhythms, and their names out of rules."""
    from regulars.contacts.actions.erasing import blank_values

    SegmentMember.objects.filter(contact=traces.contact_id).delete()
    Rhythm.objects.filter(contact=traces.contact_id).delete()
    for segment in Segment.objects.all():
        name, rule = traces.without(segment.name)[:80], blank_values(segment.rule, traces)
        if (name, rule) != (segment.name, segment.rule):
            Segment.objects.filter(pk=segment.pk).update(name=name, rule=rule)


def hand_over_segments(leaving: User, successor: User, by: User) -> int:
    """Give the shared segments of somebody who leaves to a successor; private ones stay private."""
    count = 0
    for segment in Segment.objects.filter(owner=leaving, is_shared=True):
        taken = Segment.objects.filter(owner=successor, name=segment.name).exists()
        name = f"{segment.name[:60]} ({leaving.first_name[:16]})" if taken else segment.name
        count += Segment.objects.filter(pk=segment.pk).update(owner=successor, name=name)
    return count


def side_links(request: HttpRequest) -> Iterable[NavLink]:
    """Return the segments of this colleague with their dots and kept counts; one query, and nothing is counted."""
    from regulars.contacts.segments.counts import with_counts

    user, organisation = request.user, getattr(request, "organisation", None)
    if not isinstance(user, User) or not (organisation and organisation.has_module("segments")):
        return []
    now = request.GET.get("segment") if request.path == reverse("contacts") else None
    return [
        NavLink(one.name, one.get_absolute_url(), "", one.tone, count=one.counted, current=str(one.pk) == now)
        for one in with_counts(user)[:SHOWN]
    ]
