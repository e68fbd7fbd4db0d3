"""The triggers that hold the register of issued papers and that of document numbers, on SQLite and PostgreSQL."""

from django.db.migrations import RunPython

from keyuan.kernel import triggers

TABLE = "kernel_issuedpaper"
COUNTER = "kernel_seriesyear"
# Everything but the three columns of a revocation.
FROZEN = [
    "id",
    "school_id",
    "kind",
    "series_id",
    "year",
    "seq",
    "number",
    "person_id",
    "owner_label",
    "owner_id",
    "title",
    "holder_name",
    "facts",
    "file",
    "sha256",
    "verify_code",
    "issued_at",
    "issued_by",
    "seat_id",
    "replaces_id",
]

triggers.guard(TABLE, f"{TABLE}_frozen", f"{TABLE}_no_delete")
NUMBERS = "kernel_docnumber"
# What a number is; what bears it and whether it is void come later.
TAKEN = ["id", "school_id", "series_id", "year", "seq", "number", "origin", "taken_at", "taken_by"]

triggers.guard(NUMBERS, f"{NUMBERS}_frozen", f"{NUMBERS}_no_delete")
triggers.guard(COUNTER, f"{COUNTER}_forward", f"{COUNTER}_no_delete")

_WORDS = "issued papers are only ever revoked, once"
_COUNTER_WORDS = "a number series only runs forward"


def _sqlite() -> tuple[str, ...]:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in FROZEN)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    halt = f"BEGIN SELECT RAISE(ABORT, '{_COUNTER_WORDS}'); END"
    return (
        (
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} "
            f"WHEN {changed} OR OLD.revoked_at IS NOT NULL {refuse}"
        ),
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {refuse}",
        # INSERT OR REPLACE deletes without asking the trigger above unless recursive_triggers is on.
        (
            "CREATE TRIGGER kernel_issuedpaper_no_replace BEFORE INSERT ON kernel_issuedpaper "
            "WHEN EXISTS (SELECT 1 FROM kernel_issuedpaper WHERE id = NEW.id OR verify_code = NEW.verify_code "
            "OR (school_id = NEW.school_id AND number = NEW.number) "
            "OR (series_id = NEW.series_id AND year = NEW.year AND seq = NEW.seq)) REFUSE".replace(
                "REFUSE", refuse
            )
        ),
        (
            f"CREATE TRIGGER {COUNTER}_forward BEFORE UPDATE ON {COUNTER} WHEN NEW.last < OLD.last "
            f"OR NEW.series_id IS NOT OLD.series_id OR NEW.year IS NOT OLD.year {halt}"
        ),
        f"CREATE TRIGGER {COUNTER}_no_delete BEFORE DELETE ON {COUNTER} {halt}",
    )


def _postgresql() -> tuple[str, ...]:
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FROZEN)
    return (
        (
            f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"
        ),
        (
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN ({changed} OR OLD.revoked_at IS NOT NULL) EXECUTE FUNCTION {TABLE}_refuse()"
        ),
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
        (
            f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION {TABLE}_refuse()"
        ),
        (
            f"CREATE OR REPLACE FUNCTION {COUNTER}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_COUNTER_WORDS}'; END $$"
        ),
        (
            f"CREATE TRIGGER {COUNTER}_forward BEFORE UPDATE ON {COUNTER} FOR EACH ROW "
            f"WHEN (NEW.last < OLD.last OR NEW.series_id IS DISTINCT FROM OLD.series_id "
            f"OR NEW.year IS DISTINCT FROM OLD.year) EXECUTE FUNCTION {COUNTER}_refuse()"
        ),
        (
            f"CREATE TRIGGER {COUNTER}_no_delete BEFORE DELETE ON {COUNTER} FOR EACH ROW "
            f"EXECUTE FUNCTION {COUNTER}_refuse()"
        ),
    )


def guard_papers() -> RunPython:
    """The migration step: no delete, no change but a first revocation, counters that only run forward."""
    return triggers.both(_sqlite(), _postgresql())


_NUMBER_WORDS = "a taken number is never changed or given back"


def guard_numbers() -> RunPython:
    """The migration step: a taken number is not deleted, not renumbered, and void for good once it is void."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_NUMBER_WORDS}'); END"
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in TAKEN)
    differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in TAKEN)
    sqlite = (
        (
            f"CREATE TRIGGER {NUMBERS}_frozen BEFORE UPDATE ON {NUMBERS} "
            f"WHEN {changed} OR OLD.state = 'void' {refuse}"
        ),
        f"CREATE TRIGGER {NUMBERS}_no_delete BEFORE DELETE ON {NUMBERS} {refuse}",
        # INSERT OR REPLACE deletes without asking the trigger above unless recursive_triggers is on.
        (
            "CREATE TRIGGER kernel_docnumber_no_replace BEFORE INSERT ON kernel_docnumber "
            "WHEN EXISTS (SELECT 1 FROM kernel_docnumber WHERE id = NEW.id "
            "OR (school_id = NEW.school_id AND number = NEW.number) "
            "OR (series_id = NEW.series_id AND year = NEW.year AND seq = NEW.seq)) REFUSE".replace(
                "REFUSE", refuse
            )
        ),
    )
    run = f"EXECUTE FUNCTION {NUMBERS}_refuse()"
    postgresql = (
        (
            f"CREATE OR REPLACE FUNCTION {NUMBERS}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_NUMBER_WORDS}'; END $$"
        ),
        (
            f"CREATE TRIGGER {NUMBERS}_frozen BEFORE UPDATE ON {NUMBERS} FOR EACH ROW "
            f"WHEN ({differs} OR OLD.state = 'void') {run}"
        ),
        f"CREATE TRIGGER {NUMBERS}_no_delete BEFORE DELETE ON {NUMBERS} FOR EACH ROW {run}",
        f"CREATE TRIGGER {NUMBERS}_no_truncate BEFORE TRUNCATE ON {NUMBERS} FOR EACH STATEMENT {run}",
    )
    return triggers.both(sqlite, postgresql)
