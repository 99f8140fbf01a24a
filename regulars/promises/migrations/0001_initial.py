import django.db.models.deletion
import django.utils.timezone
import regulars.promises.models.appointment
import regulars.promises.models.booking
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0004_notices'),
        ('access', '__first__'),
        ('contacts', '0009_rhythm_overdue_index'),
        ('timeline', '0004_files_taken_off'),
    ]

    operations = [
        migrations.CreateModel(
            name='OccasionSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=30, unique=True)),
                ('position', models.CharField(blank=True, max_length=60)),
                ('searched_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'occasion searches',
            },
        ),
        migrations.CreateModel(
            name='PromiseReminder',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='promise_reminder', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('when', models.CharField(choices=[('morning', 'On the morning of the day'), ('day_before', 'The morning before'), ('hour', 'An hour before; on the morning when there is no time'), ('never', 'Not before it is due')], default='morning', max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='WorkingHours',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='working_hours', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('weekly', models.JSONField(default=list)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name_plural': 'working hours',
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(default='meeting', help_text='The kind of entry it becomes.', max_length=20)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('time_zone', models.CharField(max_length=64)),
                ('place', models.CharField(blank=True, help_text='Where, or a link.', max_length=300)),
                ('note', models.TextField(blank=True)),
                ('with_people', models.BooleanField(default=False, help_text='With contacts or companies; if none of them is left or may be known, it is hidden.')),
                ('repeat', models.CharField(blank=True, max_length=300)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('recurs_at', models.DateTimeField(blank=True, null=True)),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('held', 'Held'), ('no_show', 'No-show'), ('cancelled', 'Cancelled')], default='planned', max_length=10)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('reminded_at', models.DateTimeField(blank=True, help_text='When the customer was reminded.', null=True)),
                ('uid', models.CharField(default=regulars.promises.models.appointment.new_uid, help_text='Its name in calendars (RFC 5545).', max_length=255, unique=True)),
                ('sequence', models.PositiveIntegerField(default=0, help_text='Grows with each change that calendars must see.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='appointments', to='timeline.entry')),
                ('series', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='occurrences', to='promises.appointment')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['starts_at', 'id'], name='appointment_by_start'), models.Index(condition=models.Q(('repeat', ''), _negated=True), fields=['until'], name='appointment_repeating')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='appointment_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('status', 'planned')), models.Q(models.Q(('status', 'planned'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='appointment_status_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('repeat', ''), ('until', None)), models.Q(models.Q(('repeat', ''), _negated=True), ('until__isnull', False)), _connector='OR'), name='appointment_repeat_has_its_end'), models.CheckConstraint(condition=models.Q(models.Q(('recurs_at', None), ('series', None)), models.Q(('recurs_at__isnull', False), ('repeat', ''), ('series__isnull', False)), _connector='OR'), name='appointment_occurrence_has_its_place'), models.UniqueConstraint(fields=('series', 'recurs_at'), name='appointment_occurrence_once')],
            },
        ),
        migrations.CreateModel(
            name='AppointmentChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('made', 'Made'), ('moved', 'Moved'), ('revised', 'Changed'), ('cancelled', 'Cancelled'), ('settled', 'Settled')], max_length=10)),
                ('before', models.JSONField(blank=True, default=dict)),
                ('sequence', models.PositiveIntegerField(help_text="The appointment's after it; undo refuses when it has moved on.")),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='promises.appointment')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='AppointmentColleague',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('appointment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='colleague_links', to='promises.appointment')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='appointment_links', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'starts_at', 'ends_at'], name='appointment_of_colleague'), models.Index(condition=models.Q(('until__isnull', False)), fields=['user', 'until'], name='appointment_series_of')],
                'constraints': [models.UniqueConstraint(fields=('appointment', 'user'), name='appointment_colleague_once')],
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='colleagues',
            field=models.ManyToManyField(related_name='appointments', through='promises.AppointmentColleague', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='AppointmentCompany',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('appointment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='company_links', to='promises.appointment')),
                ('company', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='appointment_links', to='contacts.company')),
            ],
            options={
                'indexes': [models.Index(fields=['company', 'starts_at'], name='appointment_of_company')],
                'constraints': [models.UniqueConstraint(fields=('appointment', 'company'), name='appointment_company_once')],
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='companies',
            field=models.ManyToManyField(related_name='appointments', through='promises.AppointmentCompany', to='contacts.company'),
        ),
        migrations.CreateModel(
            name='AppointmentContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('appointment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contact_links', to='promises.appointment')),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='appointment_links', to='contacts.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['contact', 'starts_at'], name='appointment_of_contact')],
                'constraints': [models.UniqueConstraint(fields=('appointment', 'contact'), name='appointment_contact_once')],
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='contacts',
            field=models.ManyToManyField(related_name='appointments', through='promises.AppointmentContact', to='contacts.contact'),
        ),
        migrations.CreateModel(
            name='BookingPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField(blank=True, max_length=1000)),
                ('kind', models.CharField(default='meeting', help_text='The kind of entry an appointment becomes.', max_length=20)),
                ('place', models.CharField(blank=True, help_text='Where, or a link.', max_length=300)),
                ('length', models.PositiveSmallIntegerField(default=30)),
                ('step', models.PositiveSmallIntegerField(default=30)),
                ('buffer_before', models.PositiveSmallIntegerField(default=0)),
                ('buffer_after', models.PositiveSmallIntegerField(default=0)),
                ('notice', models.PositiveSmallIntegerField(default=12)),
                ('change_notice', models.PositiveSmallIntegerField(default=2)),
                ('horizon', models.PositiveSmallIntegerField(default=60)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hosts', models.ManyToManyField(related_name='booking_pages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['title', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('length__range', (5, 720))), name='booking_page_length'), models.CheckConstraint(condition=models.Q(('step__range', (5, 720))), name='booking_page_step'), models.CheckConstraint(condition=models.Q(('buffer_after__lte', 240), ('buffer_before__lte', 240)), name='booking_page_buffers'), models.CheckConstraint(condition=models.Q(('horizon__range', (1, 366))), name='booking_page_horizon')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=regulars.promises.models.booking.new_token, max_length=64, unique=True)),
                ('nonce', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=150)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('time_zone', models.CharField(blank=True, max_length=64)),
                ('buffer_before', models.PositiveSmallIntegerField(default=0)),
                ('buffer_after', models.PositiveSmallIntegerField(default=0)),
                ('address_key', models.CharField(blank=True, max_length=32)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('times_moved', models.PositiveSmallIntegerField(default=0)),
                ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='booking', to='promises.appointment')),
                ('host', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='bookings', to='promises.bookingpage')),
            ],
            options={
                'indexes': [models.Index(fields=['page', '-made_at'], name='booking_of_page'), models.Index(fields=['host', '-made_at'], name='booking_of_host'), models.Index(condition=models.Q(('address_key', ''), _negated=True), fields=['address_key', 'made_at'], name='booking_by_address')],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('parts', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('off_at', models.DateTimeField(blank=True, null=True)),
                ('etag', models.CharField(blank=True, max_length=40)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CalendarFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('events', models.JSONField(default=list)),
                ('problems', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CalendarSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remind_hours', models.PositiveSmallIntegerField(default=24, help_text='How long before an appointment the customer is to be reminded; 0 for never.')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_calendar_settings')],
            },
        ),
        migrations.CreateModel(
            name='DayOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('note', models.CharField(blank=True, max_length=120)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='days_off', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'days off',
                'ordering': ['first_day', 'pk'],
                'indexes': [models.Index(fields=['user', 'last_day'], name='day_off_of_colleague')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='day_off_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=500)),
                ('due_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('has_time', models.BooleanField(default=False)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('status', models.CharField(choices=[('open', 'Open'), ('kept', 'Kept'), ('broken', 'Broken'), ('renegotiated', 'Moved'), ('withdrawn', 'Withdrawn')], default='open', max_length=12)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('evidence', models.CharField(blank=True, help_text='How it was kept, or why it was not.', max_length=500)),
                ('first_due_at', models.DateTimeField()),
                ('times_moved', models.PositiveSmallIntegerField(default=0)),
                ('told', models.PositiveSmallIntegerField(choices=[(0, 'Nothing'), (1, 'Due'), (2, 'Late'), (3, 'Manager')], default=0)),
                ('company', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='contacts.contact')),
                ('entry', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='promises', to='timeline.entry')),
                ('evidence_entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='timeline.entry')),
                ('evidence_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='timeline.attachment')),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='promises', to=settings.AUTH_USER_MODEL)),
                ('previous', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='next', to='promises.promise')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['owner', 'due_at', 'id'], name='promise_open_of_owner'), models.Index(condition=models.Q(('status', 'open')), fields=['due_at', 'id'], name='promise_open_by_due'), models.Index(fields=['status', '-due_at', '-id'], name='promise_by_status'), models.Index(fields=['-due_at', '-id'], name='promise_by_due'), models.Index(fields=['owner', '-due_at', '-id'], name='promise_of_owner'), models.Index(fields=['contact', 'status', 'due_at'], name='promise_of_contact'), models.Index(fields=['company', 'status', 'due_at'], name='promise_of_company'), models.Index(condition=models.Q(('entry__isnull', False)), fields=['entry'], name='promise_of_entry')],
                'constraints': [models.CheckConstraint(condition=models.Q(('contact__isnull', False), ('company__isnull', False), _connector='OR'), name='promise_to_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='promise_status_has_its_time'), models.CheckConstraint(condition=models.Q(('previous', None), models.Q(('previous', models.F('id')), _negated=True), _connector='OR'), name='promise_does_not_follow_itself')],
            },
        ),
        migrations.CreateModel(
            name='PromiseDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('open', models.IntegerField(default=0)),
                ('kept', models.IntegerField(default=0)),
                ('kept_late', models.IntegerField(default=0)),
                ('broken', models.IntegerField(default=0)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='promise_days', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='promise_day_by_day')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'day'), name='promise_day_once')],
            },
        ),
        migrations.CreateModel(
            name='PromiseSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stages', models.ManyToManyField(blank=True, related_name='+', to='contacts.stage')),
                ('tags', models.ManyToManyField(blank=True, related_name='+', to='contacts.tag')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_promise_settings')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=500)),
                ('note', models.TextField(blank=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('has_time', models.BooleanField(default=False)),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'High'), (2, 'Normal'), (3, 'Low')], default=2)),
                ('repeat', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1, help_text='Grows with each edit, so that two at once are told.')),
                ('assignee', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='contacts.contact')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='timeline.entry')),
                ('previous', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='next', to='promises.task')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['assignee', 'due_at', 'id'], name='task_open_of_assignee'), models.Index(condition=models.Q(('done_at', None)), fields=['due_at', 'id'], name='task_open_by_due'), models.Index(condition=models.Q(('done_at', None), ('priority', 1)), fields=['due_at', 'id'], name='task_open_high'), models.Index(condition=models.Q(('done_at__isnull', False)), fields=['assignee', '-done_at', '-id'], name='task_done_of_assignee'), models.Index(condition=models.Q(('done_at__isnull', False)), fields=['-done_at', '-id'], name='task_done'), models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact', 'due_at'], name='task_of_contact'), models.Index(condition=models.Q(('company__isnull', False)), fields=['company', 'due_at'], name='task_of_company'), models.Index(condition=models.Q(('entry__isnull', False)), fields=['entry'], name='task_of_entry')],
                'constraints': [models.CheckConstraint(condition=models.Q(('done_at__isnull', False), ('done_by', None), _connector='OR'), name='task_done_by_has_time'), models.CheckConstraint(condition=models.Q(('repeat', ''), ('due_at__isnull', False), _connector='OR'), name='task_repeat_has_its_start'), models.CheckConstraint(condition=models.Q(('previous', None), models.Q(('previous', models.F('id')), _negated=True), _connector='OR'), name='task_does_not_follow_itself')],
            },
        ),
        migrations.CreateModel(
            name='TaskItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='promises.task')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Thanks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('referral', 'Bringing somebody'), ('big_order', 'A big order'), ('loyalty', 'Long loyalty'), ('kind_words', 'Kind words'), ('help', 'Help'), ('feedback', 'Feedback'), ('patience', 'Patience after our mistake'), ('other', 'Something else')], default='other', max_length=12)),
                ('way', models.CharField(choices=[('words', 'Words'), ('card', 'Card'), ('gift', 'Gift'), ('discount', 'Discount'), ('call', 'Call'), ('public', 'In public')], default='words', max_length=10)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('cost', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('thanked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='thanks', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='thanks', to='contacts.company')),
                ('contact', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='thanks', to='contacts.contact')),
                ('entry', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='thanks', to='timeline.entry')),
            ],
            options={
                'verbose_name_plural': 'thanks',
                'indexes': [models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact', '-thanked_at'], name='thanks_of_contact'), models.Index(condition=models.Q(('company__isnull', False)), fields=['company', '-thanked_at'], name='thanks_of_company'), models.Index(fields=['-thanked_at', '-id'], name='thanks_newest'), models.Index(fields=['by', '-thanked_at'], name='thanks_of_colleague')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='thanks_one_holder'), models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='thanks_cost_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Occasion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=30)),
                ('key', models.CharField(help_text='The rule and what it found: "brought:12".', max_length=120, unique=True)),
                ('why', models.CharField(max_length=300)),
                ('occurred_at', models.DateTimeField()),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('status', models.CharField(choices=[('open', 'Not thanked yet'), ('thanked', 'Thanked'), ('skipped', 'Skipped'), ('rested', 'Let rest')], default='open', max_length=8)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, help_text='Why it was skipped.', max_length=300)),
                ('about_company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.company')),
                ('about_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.contact')),
                ('company', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='occasions', to='contacts.company')),
                ('contact', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='occasions', to='contacts.contact')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='timeline.entry')),
                ('settled_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thanks', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='occasions', to='promises.thanks')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['-occurred_at', '-id'], name='occasion_open'), models.Index(fields=['status', '-occurred_at', '-id'], name='occasion_by_status'), models.Index(fields=['-occurred_at', '-id'], name='occasion_newest'), models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact', 'status'], name='occasion_of_contact'), models.Index(condition=models.Q(('company__isnull', False)), fields=['company', 'status'], name='occasion_of_company')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('contact__isnull', False)), models.Q(('company__isnull', False), ('contact__isnull', True)), _connector='OR'), name='occasion_one_holder'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='occasion_status_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='ThanksSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rules', models.JSONField(blank=True, default=dict)),
                ('rest_days', models.PositiveSmallIntegerField(default=30, help_text='Days in peace after each thanks.')),
            ],
            options={
                'verbose_name_plural': 'thanks settings',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_thanks_settings')],
            },
        ),
        migrations.CreateModel(
            name='TimeClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='promises.appointment')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'at'), name='time_claimed_once')],
            },
        ),
    ]
