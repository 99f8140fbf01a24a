from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timeline", "0002_words")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["-occurred_at", "-id"],
                condition=models.Q(("kind", "request"), ("removed_at", None), ("settled_at", None)),
                name="entry_open_request",
            ),
        ),
    ]
