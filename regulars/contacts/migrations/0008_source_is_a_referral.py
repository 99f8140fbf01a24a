"""Who brought a contact stands in Referral only; a migration of its own, because PostgreSQL wants it so."""

from django.db import migrations


class Migration(migrations.Migration):  # noqa: D101
    dependencies = [("contacts", "0007_referrals")]

    operations = [migrations.RemoveField(model_name="profile", name="source_contact")]
