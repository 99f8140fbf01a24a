"""Referrals: who brought most, the newest, the tree, and who brought somebody."""

from datetime import datetime
from typing import Any
from urllib.parse import unquote

from django.core import signing
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.access.door import SignedInRequest, can, require, signed_in
from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.actions.bringing import bring, forget_introducer
from regulars.contacts.door import get_company, get_contact
from regulars.contacts.forms.referrals import IntroducerForm, ReferralSettingsForm
from regulars.contacts.models import Company, Contact, IntroducerTotal, Involvement, Referral, ReferralSettings
from regulars.contacts.models.referrals import Introducer
from regulars.contacts.referrals.drawing import draw_children
from regulars.contacts.referrals.introducers import key_of, shown, top_introducers
from regulars.contacts.referrals.picture import draw_svg, heads, rows_of
from regulars.contacts.referrals.reading import brought_by, code_of, link_of, may_name
from regulars.contacts.referrals.tree import Tree
from regulars.contacts.views.people.pick import SHOWN, named
from regulars.lib import exports
from regulars.lib.keyset import by, read_page
from regulars.lib.text import number_in
from regulars.lib.toast import toast

PAGE = 30
UNDO = 30 * 24 * 3600  # seconds


@signed_in
@require_GET
def referrals(request: SignedInRequest) -> HttpResponse:
    """Who brought most, and the newest referrals; htmx gets the next rows."""
    page = read_page(
        Referral.objects.visible_to(request.user),
        by("brought_at", descending=True),
        request.GET.get("after", "")[:2000],
        PAGE,
    )
    context: dict[str, Any] = {
        "rows": shown(page.ids, request.user),
        "next_url": f"{reverse('referrals')}?after={page.next}" if page.next else "",
    }
    if request.htmx and "after" in request.GET:
        return render(request, "contacts/referral_rows.html", context)
    return render(request, "contacts/referrals.html", context | {"tops": top_introducers(request.user)})


def root_of(user: User, key: str) -> Introducer:
    """Return the introducer that `key` names, or raise Http404: see `introducers.key_of`."""
    kind, _dash, name = key.partition("-")
    if kind == "partner" and name:
        return unquote(name)[:120]
    pk = number_in(name)
    if pk is None:
        raise Http404("There is no such tree.")
    if kind == "user":
        found = User.objects.filter(pk=pk).first()
        if found:
            return found
    if kind == "contact":
        return get_contact(user, pk, alone=True)
    if kind == "company":
        return get_company(user, pk)
    raise Http404("There is no such tree.")


@signed_in
@require_GET
def referral_tree(request: SignedInRequest, key: str) -> HttpResponse:
    """The tree of one introducer; `?under=` answers with the branch of somebody in it."""
    root = root_of(request.user, key)
    if "under" in request.GET:
        return _branch(request, root_of(request.user, request.GET["under"]))
    tree = Tree(root, request.user)
    top = tree.picture()
    referral = Referral.objects.of(root).with_people().first() if isinstance(root, Contact | Company) else None
    above = may_name(referral, request.user) if referral else None
    context = {
        "root": root,
        "key": key_of(root),
        "tree": tree,
        "top": top,
        "lines": draw_children(top, key_of(root), 1),
        "above": above,
        "above_key": key_of(above) if above else "",
        "formats": exports.formats_for("referral"),
    }
    return render(request, "contacts/referral_tree.html", context)


def _branch(request: SignedInRequest, root: Introducer) -> HttpResponse:
    text = request.GET.get("from", "0")
    start = int(text[:6]) if text.isascii() and text.isdigit() else 0
    level = request.GET.get("level", "2")
    generation = int(level[:4]) if level.isascii() and level.isdigit() else 2
    top = Tree(root, request.user).opened(start)
    return HttpResponse(draw_children(top, key_of(root), generation, start))


@can("export")
@require_GET
def export_referral_tree(request: SignedInRequest, key: str) -> StreamingHttpResponse:
    """The tree as a picture (`?format=svg`) or a table; audited. 404 for an unknown format."""
    root = root_of(request.user, key)
    name = request.GET.get("format", "csv")
    format = exports.format_named(name, "referral")
    if format is None and name != "svg":
        raise Http404("There is no such format.")
    tree, title = Tree(root, request.user), str(root)
    audit("exported", by=request.user, kind="referrals", title=title, changes={"format": name})
    if format is None:
        pieces, content_type, extension = iter([draw_svg(tree, title).encode()]), "image/svg+xml", "svg"
    else:
        table = exports.Table(_("Referrals"), "referral", heads(), rows_of(tree, title), user=request.user)
        pieces, content_type, extension = format.write(table), format.content_type, format.extension
    response = StreamingHttpResponse(pieces, content_type=content_type)
    filename = f"{slugify(title) or 'referrals'}-{timezone.localdate().isoformat()}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@signed_in
