"""What changes several records at once. Import from here; the files beside split it by subject."""

from regulars.contacts.actions.adding import (
    Holder,
    Point,
    add_company,
    add_contact,
    add_tags,
    find_or_add_tags,
    full_name,
    holder_link,
    index_name,
    set_points,
)
from regulars.contacts.actions.moments import Moment, involve, log_moment, mention, touch
from regulars.contacts.actions.revising import EditedMeanwhile, mirror_main_employment, revise, set_addresses

__all__ = [
    "EditedMeanwhile",
    "Holder",
    "Moment",
    "Point",
    "add_company",
    "add_contact",
    "add_tags",
    "find_or_add_tags",
    "full_name",
    "holder_link",
    "index_name",
    "involve",
    "log_moment",
    "mention",
    "mirror_main_employment",
    "revise",
    "set_addresses",
    "set_points",
    "touch",
]
