"""Files on moments: adding them, and serving them to those who may see the moment."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.forms.moments import FilesForm
from regulars.contacts.moments import get_moment
from regulars.contacts.views.moments_verbs import changed, dialog
from regulars.lib.toast import toast
from regulars.timeline.files import BadFile, attach, preview_path
from regulars.timeline.models import Attachment

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
    return dialog(request, "contacts/moment_files", {"form": form, "entry": entry})


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


def _get(request: SignedInRequest, pk: int) -> Attachment:
    file = Attachment.objects.filter(pk=pk).first()
    if file is None:
        raise Http404("There is no such file.")
    get_moment(request.user, file.entry_id)
    return file


def _guard(response: FileResponse) -> FileResponse:
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
