from django.db import migrations

from keyuan.kernel.triggers import no_double


class Migration(migrations.Migration):
    dependencies = [("kernel", "0011_numbers_guard")]
    operations = [
        no_double("kernel_auditentry", "seq", "previous", "digest"),
        no_double("kernel_erasureentry", "person_id"),
    ]
