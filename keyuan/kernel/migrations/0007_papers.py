import django.db.models.deletion
from django.db import migrations, models

from keyuan.kernel.operations import CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0006_search_index'),
    ]

    operations = [
        CreateModel(
            name='DocSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_id', models.BigIntegerField(verbose_name='分校')),
                ('key', models.SlugField(max_length=40, verbose_name='代号')),
                ('mark', models.CharField(max_length=40, verbose_name='代字')),
                ('pattern', models.CharField(default='{mark}〔{year}〕第{seq:05}号', max_length=80, verbose_name='编号式样')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('school_id', 'key'), name='one_series_a_key'), models.UniqueConstraint(fields=('school_id', 'mark', 'pattern'), name='one_series_a_mark')],
            },
        ),
        CreateModel(
            name='IssuedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_id', models.BigIntegerField(verbose_name='分校')),
                ('kind', models.SlugField(max_length=60, verbose_name='文书类别')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('seq', models.PositiveIntegerField(verbose_name='序号')),
                ('number', models.CharField(max_length=80, verbose_name='编号')),
                ('person_id', models.BigIntegerField(blank=True, null=True, verbose_name='持有人')),
                ('owner_label', models.CharField(max_length=60, verbose_name='所属对象类别')),
                ('owner_id', models.BigIntegerField(verbose_name='所属对象')),
                ('title', models.CharField(max_length=200, verbose_name='名称')),
                ('holder_name', models.CharField(blank=True, max_length=80, verbose_name='持有人姓名')),
                ('facts', models.JSONField(default=dict, verbose_name='所载内容')),
                ('file', models.CharField(max_length=200, verbose_name='文件')),
                ('sha256', models.CharField(max_length=64, verbose_name='文件摘要')),
                ('verify_code', models.CharField(max_length=24, unique=True, verbose_name='验证码')),
                ('issued_at', models.DateTimeField(verbose_name='签发时间')),
                ('issued_by', models.BigIntegerField(blank=True, null=True, verbose_name='签发人')),
                ('seat_id', models.BigIntegerField(blank=True, null=True, verbose_name='签发身份')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('revoked_by', models.BigIntegerField(blank=True, null=True, verbose_name='作废人')),
                ('revoke_reason', models.CharField(blank=True, max_length=200, verbose_name='作废原因')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='kernel.issuedpaper', verbose_name='替换')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='kernel.docseries', verbose_name='编号系列')),
            ],
            options={
                'ordering': ('-year', '-seq', '-id'),
                'indexes': [models.Index(fields=['owner_label', 'owner_id', 'kind'], name='paper_by_owner'), models.Index(fields=['person_id', '-issued_at'], name='paper_by_person'), models.Index(fields=['school_id', 'kind', '-issued_at'], name='paper_by_school')],
                'constraints': [models.UniqueConstraint(fields=('series', 'year', 'seq'), name='one_paper_a_seq'), models.UniqueConstraint(fields=('school_id', 'number'), name='one_paper_a_number'), models.UniqueConstraint(condition=models.Q(('revoked_at', None), models.Q(('person_id', None), _negated=True)), fields=('kind', 'owner_label', 'owner_id', 'person_id'), name='one_valid_paper_a_person'), models.UniqueConstraint(condition=models.Q(('person_id', None), ('revoked_at', None)), fields=('kind', 'owner_label', 'owner_id'), name='one_valid_paper_an_owner'), models.CheckConstraint(condition=models.Q(models.Q(('revoke_reason', ''), ('revoked_at', None)), models.Q(('revoked_at__isnull', False), models.Q(('revoke_reason', ''), _negated=True)), _connector='OR'), name='a_revocation_has_a_reason')],
            },
        ),
        CreateModel(
            name='SeriesYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='末号')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='years', to='kernel.docseries', verbose_name='系列')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'year'), name='one_counter_a_year')],
            },
        ),
    ]
