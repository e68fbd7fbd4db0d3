import django.utils.timezone
from django.db import migrations, models

from keyuan.kernel.operations import CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_batches'),
    ]

    operations = [
        CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='日期')),
                ('working', models.BooleanField(verbose_name='上班')),
                ('note', models.CharField(blank=True, max_length=80, verbose_name='说明')),
            ],
            options={
                'ordering': ('day',),
            },
        ),
        CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=80, verbose_name='种类')),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('args', models.JSONField(default=dict, verbose_name='参数')),
                ('actor', models.JSONField(default=dict, verbose_name='以谁的身份')),
                ('school_id', models.BigIntegerField(null=True, verbose_name='分校')),
                ('person_id', models.BigIntegerField(null=True, verbose_name='发起人')),
                ('once', models.CharField(blank=True, max_length=120, verbose_name='去重键')),
                ('state', models.CharField(choices=[('queued', '排队中'), ('running', '进行中'), ('done', '已完成'), ('failed', '未完成')], default='queued', max_length=8, verbose_name='状态')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已办')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='共')),
                ('message', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='原因')),
                ('link', models.CharField(blank=True, max_length=300, verbose_name='结果')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='尝试次数')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='提交时间')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='最早开始')),
                ('started_at', models.DateTimeField(null=True, verbose_name='开始时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('holder', models.CharField(blank=True, max_length=120)),
                ('lease_until', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['state', 'due_at', 'id'], name='job_queue'), models.Index(fields=['person_id', '-id'], name='job_by_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='job_leased_while_running'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed'])), name='job_state_word'), models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running']), models.Q(('once', ''), _negated=True)), fields=('once',), name='one_live_job_a_key')],
            },
        ),
        CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField(verbose_name='收件人')),
                ('outbox_id', models.BigIntegerField(verbose_name='来自')),
                ('about_id', models.BigIntegerField(null=True, verbose_name='说到的人')),
                ('school_id', models.BigIntegerField(null=True, verbose_name='分校')),
                ('kind', models.CharField(max_length=80, verbose_name='种类')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('text', models.TextField(blank=True, verbose_name='内容')),
                ('link', models.CharField(blank=True, max_length=300, verbose_name='链接')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('read_at', models.DateTimeField(null=True, verbose_name='已读时间')),
                ('mail_due', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('mail_attempts', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['person_id', '-id'], name='message_by_person'), models.Index(condition=models.Q(('read_at', None)), fields=['person_id'], name='message_unread'), models.Index(condition=models.Q(('mail_due__isnull', False), ('mailed_at', None)), fields=['mail_due'], name='message_mail_due'), models.Index(condition=models.Q(('about_id__isnull', False)), fields=['about_id'], name='message_about')],
                'constraints': [models.UniqueConstraint(fields=('outbox_id', 'person_id'), name='one_message_a_notice')],
            },
        ),
        CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField(unique=True, verbose_name='人员')),
                ('mail', models.CharField(choices=[('none', '只在站内'), ('each', '每条都发邮件'), ('digest', '每天汇总一封')], default='none', max_length=8, verbose_name='邮件')),
                ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='免打扰开始')),
                ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='免打扰结束')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='quiet_hours_whole')],
            },
        ),
        CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=80, verbose_name='种类')),
                ('link', models.CharField(blank=True, max_length=300, verbose_name='链接')),
                ('school_id', models.BigIntegerField(null=True, verbose_name='分校')),
                ('facts', models.JSONField(default=dict, verbose_name='事实')),
                ('person_ids', models.JSONField(default=list, verbose_name='收件人')),
                ('about_id', models.BigIntegerField(null=True, verbose_name='说到的人')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='送达时间')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='最早送出')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='尝试次数')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='原因')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['due_at', 'id'], name='outbox_waiting')],
            },
        ),
        CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=80, verbose_name='种类')),
                ('thing_id', models.BigIntegerField(verbose_name='编号')),
                ('school_id', models.BigIntegerField(null=True, verbose_name='分校')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('body', models.TextField(blank=True, verbose_name='内容')),
                ('plain', models.TextField(blank=True)),
                ('kind_token', models.CharField(blank=True, max_length=80)),
                ('title_tokens', models.TextField(blank=True)),
                ('body_tokens', models.TextField(blank=True)),
                ('spelling_tokens', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('label', 'thing_id'), name='one_search_entry_a_thing')],
            },
        ),
        CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_id', models.BigIntegerField(null=True, verbose_name='分校')),
                ('owner_label', models.CharField(max_length=80, verbose_name='属于')),
                ('owner_id', models.BigIntegerField(verbose_name='属于编号')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('size', models.PositiveBigIntegerField(verbose_name='大小')),
                ('kind', models.CharField(max_length=12, verbose_name='类型')),
                ('sha256', models.CharField(max_length=64, verbose_name='摘要')),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='保存时间')),
                ('person_id', models.BigIntegerField(null=True, verbose_name='上传人')),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['owner_label', 'owner_id', '-id'], name='file_by_owner'), models.Index(fields=['sha256'], name='file_by_hash')],
            },
        ),
        CreateModel(
            name='Tick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('slot', models.DateTimeField(verbose_name='时段')),
                ('job_id', models.BigIntegerField(verbose_name='任务')),
            ],
            options={
                'ordering': ('-slot',),
                'constraints': [models.UniqueConstraint(fields=('name', 'slot'), name='one_tick_a_slot')],
            },
        ),
    ]
