import datetime
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('access', '__first__'),
        ('timeline', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('position', models.PositiveSmallIntegerField()),
                ('is_customer', models.BooleanField(default=False, help_text='Whether people in it have bought.')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('display_name', models.CharField(max_length=300)),
                ('sort_name', models.CharField(editable=False, max_length=300)),
                ('domain', models.CharField(blank=True, max_length=253)),
                ('industry', models.CharField(blank=True, max_length=100)),
                ('size', models.CharField(blank=True, help_text='People who work there, a number or a range.', max_length=40)),
                ('visibility', models.CharField(choices=[('everyone', 'Everyone'), ('team', 'The team only'), ('owner', 'The point of contact only')], default='everyone', max_length=8)),
                ('custom', models.JSONField(blank=True, default=dict)),
                ('last_contact_at', models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), editable=False)),
                ('touched_at', models.DateTimeField(editable=False)),
                ('created_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('binned_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='companies', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='contacts.company')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='companies', to='access.team')),
                ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='companies', to='contacts.stage')),
            ],
            options={
                'indexes': [models.Index(fields=['sort_name', 'id'], name='company_by_name'), models.Index(fields=['-last_contact_at', '-id'], name='company_by_last_contact'), models.Index(fields=['-created_at', '-id'], name='company_by_created'), models.Index(fields=['owner', '-last_contact_at', '-id'], name='company_owner_last'), models.Index(fields=['domain'], name='company_domain'), models.Index(condition=models.Q(('binned_at', None), _negated=True), fields=['binned_at'], name='company_binned')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('display_name', models.CharField(max_length=300)),
                ('given_name', models.CharField(blank=True, max_length=150)),
                ('family_name', models.CharField(blank=True, max_length=150)),
                ('sort_name', models.CharField(editable=False, max_length=300)),
                ('job_title', models.CharField(blank=True, max_length=150)),
                ('email', models.CharField(blank=True, editable=False, max_length=254)),
                ('phone', models.CharField(blank=True, editable=False, max_length=40)),
                ('visibility', models.CharField(choices=[('everyone', 'Everyone'), ('team', 'The team only'), ('owner', 'The point of contact only')], default='everyone', max_length=8)),
                ('custom', models.JSONField(blank=True, default=dict)),
                ('last_contact_at', models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), editable=False)),
                ('touched_at', models.DateTimeField(editable=False)),
                ('created_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('binned_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('erased_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('company', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='main_people', to='contacts.company')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='access.team')),
                ('stage', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='contacts.stage')),
            ],
            options={
                'indexes': [models.Index(fields=['sort_name', 'id'], name='contact_by_name'), models.Index(fields=['-last_contact_at', '-id'], name='contact_by_last_contact'), models.Index(fields=['-created_at', '-id'], name='contact_by_created'), models.Index(fields=['owner', 'stage', '-last_contact_at', '-id'], name='contact_owner_stage_last'), models.Index(fields=['owner', '-last_contact_at', '-id'], name='contact_owner_last'), models.Index(fields=['stage', '-last_contact_at', '-id'], name='contact_stage_last'), models.Index(fields=['company', 'sort_name'], name='contact_by_company'), models.Index(condition=models.Q(('binned_at', None), _negated=True), fields=['binned_at'], name='contact_binned')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'Email'), ('phone', 'Phone'), ('sms', 'SMS'), ('whatsapp', 'WhatsApp'), ('post', 'Post')], max_length=10)),
                ('is_given', models.BooleanField(help_text='False: they refused or withdrew.')),
                ('basis', models.CharField(blank=True, choices=[('consent', 'Consent'), ('contract', 'Contract'), ('interest', 'Legitimate interest'), ('legal', 'Legal obligation')], max_length=10)),
                ('given_on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='contacts.contact')),
            ],
            options={
                'ordering': ['channel', '-recorded_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(choices=[('contact', 'Contacts'), ('company', 'Companies')], default='contact', max_length=10)),
                ('key', models.SlugField()),
                ('label', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('longtext', 'Long text'), ('number', 'Number'), ('money', 'Money'), ('date', 'Date'), ('choice', 'Choice'), ('choices', 'Several choices'), ('yesno', 'Yes or no'), ('link', 'Link'), ('contact', 'Contact')], default='text', max_length=10)),
                ('options', models.JSONField(blank=True, default=list, help_text='The choices, in their order.')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_indexed', models.BooleanField(default=False, help_text='Whether the database has an index for filtering on it.')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('host', 'key'), name='custom_field_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='source_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('additional_name', models.CharField(blank=True, help_text='Middle names.', max_length=150)),
                ('nickname', models.CharField(blank=True, max_length=80)),
                ('pronunciation', models.CharField(blank=True, max_length=150)),
                ('salutation', models.CharField(blank=True, max_length=80)),
                ('pronouns', models.CharField(blank=True, max_length=40)),
                ('photo', models.ImageField(blank=True, upload_to='photos/%Y/%m/')),
                ('language', models.CharField(blank=True, max_length=10)),
                ('time_zone', models.CharField(blank=True, max_length=64)),
                ('preferred_channel', models.CharField(blank=True, choices=[('', 'No preference'), ('phone', 'Phone'), ('email', 'Email'), ('sms', 'SMS'), ('whatsapp', 'WhatsApp'), ('telegram', 'Telegram'), ('in_person', 'In person'), ('post', 'Post')], max_length=10)),
                ('preferred_time', models.CharField(blank=True, help_text='In words: mornings, after 18:00…', max_length=80)),
                ('source_detail', models.CharField(blank=True, help_text='Who or what exactly.', max_length=200)),
                ('external_id', models.CharField(blank=True, db_index=True, help_text='Id in the system it came from.', max_length=120)),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='profile', to='contacts.contact')),
                ('source_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='brought', to='contacts.contact')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='profiles', to='contacts.source')),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='tag_name_once')],
            },
        ),
        migrations.CreateModel(
            name='ContactTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_tags', to='contacts.contact')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.tag')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tag', 'contact'), name='contact_tag_once')],
            },
        ),
        migrations.AddField(
            model_name='contact',
            name='tags',
            field=models.ManyToManyField(related_name='contacts', through='contacts.ContactTag', to='contacts.tag'),
        ),
        migrations.CreateModel(
            name='CompanyTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='company_tags', to='contacts.company')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.tag')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tag', 'company'), name='company_tag_once')],
            },
        ),
        migrations.AddField(
            model_name='company',
            name='tags',
            field=models.ManyToManyField(related_name='companies', through='contacts.CompanyTag', to='contacts.tag'),
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(blank=True, max_length=40)),
                ('street', models.CharField(blank=True, help_text='All that stands before the city.', max_length=300)),
                ('city', models.CharField(blank=True, max_length=100)),
                ('region', models.CharField(blank=True, max_length=100)),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(blank=True, max_length=80)),
                ('is_preferred', models.BooleanField(default=False)),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='contacts.contact')),
            ],
            options={
                'verbose_name_plural': 'addresses',
                'ordering': ['-is_preferred', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='address_one_holder')],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('email', 'Email'), ('link', 'Link'), ('handle', 'Handle')], max_length=6)),
                ('label', models.CharField(blank=True, help_text='mobile, work, WhatsApp…', max_length=40)),
                ('value', models.CharField(max_length=300)),
                ('key', models.CharField(max_length=300)),
                ('is_preferred', models.BooleanField(default=False)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='points', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='points', to='contacts.contact')),
            ],
            options={
                'ordering': ['-is_preferred', 'position', 'pk'],
                'indexes': [models.Index(fields=['kind', 'key'], name='point_key', opclasses=['varchar_ops', 'varchar_pattern_ops'])],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='point_one_holder'), models.UniqueConstraint(condition=models.Q(('is_preferred', True)), fields=('contact', 'kind'), name='point_one_preferred_of_contact'), models.UniqueConstraint(condition=models.Q(('is_preferred', True)), fields=('company', 'kind'), name='point_one_preferred_of_company')],
            },
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, max_length=150)),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('is_main', models.BooleanField(default=False)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='employments', to='contacts.company')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='employments', to='contacts.contact')),
            ],
            options={
                'ordering': ['-is_main', '-since', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_main', True)), fields=('contact',), name='employment_one_main'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('since__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='employment_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('like', 'Like'), ('limit', 'Limit'), ('family', 'Family'), ('pet', 'Pet'), ('attitude', 'Attitude'), ('work', 'Work'), ('other', 'Other')], default='other', max_length=10)),
                ('text', models.CharField(max_length=500)),
                ('said_by', models.CharField(blank=True, help_text='Who said it; empty: the contact.', max_length=120)),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('retired_at', models.DateTimeField(blank=True, help_text='When it stopped being true.', null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='contacts.contact')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='facts', to='timeline.entry')),
                ('noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-confirmed_at', '-pk'],
                'indexes': [models.Index(fields=['contact', '-confirmed_at'], name='fact_of_contact')],
            },
        ),
        migrations.CreateModel(
            name='ImportantDate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('birthday', 'Birthday'), ('anniversary', 'Anniversary'), ('renewal', 'Renewal'), ('other', 'Other')], default='other', max_length=12)),
                ('label', models.CharField(blank=True, max_length=120)),
                ('day', models.PositiveSmallIntegerField()),
                ('month', models.PositiveSmallIntegerField()),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('recurs', models.BooleanField(default=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dates', to='contacts.contact')),
            ],
            options={
                'ordering': ['month', 'day'],
                'indexes': [models.Index(fields=['month', 'day'], name='date_of_year')],
                'constraints': [models.CheckConstraint(condition=models.Q(('day__range', (1, 31)), ('month__range', (1, 12))), name='date_is_a_day'), models.CheckConstraint(condition=models.Q(('recurs', True), ('year__isnull', False), _connector='OR'), name='date_once_has_year'), models.UniqueConstraint(condition=models.Q(('kind', 'birthday')), fields=('contact',), name='date_one_birthday')],
            },
        ),
        migrations.CreateModel(
            name='Involvement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('kind', models.CharField(max_length=20)),
                ('is_implied', models.BooleanField(default=False)),
                ('company', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='involvements', to='contacts.company')),
                ('contact', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='involvements', to='contacts.contact')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='involvements', to='timeline.entry')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact', '-occurred_at', '-entry'], name='involvement_of_contact'), models.Index(condition=models.Q(('company__isnull', False)), fields=['company', '-occurred_at', '-entry'], name='involvement_of_company')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='involvement_one_holder'), models.UniqueConstraint(fields=('entry', 'contact', 'company'), name='involvement_once')],
            },
        ),
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40)),
                ('start2', models.CharField(max_length=2)),
                ('start3', models.CharField(max_length=3)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('owner_id', models.BigIntegerField(null=True)),
                ('touched_at', models.DateTimeField()),
                ('company', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='name_words', to='contacts.company')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='name_words', to='contacts.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['word'], name='name_word', opclasses=['varchar_pattern_ops']), models.Index(fields=['start2', '-touched_at'], name='name_start2'), models.Index(fields=['start3', '-touched_at'], name='name_start3'), models.Index(fields=['owner_id', 'start2', '-touched_at'], name='name_owner_start2')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='name_word_one_holder')],
            },
        ),
        migrations.CreateModel(
            name='Opener',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500)),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openers', to='contacts.contact')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='openers', to='timeline.entry')),
                ('noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-noted_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('asked_at', None)), fields=['contact', '-noted_at'], name='opener_open'), models.Index(condition=models.Q(('asked_at', None)), fields=['noted_at'], name='opener_oldest_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('asked_at__isnull', False), ('asked_by__isnull', True), _connector='OR'), name='opener_asked_by_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Relationship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('spouse', 'spouse of'), ('partner', 'partner of'), ('parent', 'parent of'), ('mother', 'mother of'), ('father', 'father of'), ('child', 'child of'), ('sibling', 'sibling of'), ('relative', 'relative of'), ('friend', 'friend of'), ('neighbour', 'neighbour of'), ('colleague', 'colleague of'), ('assistant', 'assistant of'), ('assisted_by', 'assisted by'), ('employer', 'employer of'), ('employee', 'employee of'), ('adviser', 'adviser of'), ('advised_by', 'advised by'), ('other', 'knows')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('since', models.DateField(blank=True, null=True)),
                ('until', models.DateField(blank=True, null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relationships', to='contacts.contact')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relationships_from_others', to='contacts.contact')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contact', 'other', 'kind'), name='relationship_once'), models.CheckConstraint(condition=models.Q(('contact', models.F('other')), _negated=True), name='relationship_of_two'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('since__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='relationship_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(choices=[('contact', 'Contacts'), ('company', 'Companies')], default='contact', max_length=10)),
                ('name', models.CharField(max_length=80)),
                ('is_shared', models.BooleanField(default=False)),
                ('query', models.JSONField(default=dict, help_text="Filters, columns and order, as in the list's address.")),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'host', 'name'), name='saved_view_name_once')],
            },
        ),
    ]
