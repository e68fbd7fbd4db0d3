from django.db import migrations, models

from keyuan.kernel.operations import CreateModel
from keyuan.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_audit_append_only")]
    operations = [
        CreateModel(
            name="ErasureEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField(unique=True, verbose_name="人员编号")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={"ordering": ("id",)},
        ),
        append_only("kernel_erasureentry"),
    ]
