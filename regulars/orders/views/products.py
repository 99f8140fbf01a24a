"""What we sell: the list, one product, and whether it is offered."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, can, signed_in
from regulars.access.models.audit import audit
from regulars.lib.keyset import by, read_page
from regulars.lib.text import fold
from regulars.lib.toast import toast
from regulars.orders.forms.products import ProductForm
from regulars.orders.models import Product
from regulars.orders.orders_door import get_product
from regulars.orders.rates import home_currency

SIZE = 60
PICKED = 8


@signed_in
@require_GET
def products(request: SignedInRequest) -> HttpResponse:
    """What we sell by name; `?q=` narrows it, `?gone=1` shows what is no longer offered."""
    is_gone, text = request.GET.get("gone") == "1", request.GET.get("q", "")[:100]
    found = _named(Product.objects.filter(is_active=not is_gone), text)
    page = read_page(found, by("folded"), request.GET.get("after", "")[:2000], SIZE)
    rows = {row.pk: row for row in Product.objects.filter(pk__in=page.ids)}
    data = request.GET.copy()
    data["after"] = page.next
    context = {
        "rows": [rows[pk] for pk in page.ids if pk in rows],
        "next_url": f"?{data.urlencode()}" if page.next else "",
        "is_gone": is_gone,
        "q": text,
        "home": home_currency(),
        "may_edit": request.user.can("edit"),
    }
    name = "product_rows" if request.htmx and "after" in request.GET else "products"
    return render(request, f"orders/{name}.html", context)


def _named(found: QuerySet[Product], text: str) -> QuerySet[Product]:
    for word in fold(text).split()[:6]:
        found = found.filter(folded__contains=word)
    return found


@signed_in
@require_GET
def pick_product(request: SignedInRequest) -> HttpResponse:
    """Options for a control that picks a product."""
    rows = _named(Product.objects.order_by("-is_active", "folded"), request.GET.get("q", "")[:100])[:PICKED]
    option = '<li role="option" data-value="{}" data-label="{}"><span>{}</span><span class="detail">{}</span></li>'
    lines = format_html_join("", option, ((row.pk, row.name, row.name, row.category or row.sku) for row in rows))
    return HttpResponse(format_html('<ul role="listbox">{}</ul>', lines))


@require_http_methods(["GET", "POST"])
@can("edit")
def add_product(request: SignedInRequest) -> HttpResponse:
    """Add something we sell."""
    return _form(request, ProductForm(request.POST if request.method == "POST" else None), _("Add a product"))


@require_http_methods(["GET", "POST"])
@can("edit")
def edit_product(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a product."""
    product = get_product(request.user, pk, to="edit")
    form = ProductForm(request.POST if request.method == "POST" else None, instance=product)
    return _form(request, form, product.name)


def _form(request: SignedInRequest, form: ProductForm, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        product = form.save()
        audit("changed", by=request.user, kind="product", object_id=product.pk, title=product.name)
        toast(request, _("Saved."), tone="good")
        return redirect("products")
    context = {"form": form, "title": title, "product": form.instance if form.instance.pk else None}
    return render(request, "orders/product_edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["POST", "DELETE"])
@can("edit")
def retire_product(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop offering it; DELETE offers it again. Orders that name it stay."""
    product = get_product(request.user, pk, to="edit")
    Product.objects.filter(pk=pk).update(is_active=request.method == "DELETE")
    if request.method == "POST":
        said = _("%(name)s is no longer offered.") % {"name": product.name}
        toast(request, said, tone="good", undo_url=reverse("product-retire", args=[pk]))
    return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else redirect("products")
