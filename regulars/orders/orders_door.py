"""The one way to an order: look-up and permission together."""

from django.http import Http404

from regulars.access.door import require
from regulars.access.models import User
from regulars.orders.models import Order, Product


def get_order(user: User, pk: int, to: str = "view") -> Order:
    """Return the order that `user` may know of and may do `to` with: "view", "log", "edit" or "delete".

    Raises Http404 when it does not exist for this user, PermissionDenied when their role lacks the capability.
    """
    found = Order.objects.visible_to(user).filter(pk=pk)
    order: Order | None = found.select_related("contact", "company", "created_by", "brought_by").first()
    if order is None:
        raise Http404("There is no such order.")
    require(user, to)
    return order


def get_product(user: User, pk: int, to: str = "view") -> Product:
    """Return the product; everybody in the business may know of it. Raises as `get_order` does."""
    product = Product.objects.filter(pk=pk).first()
    if product is None:
        raise Http404("There is no such product.")
    require(user, to)
    return product
