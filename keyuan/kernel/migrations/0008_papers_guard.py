from django.db import migrations

from keyuan.kernel.papers.guards import guard_papers


class Migration(migrations.Migration):
    dependencies = [("kernel", "0007_papers")]
    operations = [guard_papers()]
