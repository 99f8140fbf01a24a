"""The trades a business can start from: words, custom fields, starter tags, in the language of the set-up.

The context of a word names what it is, because "client" is another word at a lawyer's than at a hairdresser's.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class FieldTemplate:
    """A custom field that a trade starts with. `kind` is a `contacts.CustomField.Kind` value."""

    label: str | Promise
    kind: str
    options: tuple[str | Promise, ...] = ()


@dataclass(frozen=True)
class Trade:
    """A trade and what a new business of it starts with."""

    key: str
    label: str | Promise
    person: str | Promise
    people: str | Promise
    fields: tuple[FieldTemplate, ...] = ()
    tags: tuple[str | Promise, ...] = field(default=())


TRADES: dict[str, Trade] = {
    trade.key: trade
    for trade in (
        Trade(
            "cafe",
            _("Café or restaurant"),
            pgettext_lazy("cafe", "guest"),
            pgettext_lazy("cafe", "guests"),
            (
                FieldTemplate(pgettext_lazy("field", "Table preference"), "text"),
                FieldTemplate(
                    pgettext_lazy("field", "Dietary limits"),
                    "choices",
                    (
                        pgettext_lazy("choice", "vegetarian"),
                        pgettext_lazy("choice", "vegan"),
                        pgettext_lazy("choice", "gluten-free"),
                        pgettext_lazy("choice", "lactose-free"),
                        pgettext_lazy("choice", "nut allergy"),
                        pgettext_lazy("choice", "halal"),
                        pgettext_lazy("choice", "kosher"),
                    ),
                ),
                FieldTemplate(pgettext_lazy("field", "Usual order"), "text"),
            ),
            (
                pgettext_lazy("tag", "regular"),
                pgettext_lazy("tag", "neighbour"),
                pgettext_lazy("tag", "events"),
                pgettext_lazy("tag", "wholesale"),
                pgettext_lazy("tag", "press"),
            ),
        ),
        Trade(
            "shop",
            _("Shop or online shop"),
            pgettext_lazy("shop", "customer"),
            pgettext_lazy("shop", "customers"),
            (
                FieldTemplate(pgettext_lazy("field", "Clothing size"), "choice", ("XS", "S", "M", "L", "XL", "XXL")),
                FieldTemplate(pgettext_lazy("field", "Shoe size"), "number"),
                FieldTemplate(pgettext_lazy("field", "Favourite brands"), "text"),
            ),
            (
                pgettext_lazy("tag", "newsletter"),
                pgettext_lazy("tag", "gift buyer"),
                pgettext_lazy("tag", "online"),
                pgettext_lazy("tag", "wholesale"),
                pgettext_lazy("tag", "early access"),
            ),
        ),
        Trade(
            "salon",
            _("Salon or clinic"),
            pgettext_lazy("salon", "client"),
            pgettext_lazy("salon", "clients"),
            (
                FieldTemplate(pgettext_lazy("field", "Preferred colleague"), "text"),
                FieldTemplate(pgettext_lazy("field", "Formula"), "longtext"),
                FieldTemplate(pgettext_lazy("field", "Sensitivities"), "longtext"),
                FieldTemplate(pgettext_lazy("field", "Patch test"), "date"),
            ),
            (
                pgettext_lazy("tag", "colour"),
                pgettext_lazy("tag", "first visit"),
                pgettext_lazy("tag", "monthly"),
                pgettext_lazy("tag", "late canceller"),
                pgettext_lazy("tag", "gift card"),
            ),
        ),
        Trade(
            "law",
            _("Law or accounting"),
            pgettext_lazy("law", "client"),
            pgettext_lazy("law", "clients"),
            (
                FieldTemplate(pgettext_lazy("field", "Matter number"), "text"),
                FieldTemplate(pgettext_lazy("field", "Tax number"), "text"),
                FieldTemplate(pgettext_lazy("field", "Conflict check done"), "date"),
                FieldTemplate(
                    pgettext_lazy("field", "Year end"),
                    "choice",
                    (
                        pgettext_lazy("choice", "March"),
                        pgettext_lazy("choice", "June"),
                        pgettext_lazy("choice", "September"),
                        pgettext_lazy("choice", "December"),
                    ),
                ),
            ),
            (
                pgettext_lazy("tag", "retainer"),
                pgettext_lazy("tag", "annual accounts"),
                pgettext_lazy("tag", "referrer"),
                pgettext_lazy("tag", "opposing counsel"),
                pgettext_lazy("tag", "court"),
            ),
        ),
        Trade(
            "consulting",
            _("Consulting or agency"),
            pgettext_lazy("consulting", "client"),
            pgettext_lazy("consulting", "clients"),
            (
                FieldTemplate(pgettext_lazy("field", "Budget"), "money"),
                FieldTemplate(
                    pgettext_lazy("field", "Decision role"),
                    "choice",
                    (
                        pgettext_lazy("choice", "decides"),
                        pgettext_lazy("choice", "influences"),
                        pgettext_lazy("choice", "uses"),
                        pgettext_lazy("choice", "pays"),
                    ),
                ),
                FieldTemplate(pgettext_lazy("field", "Website"), "link"),
            ),
            (
                pgettext_lazy("tag", "retainer"),
                pgettext_lazy("tag", "project"),
                pgettext_lazy("tag", "partner"),
                pgettext_lazy("tag", "speaker"),
                pgettext_lazy("tag", "alumni"),
            ),
        ),
        Trade(
            "trades",
            _("Trades people"),
            pgettext_lazy("trades", "customer"),
            pgettext_lazy("trades", "customers"),
            (
                FieldTemplate(pgettext_lazy("field", "Access to the property"), "longtext"),
                FieldTemplate(pgettext_lazy("field", "Heating system"), "text"),
                FieldTemplate(pgettext_lazy("field", "Last service"), "date"),
                FieldTemplate(pgettext_lazy("field", "Key held"), "yesno"),
            ),
            (
                pgettext_lazy("tag", "maintenance contract"),
                pgettext_lazy("tag", "emergency"),
                pgettext_lazy("tag", "landlord"),
                pgettext_lazy("tag", "new build"),
                pgettext_lazy("tag", "warranty"),
            ),
        ),
        Trade(
            "other",
            _("Something else"),
            pgettext_lazy("other", "customer"),
            pgettext_lazy("other", "customers"),
            (),
            (
                pgettext_lazy("tag", "friend of the house"),
                pgettext_lazy("tag", "newsletter"),
                pgettext_lazy("tag", "partner"),
            ),
        ),
    )
}
