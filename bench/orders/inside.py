"""Looks into a data set with orders from within; prints JSON.

python -m bench.orders.inside known         whom and what to ask for
python -m bench.orders.inside modules on    switches every module on; "off": those of orders off
"""

import json
import random
import sys
from typing import Any

import django

OURS = ("orders", "loyalty", "insights", "winback", "goals")


def known() -> dict[str, Any]:
    """Return people that a member may know of, a product, and days."""
    from regulars.access.models import User
    from regulars.contacts.models import Contact
    from regulars.insights.cubes.counting import shift
    from regulars.orders.models import Order, Product

    user = User.objects.get(email="colleague2@bench.example")
    rng = random.Random(11)
    size = Contact.objects.count()
    ids = rng.sample(range(1, size + 1), 300)
    newest = Order.objects.order_by("-placed_at").values_list("placed_on", flat=True)[0]
    return {
        "people": list(Contact.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)[:200]),
        "product": Product.objects.order_by("-pk").values_list("pk", flat=True)[0],
        "today": newest.isoformat(),
        "since": shift(newest.replace(day=1), -11).isoformat(),
    }


def switch(on: bool) -> dict[str, Any]:
    """Switch all modules on, or those of orders off."""
    from regulars.access.models import Organisation
    from regulars.lib.modules import all_modules

    names = [module.name for module in all_modules() if on or module.name not in OURS]
    Organisation.objects.update(modules=names)
    return {"modules": names}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(known() if sys.argv[1] == "known" else switch(sys.argv[2] == "on")))
