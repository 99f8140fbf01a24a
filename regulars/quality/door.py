"""The one way to an import: look-up and permission together."""

from django.http import Http404

from regulars.access.door import require
from regulars.access.models import User
from regulars.quality.models import Import


def get_import(user: User, pk: int) -> Import:
    """Return the import that `user` may know of. Raises Http404 for others' and PermissionDenied for weak roles."""
    require(user, "import")
    imported: Import | None = (
        Import.objects.visible_to(user).select_related("by", "preview", "operation").filter(pk=pk).first()
    )
    if imported is None:
        raise Http404("There is no such import.")
    return imported
