"""What was handed in and who was reminded is written once."""

from django.db import migrations

from keyuan.kernel.triggers import append_only, no_double


class Migration(migrations.Migration):
    dependencies = [("filings", "0001_initial")]
    operations = [
        append_only("filings_version"),
        no_double("filings_version", ("filing_id", "part", "number")),
        append_only("filings_reminder"),
        no_double("filings_reminder", ("filing_id", "part", "day")),
    ]
