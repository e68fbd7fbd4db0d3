from django.db import migrations

from keyuan.kernel.papers.guards import guard_numbers


class Migration(migrations.Migration):
    dependencies = [("kernel", "0010_numbers")]
    operations = [guard_numbers()]
