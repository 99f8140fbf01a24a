"""The full-text index of entries: see `timeline.words`."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from regulars.timeline import words


def install(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    words.install(editor.connection)


def uninstall(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    words.uninstall(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]
    operations = [migrations.RunPython(install, uninstall)]
