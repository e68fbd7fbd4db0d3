"""What the database itself holds of a rota: its log only grows."""

from django.db import migrations

from keyuan.kernel.triggers import append_only, no_double


class Migration(migrations.Migration):
    """The log is append-only, also against INSERT OR REPLACE."""

    dependencies = [("hosting", "0001_initial")]
    operations = [append_only("hosting_logentry"), no_double("hosting_logentry", ("rota_id", "seq"))]
