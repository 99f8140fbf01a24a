"""The trades a business can start from: words, custom fields, starter tags."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FieldTemplate:
    """A custom field that a trade starts with. `kind` is a `contacts.CustomField.Kind` value."""

    label: str
    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trade:
    """A trade and what a new business of it starts with."""

    key: str
    label: str | Promise
    person: str
    people: str
    fields: tuple[FieldTemplate, ...] = ()
    tags: tuple[str, ...] = field(default=())


TRADES: dict[str, Trade] = {
    trade.key: trade
    for trade in (
        Trade(
            "cafe",
            _("Café or restaurant"),
            "guest",
            "guests",
            (
                FieldTemplate("Table preference", "text"),
                FieldTemplate(
                    "Dietary limits",
                    "choices",
                    ("vegetarian", "vegan", "gluten-free", "lactose-free", "nut allergy", "halal", "kosher"),
                ),
                FieldTemplate("Usual order", "text"),
            ),
            ("regular", "neighbour", "events", "wholesale", "press"),
        ),
        Trade(
            "shop",
            _("Shop or online shop"),
            "customer",
            "customers",
            (
                FieldTemplate("Clothing size", "choice", ("XS", "S", "M", "L", "XL", "XXL")),
                FieldTemplate("Shoe size", "number"),
                FieldTemplate("Favourite brands", "text"),
            ),
            ("newsletter", "gift buyer", "online", "wholesale", "early access"),
        ),
        Trade(
            "salon",
            _("Salon or clinic"),
            "client",
            "clients",
            (
                FieldTemplate("Preferred colleague", "text"),
                FieldTemplate("Formula", "longtext"),
                FieldTemplate("Sensitivities", "longtext"),
                FieldTemplate("Patch test", "date"),
            ),
            ("colour", "first visit", "monthly", "late canceller", "gift card"),
        ),
        Trade(
            "law",
            _("Law or accounting"),
            "client",
            "clients",
            (
                FieldTemplate("Matter number", "text"),
                FieldTemplate("Tax number", "text"),
                FieldTemplate("Conflict check done", "date"),
                FieldTemplate("Year end", "choice", ("March", "June", "September", "December")),
            ),
            ("retainer", "annual accounts", "referrer", "opposing counsel", "court"),
        ),
        Trade(
            "consulting",
            _("Consulting or agency"),
            "client",
            "clients",
            (
                FieldTemplate("Budget", "money"),
                FieldTemplate("Decision role", "choice", ("decides", "influences", "uses", "pays")),
                FieldTemplate("Website", "link"),
            ),
            ("retainer", "project", "partner", "speaker", "alumni"),
        ),
        Trade(
            "trades",
            _("Trades people"),
            "customer",
            "customers",
            (
                FieldTemplate("Access to the property", "longtext"),
                FieldTemplate("Heating system", "text"),
                FieldTemplate("Last service", "date"),
                FieldTemplate("Key held", "yesno"),
            ),
            ("maintenance contract", "emergency", "landlord", "new build", "warranty"),
        ),
        Trade("other", _("Something else"), "customer", "customers", (), ("friend of the house", "newsletter", "partner")),
    )
}
