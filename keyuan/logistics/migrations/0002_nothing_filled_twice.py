from django.db import migrations

from keyuan.kernel.triggers import both

# Only this room's own tables are read: SQLite rebuilds a table to change it, and a trigger that names a table
# of another room would make every later change of that table fail.
# A bed: the room has one left, and nobody of another sex sleeps in it or is it kept for.
STAY = """
    (SELECT COUNT(*) FROM logistics_stay s WHERE s.room_id = NEW.room_id AND s.id <> {me})
      >= (SELECT capacity FROM logistics_room WHERE id = NEW.room_id)
    OR EXISTS (SELECT 1 FROM logistics_stay s WHERE s.room_id = NEW.room_id AND s.id <> {me} AND s.sex <> NEW.sex)
    OR EXISTS (SELECT 1 FROM logistics_room r WHERE r.id = NEW.room_id AND r.sex <> '' AND r.sex <> NEW.sex)"""
ROOM = """
    (SELECT COUNT(*) FROM logistics_stay s WHERE s.room_id = NEW.id) > NEW.capacity
    OR (NEW.sex <> '' AND EXISTS (SELECT 1 FROM logistics_stay s WHERE s.room_id = NEW.id AND s.sex <> NEW.sex))"""
RIDE = """
    (SELECT COUNT(*) FROM logistics_ride s WHERE s.vehicle_id = NEW.vehicle_id AND s.id <> {me})
      >= (SELECT capacity FROM logistics_vehicle WHERE id = NEW.vehicle_id)
    OR (SELECT leg_id FROM logistics_vehicle WHERE id = NEW.vehicle_id) <> NEW.leg_id"""
VEHICLE = """
    (SELECT COUNT(*) FROM logistics_ride s WHERE s.vehicle_id = NEW.id) > NEW.capacity
    OR EXISTS (SELECT 1 FROM logistics_ride s WHERE s.vehicle_id = NEW.id AND s.leg_id <> NEW.leg_id)"""
SEAT = """
    EXISTS (SELECT 1 FROM logistics_hall h WHERE h.id = NEW.hall_id
      AND (NEW."row" > h.rows OR NEW."column" > h.columns))"""
HALL = """
    EXISTS (SELECT 1 FROM logistics_seat s WHERE s.hall_id = NEW.id
      AND (s."row" > NEW.rows OR s."column" > NEW.columns))"""

# table, what is refused, which columns matter, the parent row whose lock makes writers wait for each other
GUARDS = (
    ("stay", STAY, "room_id, sex", "logistics_room WHERE id = NEW.room_id"),
    ("ride", RIDE, "vehicle_id, leg_id", "logistics_vehicle WHERE id = NEW.vehicle_id"),
    ("seat", SEAT, 'hall_id, "row", "column"', "logistics_hall WHERE id = NEW.hall_id"),
)
PARENTS = (("room", ROOM, "capacity, sex"), ("vehicle", VEHICLE, "capacity, leg_id"), ("hall", HALL, "rows, columns"))


def _sqlite():
    for table, refused, columns, _lock in GUARDS:
        for name, event in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}")):
            yield (
                f"CREATE TRIGGER logistics_{table}_fits_{name} BEFORE {event} ON logistics_{table} WHEN "
                f"{refused.format(me='COALESCE(NEW.id, -1)')} "
                f"BEGIN SELECT RAISE(ABORT, 'logistics_{table} does not fit'); END"
            )
    for table, refused, columns in PARENTS:
        yield (
            f"CREATE TRIGGER logistics_{table}_holds BEFORE UPDATE OF {columns} ON logistics_{table} WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, 'logistics_{table} holds more'); END"
        )


def _postgresql():
    for table, refused, columns, lock in GUARDS:
        yield (
            f"CREATE FUNCTION logistics_{table}_fits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM 1 FROM {lock} FOR UPDATE; "
            f"IF {refused.format(me='NEW.id')} "
            f"THEN RAISE EXCEPTION 'logistics_{table} does not fit' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$"
        )
        yield (
            f"CREATE TRIGGER logistics_{table}_fits BEFORE INSERT OR UPDATE OF {columns} ON logistics_{table} "
            f"FOR EACH ROW EXECUTE FUNCTION logistics_{table}_fits()"
        )
    for table, refused, columns in PARENTS:
        yield (
            f"CREATE FUNCTION logistics_{table}_holds() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {refused} THEN RAISE EXCEPTION 'logistics_{table} holds more' USING ERRCODE = '23514'; END IF; "
            f"RETURN NEW; END $$"
        )
        yield (
            f"CREATE TRIGGER logistics_{table}_holds BEFORE UPDATE OF {columns} ON logistics_{table} "
            f"FOR EACH ROW EXECUTE FUNCTION logistics_{table}_holds()"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("logistics", "0001_initial"),
    ]
    operations = [both(tuple(_sqlite()), tuple(_postgresql()))]
