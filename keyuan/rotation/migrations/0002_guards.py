"""Figures of a regime are only added, whoever writes."""

from django.db import migrations

from keyuan.kernel.triggers import append_only, no_double


class Migration(migrations.Migration):
    """What was laid down from a day on stays as it was laid down."""

    dependencies = [("rotation", "0001_initial")]
    operations = [
        append_only("rotation_regimeversion"),
        no_double("rotation_regimeversion", ("regime_id", "since")),
    ]
