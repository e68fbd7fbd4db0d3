from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0004_out_of_plan'),
    ]

    operations = [
        # SQLite would rebuild the table, and the triggers of other rooms that name it stand in the way.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name='trainingclass',
                    name='bring',
                    field=models.TextField(blank=True, max_length=1000, verbose_name='请带物品和须知'),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE training_trainingclass ADD COLUMN bring text NOT NULL DEFAULT ''",
                    "ALTER TABLE training_trainingclass DROP COLUMN bring",
                ),
            ],
        ),
    ]