@require_GET
def pick_introducer(request: SignedInRequest) -> HttpResponse:
    """People, companies and colleagues whose names begin with the typed words."""
    text = request.GET.get("q", "").strip()[:100].lower()
    colleagues = User.objects.active().order_by("name")
    partners = IntroducerTotal.objects.exclude(partner="").filter(partner__icontains=text).order_by("-people", "pk")
    context = {
        "people": named(Contact, "contact", request),
        "companies": named(Company, "company", request)[:4] if text else [],
        "partners": partners.values_list("partner", flat=True)[:3] if text else [],
        "colleagues": [user for user in colleagues if text and text in user.name.lower()][: SHOWN // 2],
    }
    return render(request, "contacts/pick_introducer.html", context)


@signed_in
@require_http_methods(["GET", "POST", "DELETE"])
def introducer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who brought a contact: asked, set, taken back."""
    return _introducer(request, get_contact(request.user, pk, to="edit"), "introducer")


@signed_in
@require_http_methods(["GET", "POST", "DELETE"])
def company_introducer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who brought a company: asked, set, taken back."""
    return _introducer(request, get_company(request.user, pk, to="edit"), "company-introducer")


def _introducer(request: SignedInRequest, newcomer: Contact | Company, name: str) -> HttpResponse:
    known = Referral.objects.of(newcomer).with_people().first()
    if request.method == "DELETE":
        return _forget(request, newcomer, known)
    named = may_name(known, request.user) if known else None
    data = request.POST if request.method == "POST" else None
    form = IntroducerForm(data, user=request.user, newcomer=newcomer, known=known, named=named)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        before = undo_token(known) if known else ""
        try:
            bring(newcomer, said["introducer"], by=request.user, how=said["how"], note=said["note"], at=form.at)
        except ValueError as problem:  # a circle that somebody else closed meanwhile
            form.add_error("introducer", str(problem))
        else:
            undo = reverse("referral-undo", args=[before]) if before else ""
            toast(request, _("Saved."), tone="good", undo_url=undo, undo_method="POST")
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    own = key_of(newcomer)
    history = Involvement.objects.of(newcomer).filter(kind="referral", entry__snapshot__newcomer=own)
    context = {
        "form": form,
        "url": reverse(name, args=[newcomer.pk]),
        "newcomer": newcomer,
        "known": known,
        "changes": history.filter(entry__removed_at=None).count(),
    }
    page = "contacts/introducer_form.html" if form.is_bound else "contacts/introducer.html"
    return render(request, page, context, status=422 if form.is_bound else 200)


def _forget(request: SignedInRequest, newcomer: Contact | Company, known: Referral | None) -> HttpResponse:
    if known is None:
        return HttpResponse(status=204)
    forget_introducer(newcomer, by=request.user)
    words = _("Nobody is said to have brought %(name)s now.") % {"name": newcomer.display_name}
    toast(request, words, undo_url=reverse("referral-undo", args=[undo_token(known)]), undo_method="POST")
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def undo_token(referral: Referral) -> str:
    """Return a signed text that says a referral as it is now, for a colleague who takes a change back."""
    said = [key_of(referral.newcomer), key_of(referral.introducer), referral.how, referral.note]
    return signing.dumps([*said, referral.brought_at.isoformat()], salt="regulars.referral-undo")


@signed_in
@require_POST
def undo_referral(request: SignedInRequest, token: str) -> HttpResponse:
    """Say again what was said before a change."""
    try:
        said = signing.loads(token, salt="regulars.referral-undo", max_age=UNDO)
    except signing.BadSignature:
        raise Http404("There is nothing to undo.") from None
    newcomer, brought = root_of(request.user, said[0]), root_of(request.user, said[1])
    require(request.user, "edit")
    if not isinstance(newcomer, Contact | Company):
        raise Http404("There is nothing to undo.")
    try:
        bring(newcomer, brought, by=request.user, how=said[2], note=said[3], at=datetime.fromisoformat(said[4]))
    except ValueError as problem:
        toast(request, str(problem), tone="risk")
    return HttpResponse(status=204)


@signed_in
@require_GET
def referral_panel(request: SignedInRequest, pk: int) -> HttpResponse:
    """The panel of a contact: whom they brought, and their personal link."""
    contact = get_contact(request.user, pk)
    return render(request, "contacts/referral_panel.html", panel_context(request, contact))


@signed_in
@require_GET
def company_referral_panel(request: SignedInRequest, pk: int) -> HttpResponse:
    """The panel of a company: who brought it, whom it brought."""
    company = get_company(request.user, pk)
    known = Referral.objects.of(company).with_people().first()
    context = {
        "holder": company,
        "key": key_of(company),
        "brought": brought_by(company, request.user),
        "introducer": may_name(known, request.user) if known else None,
        "edit_url": reverse("company-introducer", args=[pk]),
    }
    return render(request, "contacts/referral_panel.html", context)


def panel_context(request: SignedInRequest, contact: Contact) -> dict[str, Any]:
    """What the panel of a contact shows."""
    code = contact.referral_codes.order_by("pk").values_list("code", flat=True).first()
    link = reverse("referral-landing", args=[code]) if code else ""
    return {
        "holder": contact,
        "key": key_of(contact),
        "brought": brought_by(contact, request.user),
        "is_person": True,
        "link": request.build_absolute_uri(link) if link else "",
        "code": code,
        "edit_url": reverse("introducer", args=[contact.pk]),
    }


@signed_in
@require_http_methods(["POST"])
def referral_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the personal link of a contact."""
    contact = get_contact(request.user, pk, to="log")
    code_of(contact)
    if not request.htmx:
        return redirect(link_of(contact))
    return render(request, "contacts/referral_panel.html", panel_context(request, contact))


@can("settings")
@require_http_methods(["GET", "POST"])
def referral_settings(request: SignedInRequest) -> HttpResponse:
    """What visitors who come through a personal link may read."""
    known = ReferralSettings.current()
    form = ReferralSettingsForm(request.POST if request.method == "POST" else None, instance=known)
    if form.is_bound and form.is_valid():
        form.save()
        audit("changed the settings of", by=request.user, kind="business", object_id=1, title=_("Referrals"))
        toast(request, _("Saved."), tone="good")
        return redirect("referral-settings")
    return render(request, "contacts/referral_settings.html", {"form": form}, status=422 if form.is_bound else 200)
