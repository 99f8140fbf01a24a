"""What changes several records at once at the desk: setting up the business."""

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import pgettext_lazy

from regulars.access.actions import add_user
from regulars.access.models import Organisation, Role, User
from regulars.access.models.audit import audit
from regulars.access.trades import TRADES, FieldTemplate
from regulars.contacts.actions import find_or_add_tags
from regulars.contacts.models import CustomField, Source, Stage
from regulars.lib import modules

STAGES = (
    ("lead", pgettext_lazy("stage", "Lead"), False),
    ("prospect", pgettext_lazy("stage", "Prospect"), False),
    ("customer", pgettext_lazy("stage", "Customer"), True),
    ("regular", pgettext_lazy("stage", "Regular"), True),
    ("lapsed", pgettext_lazy("stage", "Lapsed"), True),
)
SOURCES = (
    pgettext_lazy("source", "Referral"),
    pgettext_lazy("source", "Walk-in"),
    pgettext_lazy("source", "Search"),
    pgettext_lazy("source", "Social media"),
    pgettext_lazy("source", "Campaign"),
    pgettext_lazy("source", "Event"),
    pgettext_lazy("source", "Phone book"),
    pgettext_lazy("source", "Other"),
)


class AlreadySetUp(ValueError):
    """Somebody was first: the business exists already."""


@transaction.atomic
def set_up_business(
    *,
    business: str,
    trade: str,
    currency: str,
    time_zone: str,
    language: str,
    name: str,
    email: str,
    password: str,
    country: str = "",
    address: str = "",
) -> User:
    """Make the business, its owner and everything the trade starts with; return the owner.

    Writes stages, sources, the trade's custom fields, starter tags and modules, and records an audit event.
    `address` is the network address it was asked from. Raises AlreadySetUp when there is a business: of two people who
    submit at once, one gets it.
    """
    with translation.override(language):
        person, people = str(TRADES[trade].person), str(TRADES[trade].people)
    organisation = Organisation(
        name=business.strip(),
        trade=trade,
        person_word=person,
        people_word=people,
        currency=currency,
        time_zone=time_zone,
        language=language,
        country=country,
        modules=modules.start_for(trade),
    )
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadySetUp("This installation is set up already.") from error
    owner = add_user(email=email, password=password, name=name, role=Role.OWNER)
    with translation.override(language):
        add_starting_lists(trade)
    audit("set up", by=owner, kind="business", object_id=1, title=organisation.name, address=address)
    return owner


def add_starting_lists(trade: str) -> None:
    """Write the stages, sources, custom fields and tags that a business of `trade` starts with, in the active language.

    Keys are the same in every language.
    """
    Stage.objects.bulk_create(
        [
            Stage(key=key, name=str(name), position=position, is_customer=bought)
            for position, (key, name, bought) in enumerate(STAGES)
        ],
        ignore_conflicts=True,
    )
    Source.objects.bulk_create(
        [Source(name=str(name), position=position) for position, name in enumerate(SOURCES)], ignore_conflicts=True
    )
    CustomField.objects.bulk_create(
        [
            CustomField(
                key=_key(field),
                label=str(field.label),
                kind=field.kind,
                options=[str(option) for option in field.options],
                position=position,
            )
            for position, field in enumerate(TRADES[trade].fields)
        ],
        ignore_conflicts=True,
    )
    find_or_add_tags(str(tag) for tag in TRADES[trade].tags)


def _key(field: FieldTemplate) -> str:
    with translation.override("en"):
        return slugify(str(field.label)).replace("-", "_")
