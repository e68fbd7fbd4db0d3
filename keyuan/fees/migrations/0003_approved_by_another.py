from django.db import migrations, models

STATES = [
    ("draft", "草稿"),
    ("submitted", "待审核"),
    ("checked", "待审批"),
    ("approved", "已批准"),
    ("returned", "已退回，待修改"),
]
NAMED = models.Q(("state", "approved"), _negated=True) | models.Q(
    ("approved_by__isnull", False), ("submitted_by__isnull", False)
)


def _of(model):
    return [
        migrations.RemoveConstraint(model_name=model, name=f"{model}_approved_by_three"),
        migrations.AlterField(
            model_name=model,
            name="state",
            field=models.CharField(
                choices=STATES, default="draft", editable=False, max_length=10, verbose_name="状态"
            ),
        ),
        migrations.AddConstraint(
            model_name=model,
            constraint=models.CheckConstraint(condition=NAMED, name=f"{model}_approved_by_another"),
        ),
    ]


class Migration(migrations.Migration):
    """How many hands a paper goes through is laid down in its approval chain."""

    dependencies = [("fees", "0002_versions_stay")]
    operations = [*_of("budget"), *_of("settlement")]
