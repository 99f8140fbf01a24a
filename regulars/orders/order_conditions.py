"""What people can be chosen by in lists and segments: when, how often, for how much and what they bought."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import User
from regulars.contacts.conditions import Condition, register_condition
from regulars.contacts.conditions.base import Value
from regulars.lib.money import money_text, to_minor
from regulars.orders.models import CustomerFacts, CustomerMonth, Line, Order, Product
from regulars.orders.rates import home_currency

BOUGHT: dict[str, str | LazyText] = {
    "within": gettext_lazy("Within so many days"),
    "not_within": gettext_lazy("Not within so many days"),
    "never": gettext_lazy("Never"),
    "ever": gettext_lazy("Ever"),
}
HOW: dict[str, str | LazyText] = {"from": gettext_lazy("At least"), "below": gettext_lazy("Below")}
MODULE = "orders"
YEAR = 12


def _theirs() -> QuerySet[CustomerFacts]:
    return CustomerFacts.objects.filter(contact=OuterRef("pk"))  # type: ignore[no-any-return]


class BoughtForm(forms.Form):
    """When they bought last."""

    bought = forms.ChoiceField(label=gettext_lazy("Bought"), choices=list(BOUGHT.items()), initial="within")
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=20_000, initial=90, required=False)


class Bought(Condition):
    """People who bought lately, no longer, ever, or never."""

    key, label, icon = "bought", gettext_lazy("Last purchase"), "shopping-bag"
    form: ClassVar[type[forms.Form]] = BoughtForm
    module = MODULE

    def q(self, value: Value, user: User, today: date) -> Q:
        """An Exists on the kept facts."""
        since = today - timedelta(days=value["days"] or 90)
        how = value["bought"]
        if how in ("ever", "never"):
            return Q(Exists(_theirs())) if how == "ever" else ~Q(Exists(_theirs()))
        return Q(Exists(_theirs().filter(**{"last_on__gte" if how == "within" else "last_on__lt": since})))

    def words(self, value: Value) -> str:
        """ "Bought within 90 days"."""
        days = value["days"] or 90
        said = {
            "within": ngettext("Bought within %(days)d day", "Bought within %(days)d days", days),
            "not_within": ngettext("Has not bought for %(days)d day", "Has not bought for %(days)d days", days),
            "never": _("Never bought anything"),
            "ever": _("Has bought something"),
        }[value["bought"]]
        return said % {"days": days} if "%(" in said else said


class OrdersForm(forms.Form):
    """How many orders."""

    how = forms.ChoiceField(label=gettext_lazy("Orders"), choices=list(HOW.items()), initial="from")
    many = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=100_000, initial=10)


class Orders(Condition):
    """People with so many orders; below counts those who bought."""

    key, label, icon = "orders", gettext_lazy("Number of orders"), "shopping-bag"
    form: ClassVar[type[forms.Form]] = OrdersForm
    module = MODULE

    def q(self, value: Value, user: User, today: date) -> Q:
        """An Exists on the kept facts."""
        return Q(Exists(_theirs().filter(**{f"orders__{_sign(value)}": value["many"]})))

    def words(self, value: Value) -> str:
        """ "At least 10 orders"."""
        many = value["many"]
        said = (
            ngettext("At least %(many)d order", "At least %(many)d orders", many)
            if value["how"] == "from"
            else ngettext("Fewer than %(many)d order", "Fewer than %(many)d orders", many)
        )
        return said % {"many": many}


class SpentForm(forms.Form):
    """For how much."""

    how = forms.ChoiceField(label=gettext_lazy("Bought for"), choices=list(HOW.items()), initial="from")
    amount = forms.DecimalField(label=gettext_lazy("Amount"), min_value=0, max_value=10**10, initial=500)
    over = forms.ChoiceField(
        label=gettext_lazy("Over"),
        choices=[("year", gettext_lazy("The last 12 months")), ("all", gettext_lazy("All time"))],
    )


class Spent(Condition):
    """People who bought for so much, in twelve months or ever."""

    key, label, icon = "spent", gettext_lazy("Value of their orders"), "coins"
    form: ClassVar[type[forms.Form]] = SpentForm
    module = MODULE

    def q(self, value: Value, user: User, today: date) -> Q:
        """An Exists on the kept facts, or on the sum of twelve kept months."""
        minor = to_minor(value["amount"], home_currency())
        if value["over"] == "all":
            return Q(Exists(_theirs().filter(**{f"value__{_sign(value)}": minor})))
        years, month = divmod(today.year * 12 + today.month - YEAR, 12)
        rows = CustomerMonth.objects.filter(contact=OuterRef("pk"), month__gte=date(years, month + 1, 1)).order_by()
        sums = rows.values("contact").annotate(sum=Sum("value"))
        enough = Q(Exists(sums.filter(sum__gte=minor)))
        return enough if value["how"] == "from" else ~enough & Q(Exists(_theirs()))

    def words(self, value: Value) -> str:
        """ "Bought for at least €500 in 12 months"."""
        home = home_currency()
        amount = money_text(to_minor(value["amount"], home), home, whole=value["amount"] == value["amount"] // 1)
        if value["over"] == "all":
            said = _("Bought for at least %(amount)s"), _("Bought for less than %(amount)s")
        else:
            said = _("At least %(amount)s in 12 months"), _("Less than %(amount)s in 12 months")
        return said[value["how"] == "below"] % {"amount": amount}


class ProductForm(forms.Form):
    """What they bought."""

    product = forms.ModelChoiceField(Product.objects.order_by("folded"), label=gettext_lazy("Product"))
    days = forms.IntegerField(
        label=gettext_lazy("Within so many days"), min_value=1, max_value=20_000, required=False,
        help_text=gettext_lazy("Empty: ever"),
    )  # fmt: skip


class BoughtProduct(Condition):
    """People who bought a product."""

    key, label, icon = "product", gettext_lazy("Bought product"), "package"
    form: ClassVar[type[forms.Form]] = ProductForm
    module = MODULE

    def q(self, value: Value, user: User, today: date) -> Q:
        """An Exists along their orders."""
        orders = Order.objects.counted().filter(contact=OuterRef("pk"))
        if value["days"]:
            orders = orders.filter(placed_on__gte=today - timedelta(days=value["days"]))
        lines = Line.objects.filter(order=OuterRef("pk"), product=_pk(value["product"]))
        return Q(Exists(orders.filter(Exists(lines))))

    def words(self, value: Value) -> str:
        """ "Bought House blend within 90 days"."""
        product = Product.objects.filter(pk=_pk(value["product"])).first()
        values = {"product": product or _("something that is gone"), "days": value["days"]}
        if not value["days"]:
            return _("Bought %(product)s") % values
        return (
            ngettext("Bought %(product)s within %(days)d day", "Bought %(product)s within %(days)d days", value["days"])
            % values
        )


def _pk(product: Any) -> int:
    return int(getattr(product, "pk", product))


def _sign(value: Value) -> str:
    return "gte" if value["how"] == "from" else "lt"


def register() -> None:
    """Make them known; called by `orders_setup`."""
    for condition in (Bought(), Orders(), Spent(), BoughtProduct()):
        register_condition(condition)
