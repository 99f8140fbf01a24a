"""What facts are counted from stands in two indexes: nothing is looked up, nothing sorted."""

from django.db import migrations, models
from django.db.models import Q

COUNTED_FROM = ["placed_on", "status", "refunded", "value", "margin"]


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_lines_and_lapses")]

    operations = [
        migrations.AddIndex(
            "order",
            models.Index(
                fields=["contact", *COUNTED_FROM], condition=Q(contact__isnull=False), name="order_days_of_contact"
            ),
        ),
        migrations.AddIndex(
            "order",
            models.Index(
                fields=["company", *COUNTED_FROM], condition=Q(company__isnull=False), name="order_days_of_company"
            ),
        ),
    ]
