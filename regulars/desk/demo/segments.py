"""Segments of Harbor & Pine, the rhythm of its people, and a wish."""

from typing import TYPE_CHECKING, Any

from regulars.contacts import rhythm
from regulars.contacts.models import Rhythm, Segment, SegmentMember, Stage, Tag

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

BATCH = 300
GUESTS = 24  # on the list of the tasting


def _leaf(key: str, **said: str) -> dict[str, Any]:
    return {"if": key, "with": {name.replace("__", "."): [value] for name, value in said.items()}}


def add_segments(loader: "Loader") -> None:
    """Write the segments, and work out how often everybody is in touch; called when all moments are there."""
    ids = [contact.pk for contact in loader.contacts.values()]
    for start in range(0, len(ids), BATCH):
        rhythm.work_out(ids[start : start + BATCH])
    for wished in Rhythm.objects.filter(contact__display_name="Maya Okafor", contact__in=ids):
        wished.wish_days = 42
        wished.settle()
        wished.save(update_fields=["wish_days", "due_on", "overdue_from"])
    customers = Stage.objects.filter(is_customer=True).values_list("pk", flat=True)
    is_customer = {"if": "stage", "with": {"stage": [str(pk) for pk in customers]}}
    overdue = _leaf("rhythm", rhythm__state="overdue", rhythm__days="14")
    wholesale = Tag.objects.filter(name="wholesale").values_list("pk", flat=True)
    made = [
        _segment(loader, "Slipping away", "risk", {"all": [is_customer, overdue]}),
        _segment(loader, "Brought friends", "good", {"all": [_leaf("brought", brought__at_least="1")]}),
        _segment(
            loader,
            "Oat milk, to invite",
            "gold",
            {
                "all": [
                    {"any": [_leaf("fact", fact__kind="like", fact__text="oat"), _leaf("fact", fact__text="lactose")]},
                    _leaf("email", email="yes"),
                    _leaf("last_contact", last_contact="within", last_contact__days="180"),
                    {"none": [_leaf("tag", tag=str(tag)) for tag in wholesale]},
                ]
            },
        ),
        Segment(owner=loader.by, name="December tasting", is_shared=True, is_list=True),
    ]
    loader.keep(made)
    guests = loader.random.sample(ids, min(GUESTS, len(ids)))
    loader.keep([SegmentMember(segment=made[-1], contact_id=pk, added_by=loader.by) for pk in guests])


def _segment(loader: "Loader", name: str, tone: str, rule: dict[str, Any]) -> Segment:
    return Segment(owner=loader.by, name=name, is_shared=True, tone=tone, rule=rule)
