"""Who brought whom gets a table of its own: companies, colleagues and partners bring people too.

What profiles said is taken over; of a circle, one step is left out.
"""

from typing import Any

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count

BATCH = 1000


def take_over(apps: Any, schema_editor: Any) -> None:
    """Copy `Profile.source_contact` and count how many people each introducer brought."""
    profiles = apps.get_model("contacts", "Profile").objects.exclude(source_contact=None).order_by("contact_id")
    referral = apps.get_model("contacts", "Referral")
    above: dict[int, int] = {}
    rows = []
    for newcomer, introducer, at in profiles.values_list("contact_id", "source_contact_id", "contact__created_at"):
        if not _comes_from(introducer, newcomer, above):
            above[newcomer] = introducer
            rows.append(referral(contact_id=newcomer, by_contact_id=introducer, brought_at=at, noted_at=at))
    referral.objects.bulk_create(rows, batch_size=BATCH)
    counts = referral.objects.values_list("by_contact").annotate(people=Count("pk"))
    total = apps.get_model("contacts", "IntroducerTotal")
    total.objects.bulk_create([total(contact_id=pk, people=people) for pk, people in counts], batch_size=BATCH)


def _comes_from(person: int | None, other: int, above: dict[int, int]) -> bool:
    while person is not None:
        if person == other:
            return True
        person = above.get(person)
    return False


def give_back(apps: Any, schema_editor: Any) -> None:
    """Write contacts that brought contacts into the profiles again."""
    profile = apps.get_model("contacts", "Profile")
    for row in apps.get_model("contacts", "Referral").objects.exclude(by_contact=None).exclude(contact=None):
        profile.objects.update_or_create(contact_id=row.contact_id, defaults={"source_contact_id": row.by_contact_id})


class Migration(migrations.Migration):  # noqa: D101
    dependencies = [
        ("contacts", "0006_segments_and_rhythm"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferralCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="referral_codes",
                        to="contacts.contact",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReferralSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shows_first_name",
                    models.BooleanField(default=False, verbose_name="Show the first name of whoever recommended you"),
                ),
                ("welcome", models.CharField(blank=True, max_length=300, verbose_name="Your words of welcome")),
            ],
            options={
                "verbose_name_plural": "referral settings",
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_referral_settings")],
            },
        ),
        migrations.CreateModel(
            name="IntroducerTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("partner", models.CharField(blank=True, max_length=120)),
                ("people", models.PositiveIntegerField()),
                (
                    "company",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.company"
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-people", "-id"], name="introducer_most")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("partner", ""), _negated=True),
                        fields=("partner",),
                        name="introducer_partner_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_partner", models.CharField(blank=True, max_length=120)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("told", "Told them about us"),
                            ("introduced", "Introduced us"),
                            ("took_along", "Took them along"),
                            ("link", "Personal link"),
                            ("other", "Another way"),
                        ],
                        default="told",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("brought_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "node",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            django.db.models.expressions.CombinedExpression(models.F("contact"), "*", models.Value(2)),
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("company"), "*", models.Value(2)
                                ),
                                "+",
                                models.Value(1),
                            ),
                        ),
                        output_field=models.BigIntegerField(),
                    ),
                ),
                (
                    "by_node",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            django.db.models.expressions.CombinedExpression(
                                models.F("by_contact"), "*", models.Value(2)
                            ),
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("by_company"), "*", models.Value(2)
                                ),
                                "+",
                                models.Value(1),
                            ),
                        ),
                        output_field=models.BigIntegerField(null=True),
                    ),
                ),
                (
                    "by_company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brought",
                        to="contacts.company",
                    ),
                ),
                (
                    "by_contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brought",
                        to="contacts.contact",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="referral",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="referral",
                        to="contacts.contact",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["by_node", "node"], name="referral_down"),
                    models.Index(fields=["node", "by_node"], name="referral_up"),
                    models.Index(
                        condition=models.Q(("by_partner", ""), _negated=True),
                        fields=["by_partner"],
                        name="referral_of_partner",
                    ),
                    models.Index(fields=["-brought_at", "-id"], name="referral_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            _connector="OR",
                        ),
                        name="referral_one_newcomer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_company", None),
                                ("by_contact__isnull", False),
                                ("by_partner", ""),
                                ("by_user", None),
                            ),
                            models.Q(
                                ("by_company__isnull", False),
                                ("by_contact", None),
                                ("by_partner", ""),
                                ("by_user", None),
                            ),
                            models.Q(
                                ("by_company", None),
                                ("by_contact", None),
                                ("by_partner", ""),
                                ("by_user__isnull", False),
                            ),
                            models.Q(
                                ("by_company", None),
                                ("by_contact", None),
                                ("by_user", None),
                                models.Q(("by_partner", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="referral_one_introducer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contact", models.F("by_contact")), _negated=True),
                        name="referral_not_by_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("company", models.F("by_company")), _negated=True),
                        name="referral_company_not_by_itself",
                    ),
                ],
            },
        ),
        migrations.RunPython(take_over, give_back),
    ]
