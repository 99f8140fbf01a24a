import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '__first__'),
        ('contacts', '0005_by_entry'),
    ]

    operations = [
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('is_shared', models.BooleanField(default=False)),
                ('is_list', models.BooleanField(default=False)),
                ('rule', models.JSONField(blank=True, default=dict)),
                ('tone', models.CharField(blank=True, choices=[('', 'Grey'), ('good', 'Green: going well'), ('gold', 'Gold: most valuable'), ('risk', 'Red: needs care')], default='', max_length=4)),
                ('rhythm_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='segments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='segment_name_once'), models.CheckConstraint(condition=models.Q(('rhythm_days', None), ('rhythm_days__range', (1, 3650)), _connector='OR'), name='segment_rhythm_positive')],
            },
        ),
        migrations.CreateModel(
            name='SegmentCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.PositiveIntegerField()),
                ('words', models.CharField(max_length=20)),
                ('counted_at', models.DateTimeField()),
                ('segment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='contacts.segment')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('segment', 'user'), name='segment_count_once')],
            },
        ),
        migrations.CreateModel(
            name='SegmentMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='segment_members', to='contacts.contact')),
                ('segment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='contacts.segment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('segment', 'contact'), name='segment_member_once')],
            },
        ),
        migrations.CreateModel(
            name='Greeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('birthday', 'Birthday'), ('anniversary', 'Anniversary'), ('renewal', 'Renewal'), ('other', 'Other'), ('with_us', 'Years with us')], max_length=12)),
                ('language', models.CharField(max_length=10)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField()),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'language'), name='greeting_once')],
            },
        ),
        migrations.CreateModel(
            name='Rhythm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner_id', models.BigIntegerField(null=True)),
                ('usual_days', models.PositiveSmallIntegerField(null=True)),
                ('days', models.PositiveSmallIntegerField(default=0)),
                ('wish_days', models.PositiveSmallIntegerField(null=True)),
                ('segment_days', models.PositiveSmallIntegerField(null=True)),
                ('since', models.DateField()),
                ('due_on', models.DateField(null=True)),
                ('overdue_from', models.DateField(null=True)),
                ('counted_to', models.DateTimeField(null=True)),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rhythm', to='contacts.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['owner_id', 'overdue_from'], name='rhythm_owner_overdue'), models.Index(condition=models.Q(('overdue_from', None), _negated=True), fields=['overdue_from', 'contact'], name='rhythm_overdue'), models.Index(condition=models.Q(('counted_to', None)), fields=['counted_to'], name='rhythm_stale')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('wish_days', None), ('wish_days__range', (1, 3650)), _connector='OR'), models.Q(('usual_days', None), ('usual_days__gte', 1), _connector='OR'), models.Q(('segment_days', None), ('segment_days__range', (1, 3650)), _connector='OR')), name='rhythm_days_positive')],
            },
        ),
    ]
