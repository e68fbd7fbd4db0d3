from importlib import import_module

from django.db import migrations, models

from keyuan.kernel.triggers import both

# SQLite rebuilds a table to change it, and a trigger of another table that names it stands in the way.
CLASHES = import_module("keyuan.training.migrations.0002_no_clashes").SQLITE
DROPPED = tuple(f"DROP TRIGGER training_session_no_clash_{name}" for name in ("insert", "update"))

# A class submitted before there were approval chains has no request to decide: it is submitted again.
BACK_TO_DRAFT = "UPDATE training_trainingclass SET state = 'draft' WHERE state = 'submitted'"


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0002_guards'),
        ('training', '0003_kinds_and_life'),
    ]

    operations = [
        both(DROPPED, ()),
        migrations.AddField(
            model_name='trainingclass',
            name='unplanned',
            field=models.BooleanField(default=False, verbose_name='计划外举办'),
        ),
        migrations.AddField(
            model_name='trainingclass',
            name='unplanned_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='计划外理由'),
        ),
        migrations.AddConstraint(
            model_name='trainingclass',
            constraint=models.CheckConstraint(condition=models.Q(('unplanned', False), models.Q(('unplanned_reason', ''), _negated=True), _connector='OR'), name='class_out_of_plan_says_why'),
        ),
        both(CLASHES, ()),
        migrations.RunSQL(BACK_TO_DRAFT, migrations.RunSQL.noop),
    ]
