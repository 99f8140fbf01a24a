"""Files on moments: adding them, taking them off, and serving them to those who may see the moment."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.access.models import User
from regulars.contacts.forms.moments import FilesForm
from regulars.contacts.moments import get_moment, may_change
from regulars.contacts.views.moments_verbs import changed, dialog
from regulars.lib.toast import toast
from regulars.timeline.files import BadFile, attach, preview_path
from regulars.timeline.models import Attachment, Entry

# Nothing in a file may run, load or frame anything, whatever it turns out to be.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_http_methods(["GET", "POST"])
@signed_in
def add_files(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put files on a moment."""
    entry = get_moment(request.user, pk, to="log")
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = attach(entry, form.cleaned_data["files"], by=request.user)
        except BadFile as problem:
            form.add_error("files", str(problem))
        else:
            toast(request, ngettext("%d file added.", "%d files added.", len(made)) % len(made))
            return changed(request, entry)
    context = {"form": form, "entry": entry, "files": _removable(entry, request.user)}
    return dialog(request, "contacts/moment_files", context)


@require_http_methods(["POST", "DELETE"])
@signed_in
def remove_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a file off its moment (POST), or put it back (DELETE); 30 days later it is deleted for good."""
    file = _get(request, pk, removed=True)
    entry = get_moment(request.user, file.entry_id, to="log")
    if not _may_remove(file, entry, request.user):
        raise PermissionDenied("Only who added the file, the moment's author or a manager takes it off.")
    if request.method == "DELETE":
        file.bring_back()
        return changed(request, entry)
    file.remove()
    toast(request, _("“%(name)s” is taken off.") % {"name": file.name}, undo_url=request.path)
    return changed(request, entry)


def _may_remove(file: Attachment, entry: Entry, user: User) -> bool:
    return file.uploaded_by_id == user.pk or may_change(entry, user)


def _removable(entry: Entry, user: User) -> list[Attachment]:
    files = entry.attachments.present().order_by("pk")
    return [file for file in files if _may_remove(file, entry, user)]


@require_GET
@signed_in
def attachment(request: SignedInRequest, pk: int, name: str) -> HttpResponseBase:
    """Serve a file as a download; a PDF with `?inline` in a sandbox."""
    file = _get(request, pk)
    inline = "inline" in request.GET and file.content_type == "application/pdf"
    try:
        content = file.file.open("rb")
    except OSError:
        raise Http404("The file is gone.") from None
    response = FileResponse(content, as_attachment=not inline, filename=file.name, content_type=file.content_type)
    return _guard(response)


@require_GET
@signed_in
def attachment_preview(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Serve a small copy of an image, made from its pixels."""
    path = preview_path(_get(request, pk))
    if path is None:
        raise Http404("There is no preview.")
    return _guard(FileResponse(path.open("rb"), content_type="image/webp"))


def _get(request: SignedInRequest, pk: int, *, removed: bool = False) -> Attachment:
    files = Attachment.objects.all() if removed else Attachment.objects.present()
    file: Attachment | None = files.filter(pk=pk).first()
    if file is None:
        raise Http404("There is no such file.")
    get_moment(request.user, file.entry_id)
    return file


def _guard(response: FileResponse) -> FileResponse:
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
