import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="The file's name.", max_length=200)),
                ('kind', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'XLSX'), ('vcard', 'vCard')], max_length=5)),
                ('file', models.FileField(blank=True, upload_to='imports/%Y/%m/')),
                ('size', models.PositiveBigIntegerField(help_text='Bytes, as it came.')),
                ('headers', models.JSONField(default=list)),
                ('mapping', models.JSONField(default=dict, help_text='See `files.mapping`; empty for vCards.')),
                ('is_mapped', models.BooleanField(default=False, help_text='Whether the mapping is settled.')),
                ('policy', models.CharField(choices=[('skip', 'Leave them as they are'), ('fill', 'Fill in what is missing'), ('overwrite', 'Let the file win'), ('create', 'Add them again')], default='skip', max_length=9)),
                ('options', models.JSONField(default=dict, help_text='owner, tags: what everyone in the file gets.')),
                ('counts', models.JSONField(default=dict, help_text='rows, created, updated, skipped, failed, companies.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL)),
                ('operation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imported', to='access.operation')),
                ('preview', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='previewed_import', to='access.operation')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['by', '-created_at'], name='import_newest')],
            },
        ),
        migrations.CreateModel(
            name='ImportProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField(help_text='As a spreadsheet counts; for vCards the number of the card.')),
                ('field', models.CharField(blank=True, help_text='The header of the cell; empty: the row as a whole.', max_length=200)),
                ('message', models.CharField(max_length=500)),
                ('cells', models.JSONField(help_text='The row as it came, on its first problem.', null=True)),
                ('imported', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='quality.import')),
            ],
            options={
                'ordering': ['row', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RememberedMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('mapping', models.JSONField()),
                ('used_at', models.DateTimeField(auto_now=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
