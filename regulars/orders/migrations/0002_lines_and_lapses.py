"""Lines know when their order was placed and what of them came back, orders whether their rate is settled, and gift
cards lapse by a line in their ledger."""

import django.db.models.deletion
from django.db import migrations, models

FILL = (
    "UPDATE orders_line SET placed_at = (SELECT o.placed_at FROM orders_order o WHERE o.id = orders_line.order_id)"
)


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="giftmove", name="gift_move_has_its_sign"),
        migrations.AddField(
            model_name="line", name="placed_at", field=models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="line",
            name="returned",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="order",
            name="is_rate_settled",
            field=models.BooleanField(help_text="The source settled at this rate: no other counts.", null=True),
        ),
        migrations.AlterField(
            model_name="giftmove",
            name="kind",
            field=models.CharField(
                choices=[("sold", "Sold"), ("used", "Used"), ("reversed", "Taken back"), ("expired", "Lapsed")],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="line",
            name="product",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="orders.product",
            ),
        ),
        migrations.AddIndex(
            model_name="giftcard",
            index=models.Index(
                condition=models.Q(("balance__gt", 0)), fields=["expires_on"], name="gift_card_to_lapse"
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("product__isnull", False)),
                fields=["product", "-placed_at", "-id"],
                name="line_of_product",
            ),
        ),
        migrations.AddConstraint(
            model_name="giftmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind", "sold")),
                    models.Q(("amount__lt", 0), ("kind__in", ("used", "expired"))),
                    models.Q(("amount__gt", 0), ("kind", "reversed")),
                    _connector="OR",
                ),
                name="gift_move_has_its_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("returned", None),
                    models.Q(("returned__gte", 0), ("returned__lte", models.F("quantity"))),
                    _connector="OR",
                ),
                name="line_returned",
            ),
        ),
    ]
