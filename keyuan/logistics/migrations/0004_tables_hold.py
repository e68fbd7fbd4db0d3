from django.db import migrations

from keyuan.kernel.triggers import both

# Only this room's own tables are read, as in 0002.
DINER = """
    (SELECT COUNT(*) FROM logistics_diner d WHERE d.table_id = NEW.table_id AND d.id <> {me})
      >= (SELECT capacity FROM logistics_mealtable WHERE id = NEW.table_id)"""
TABLE = "(SELECT COUNT(*) FROM logistics_diner d WHERE d.table_id = NEW.id) > NEW.capacity"
SQLITE = (
    *(
        f"CREATE TRIGGER logistics_diner_fits_{name} BEFORE {event} ON logistics_diner "
        f"WHEN {DINER.format(me='COALESCE(NEW.id, -1)')} BEGIN SELECT RAISE(ABORT, 'logistics_diner does not fit'); END"
        for name, event in (("insert", "INSERT"), ("update", "UPDATE OF table_id"))
    ),
    "CREATE TRIGGER logistics_mealtable_holds BEFORE UPDATE OF capacity ON logistics_mealtable "
    f"WHEN {TABLE} BEGIN SELECT RAISE(ABORT, 'logistics_mealtable holds more'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION logistics_diner_fits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "PERFORM 1 FROM logistics_mealtable WHERE id = NEW.table_id FOR UPDATE; "
    f"IF {DINER.format(me='NEW.id')} "
    "THEN RAISE EXCEPTION 'logistics_diner does not fit' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER logistics_diner_fits BEFORE INSERT OR UPDATE OF table_id ON logistics_diner "
    "FOR EACH ROW EXECUTE FUNCTION logistics_diner_fits()",
    "CREATE FUNCTION logistics_mealtable_holds() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF {TABLE} THEN RAISE EXCEPTION 'logistics_mealtable holds more' USING ERRCODE = '23514'; END IF; "
    "RETURN NEW; END $$",
    "CREATE TRIGGER logistics_mealtable_holds BEFORE UPDATE OF capacity ON logistics_mealtable "
    "FOR EACH ROW EXECUTE FUNCTION logistics_mealtable_holds()",
)


class Migration(migrations.Migration):
    """A table takes no more people than it has seats, whoever writes."""

    dependencies = [("logistics", "0003_meal_tables")]
    operations = [both(SQLITE, POSTGRESQL)]
