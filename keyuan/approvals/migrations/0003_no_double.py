"""On SQLite no other program pushes out a chain, a step or a decision by INSERT OR REPLACE."""

from django.db import migrations

from keyuan.kernel.triggers import no_double


class Migration(migrations.Migration):
    """Guards of the unique pairs."""

    dependencies = [("approvals", "0002_guards")]
    operations = [
        no_double("approvals_chain", ("school_id", "kind", "version")),
        no_double("approvals_step", ("chain_id", '"order"')),
        no_double("approvals_decision", ("request_id", "step_id")),
    ]
