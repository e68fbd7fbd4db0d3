import django.db.models.deletion
import django.utils.timezone
from keyuan.kernel.operations import CreateModel
import keyuan.filings.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0002_former_names'),
        ('people', '0004_availability'),
        ('plan', '0001_initial'),
        ('training', '0008_by_unit'),
    ]

    operations = [
        CreateModel(
            name='Frame',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('asked', models.TextField(max_length=2000, verbose_name='填报要求')),
                ('plan_by', models.DateField(verbose_name='计划报送截止')),
                ('result_by', models.DateField(verbose_name='总结报送截止')),
                ('kinds', models.JSONField(default=list, verbose_name='报送单位')),
                ('distances', models.JSONField(default=keyuan.filings.models.usual_distances, verbose_name='提前催报天数')),
                ('state', models.CharField(choices=[('draft', '起草'), ('issued', '已下发'), ('closed', '已截止')], default='draft', max_length=8, verbose_name='状态')),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='下发时间')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frames', to='orgs.school', verbose_name='分校')),
            ],
            options={
                'ordering': ('-year', '-id'),
                'constraints': [models.UniqueConstraint(fields=('school', 'year', 'title'), name='one_frame_a_title'), models.CheckConstraint(condition=models.Q(('result_by__gt', models.F('plan_by'))), name='frame_results_after_plans'), models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2099)), name='frame_in_this_century'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('issued_at__isnull', False), _connector='OR'), name='frame_issued_has_a_time')],
            },
        ),
        CreateModel(
            name='Filing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan_state', models.CharField(choices=[('open', '未报'), ('filed', '已报待签收'), ('received', '已签收'), ('returned', '已退回'), ('accepted', '已审定'), ('revising', '更正中'), ('exempt', '免报')], default='open', max_length=8, verbose_name='计划')),
                ('plan_note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('plan_filed_at', models.DateTimeField(blank=True, null=True, verbose_name='计划报送时间')),
                ('result_state', models.CharField(choices=[('open', '未报'), ('filed', '已报待签收'), ('received', '已签收'), ('returned', '已退回'), ('accepted', '已审定'), ('revising', '更正中'), ('exempt', '免报')], default='open', max_length=8, verbose_name='总结')),
                ('result_note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('result_filed_at', models.DateTimeField(blank=True, null=True, verbose_name='总结报送时间')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='orgs.organisation', verbose_name='单位')),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='filings.frame', verbose_name='统筹要求')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(fields=['organisation', 'frame'], name='filing_by_unit')],
                'constraints': [models.UniqueConstraint(fields=('frame', 'organisation'), name='one_filing_a_unit'), models.CheckConstraint(condition=models.Q(('plan_state__in', ('open', 'exempt')), ('plan_filed_at__isnull', False), _connector='OR'), name='filed_plan_has_a_time'), models.CheckConstraint(condition=models.Q(('result_state__in', ('open', 'exempt')), ('result_filed_at__isnull', False), _connector='OR'), name='filed_result_has_a_time')],
            },
        ),
        CreateModel(
            name='Demonstration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='示范要点')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demonstrations', to='plan.keyactivity', verbose_name='重点活动')),
                ('training_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='demonstrations', to='training.trainingclass', verbose_name='班次')),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='demonstrations', to='filings.frame')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('activity__isnull', False), ('training_class', None)), models.Q(('activity', None), ('training_class__isnull', False)), _connector='OR'), name='demonstration_is_one_thing'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('frame', 'activity'), name='one_demonstration_an_activity'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('frame', 'training_class'), name='one_demonstration_a_class')],
            },
        ),
        CreateModel(
            name='FrameType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('name', models.CharField(max_length=120, verbose_name='类型')),
                ('frame', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='types', to='filings.frame', verbose_name='统筹要求')),
            ],
            options={
                'ordering': ('frame', 'order', 'id'),
                'constraints': [models.UniqueConstraint(fields=('frame', 'name'), name='one_frame_type_a_name')],
            },
        ),
        CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80, verbose_name='活动名称')),
                ('month', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='计划月份')),
                ('days', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='天数')),
                ('people', models.PositiveIntegerField(blank=True, null=True, verbose_name='人数')),
                ('cohort', models.CharField(choices=[('cadre', '科协系统干部'), ('leading_talent', '科技领军人才'), ('overseas_talent', '海外科技人才'), ('other', '其他科技工作者')], default='cadre', max_length=16, verbose_name='对象')),
                ('budget', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='经费（元）')),
                ('contact_name', models.CharField(blank=True, max_length=60, verbose_name='联系人')),
                ('phone_sealed', models.TextField(blank=True, verbose_name='联系电话')),
                ('phone_index', models.CharField(blank=True, max_length=64)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='filed_lines', to='plan.keyactivity', verbose_name='对应省级重点活动')),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='filings.filing')),
                ('follows', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='filings.demonstration', verbose_name='对标示范班')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='filed_as', to='plan.keyactivity', verbose_name='本校计划活动')),
                ('type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='filings.frametype', verbose_name='类型')),
            ],
            options={
                'ordering': ('month', 'id'),
                'indexes': [models.Index(condition=models.Q(('phone_index', ''), _negated=True), fields=['phone_index'], name='line_by_phone')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('filing', 'name', 'month'), name='one_line_a_name_and_month'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('filing', 'source'), name='one_line_a_source'), models.CheckConstraint(condition=models.Q(('month', None), models.Q(('month__gte', 1), ('month__lte', 12)), _connector='OR'), name='line_month_is_one'), models.CheckConstraint(condition=models.Q(('days', None), models.Q(('days__gt', 0), ('days__lte', 366)), _connector='OR'), name='line_days_are_some'), models.CheckConstraint(condition=models.Q(('people', None), ('people__gt', 0), _connector='OR'), name='line_people_are_some'), models.CheckConstraint(condition=models.Q(('budget', None), ('budget__gte', 0), _connector='OR'), name='line_budget_not_negative')],
            },
        ),
        CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='活动名称')),
                ('held_on', models.DateField(verbose_name='举办日期')),
                ('hours', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='学时')),
                ('cadre', models.PositiveIntegerField(default=0, verbose_name='科协系统干部人数')),
                ('leading_talent', models.PositiveIntegerField(default=0, verbose_name='科技领军人才人数')),
                ('overseas_talent', models.PositiveIntegerField(default=0, verbose_name='海外科技人才人数')),
                ('other', models.PositiveIntegerField(default=0, verbose_name='其他科技工作者人数')),
                ('summary', models.CharField(blank=True, max_length=500, verbose_name='简要总结')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='filings.filing')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='filings.line', verbose_name='对应计划活动')),
                ('type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='filings.frametype', verbose_name='类型')),
            ],
            options={
                'ordering': ('held_on', 'id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('filing', 'name', 'held_on'), name='one_outcome_a_name_and_day'), models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='outcome_hours_are_some'), models.CheckConstraint(condition=models.Q(('cadre__gt', 0), ('leading_talent__gt', 0), ('overseas_talent__gt', 0), ('other__gt', 0), _connector='OR'), name='outcome_somebody_was_there')],
            },
        ),
        CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('plan', '计划'), ('result', '总结')], max_length=6, verbose_name='事项')),
                ('on', models.DateField(db_column='day', verbose_name='日期')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('told', models.PositiveSmallIntegerField(default=0, verbose_name='通知人数')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='filings.filing')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(fields=('filing', 'part', 'on'), name='one_reminder_a_day')],
            },
        ),
        CreateModel(
            name='SubSchool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='own_school', to='orgs.organisation', verbose_name='单位')),
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='as_unit', to='orgs.school', verbose_name='分校')),
            ],
            options={
                'ordering': ('school_id',),
            },
        ),
        CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('plan', '计划'), ('result', '总结')], max_length=6)),
                ('number', models.PositiveSmallIntegerField(verbose_name='版次')),
                ('content', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='filings.filing')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(fields=('filing', 'part', 'number'), name='one_filed_version_a_number')],
            },
        ),
    ]
