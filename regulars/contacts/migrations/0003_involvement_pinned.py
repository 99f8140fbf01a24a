from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_merged")]
    operations = [
        migrations.AddField(
            model_name="involvement",
            name="is_pinned",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(
                condition=Q(("is_pinned", True), ("contact__isnull", False)),
                fields=["contact", "-occurred_at"],
                name="involvement_pin_of_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(
                condition=Q(("is_pinned", True), ("company__isnull", False)),
                fields=["company", "-occurred_at"],
                name="involvement_pin_of_company",
            ),
        ),
    ]
