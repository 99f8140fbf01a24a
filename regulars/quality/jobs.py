"""What quality does by itself: forget bad rows and files that nobody came back for."""

from django.utils import timezone

from regulars.lib.schedule import every
from regulars.quality.models import KEEP_BAD_ROWS, Import, ImportProblem


@every(hours=24)
def forget_old_imports() -> None:
    """Remove bad rows after 30 days, and files that were brought but never imported."""
    long_ago = timezone.now() - KEEP_BAD_ROWS
    ImportProblem.objects.filter(imported__created_at__lt=long_ago).delete()
    for imported in Import.objects.filter(created_at__lt=long_ago).exclude(file=""):
        if imported.operation is None or imported.operation.is_finished:
            imported.let_go_of_file()
