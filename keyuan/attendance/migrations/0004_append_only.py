"""Changes of marks are written once and stay, whoever writes."""

from django.db import migrations

from keyuan.kernel.triggers import append_only


class Migration(migrations.Migration):
    """The history of marks is append-only."""

    dependencies = [("attendance", "0003_evidence")]
    operations = [append_only("attendance_markchange")]
