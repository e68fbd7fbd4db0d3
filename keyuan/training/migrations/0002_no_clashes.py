from django.db import migrations

from keyuan.kernel.triggers import both

SQLITE = tuple(
    f"""CREATE TRIGGER training_session_no_clash_{name} BEFORE {event} ON training_session
WHEN EXISTS (
  SELECT 1 FROM training_session s JOIN training_trainingclass c ON c.id = s.training_class_id
  WHERE s.id <> COALESCE(NEW.id, -1) AND c.state <> 'cancelled' AND s.date = NEW.date
    AND s.starts < NEW.ends AND s.ends > NEW.starts
    AND (s.training_class_id = NEW.training_class_id
         OR (NEW.teacher_id IS NOT NULL AND s.teacher_id = NEW.teacher_id)
         OR (NEW.place <> '' AND s.place = NEW.place AND s.school_id = NEW.school_id)))
BEGIN SELECT RAISE(ABORT, 'training_session clash'); END"""
    for name, event in (
        ("insert", "INSERT"),
        ("update", "UPDATE OF date, starts, ends, teacher_id, place, training_class_id"),
    )
)
POSTGRESQL = (
    """CREATE FUNCTION training_session_clash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- One writer a school at a time: two placings at once would not see each other's row.
  PERFORM pg_advisory_xact_lock(hashtext('training_session'), NEW.school_id::int);
  IF EXISTS (
    SELECT 1 FROM training_session s JOIN training_trainingclass c ON c.id = s.training_class_id
    WHERE s.id <> NEW.id AND c.state <> 'cancelled' AND s.date = NEW.date
      AND s.starts < NEW.ends AND s.ends > NEW.starts
      AND (s.training_class_id = NEW.training_class_id
           OR (NEW.teacher_id IS NOT NULL AND s.teacher_id = NEW.teacher_id)
           OR (NEW.place <> '' AND s.place = NEW.place AND s.school_id = NEW.school_id)))
  THEN RAISE EXCEPTION 'training_session clash' USING ERRCODE = '23P01';
  END IF;
  RETURN NEW;
END $$""",
    """CREATE TRIGGER training_session_no_clash BEFORE INSERT OR UPDATE OF date, starts, ends, teacher_id, place,
training_class_id ON training_session FOR EACH ROW EXECUTE FUNCTION training_session_clash()""",
)


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]
    operations = [both(SQLITE, POSTGRESQL)]
