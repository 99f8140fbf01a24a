"""The photo of a contact, behind the same door as the contact."""

from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_GET

from regulars.access.door import SignedInRequest, signed_in
from regulars.contacts.door import get_contact


@signed_in
@require_GET
def contact_photo(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Answer with the photo; the browser may keep it for itself for a day (a new photo has a new address)."""
    photo = get_contact(request.user, pk).profile_or_blank.photo
    if not photo or not photo.name or not photo.storage.exists(photo.name):
        raise Http404("There is no photo.")
    kind = "image/webp" if photo.name.endswith(".webp") else "image/jpeg"
    answer = FileResponse(photo.open("rb"), content_type=kind)
    answer["Cache-Control"] = "private, max-age=86400"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
