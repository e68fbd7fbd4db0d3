"""What the database itself holds of items, whoever writes: nothing is closed without evidence, and evidence stays."""

from django.db import migrations

from keyuan.kernel.triggers import append_only, both

UNPROVEN = "NEW.state = 'closed' AND NOT EXISTS (SELECT 1 FROM supervision_evidence e WHERE e.item_id = NEW.id)"
BORN_CLOSED = "NEW.state = 'closed'"
HELD = "EXISTS (SELECT 1 FROM supervision_item i WHERE i.id = OLD.item_id AND i.state = 'closed')"
# The names of the person who added it may be merged into another record's; what it proves may not change.
MOVED = ("item_id", "kind", "title", "file_id", "ref", "link")


def _sqlite(table, name, when, condition, message):
    return (
        f"CREATE TRIGGER {table}_{name} {when} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql(table, name, when, condition, message, answer="NEW"):
    return (
        f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {answer}; END $$",
        f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()",
    )


def _moved(differs):
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in MOVED)


def _kept(differs):
    return f"({_moved(differs)}) AND {HELD}"


ITEM, EVIDENCE = "supervision_item", "supervision_evidence"
NO_PROOF = "nothing is closed without evidence"
STAYS = "the evidence of a closed item stays"
SQLITE = (
    _sqlite(ITEM, "proven", "BEFORE UPDATE", UNPROVEN, NO_PROOF),
    _sqlite(ITEM, "begins", "BEFORE INSERT", BORN_CLOSED, NO_PROOF),
    _sqlite(EVIDENCE, "kept", "BEFORE UPDATE", _kept("IS NOT"), STAYS),
    _sqlite(EVIDENCE, "stays", "BEFORE DELETE", HELD, STAYS),
    # INSERT OR REPLACE over a row fires no trigger of deletion.
    _sqlite(EVIDENCE, "whole", "BEFORE INSERT", f"EXISTS (SELECT 1 FROM {EVIDENCE} e WHERE e.id = NEW.id)", STAYS),
)  # fmt: skip
POSTGRESQL = (
    *_postgresql(ITEM, "proven", "BEFORE UPDATE", UNPROVEN, NO_PROOF),
    *_postgresql(ITEM, "begins", "BEFORE INSERT", BORN_CLOSED, NO_PROOF),
    *_postgresql(EVIDENCE, "kept", "BEFORE UPDATE", _kept("IS DISTINCT FROM"), STAYS),
    *_postgresql(EVIDENCE, "stays", "BEFORE DELETE", HELD, STAYS, "OLD"),
)


class Migration(migrations.Migration):
    """Closed only with evidence; steps are append-only."""

    dependencies = [("supervision", "0001_initial")]
    operations = [append_only("supervision_step"), both(SQLITE, POSTGRESQL)]
