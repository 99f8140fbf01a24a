"""PostgreSQL's full-text index of entries knows their age: see `timeline.words`."""

from typing import Any

from django.db import migrations

from regulars.timeline import words


def install(apps: Any, editor: Any) -> None:
    """Make the new index and take the old one away."""
    words.install(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0004_files_taken_off")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
