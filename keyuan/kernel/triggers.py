"""Append-only tables: the triggers that raw SQL cannot pass, for both databases, made by migrations.

SQLite's BEFORE UPDATE/DELETE triggers are passed by INSERT OR REPLACE unless recursive_triggers is
on, so an insert over an existing key is refused as well.
"""

from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

GUARDED: dict[str, tuple[str, ...]] = {}

_SQLITE = (
    "CREATE TRIGGER {t}_no_update BEFORE UPDATE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END",
    "CREATE TRIGGER {t}_no_delete BEFORE DELETE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END",
    (
        "CREATE TRIGGER {t}_no_replace BEFORE INSERT ON {t} WHEN EXISTS (SELECT 1 FROM {t} WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END"
    ),
)
_SQLITE_NO_DOUBLE = (
    "CREATE TRIGGER {t}_no_double BEFORE INSERT ON {t} WHEN EXISTS (SELECT 1 FROM {t} WHERE {clash}) "
    "BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END"
)
_POSTGRESQL = (
    (
        "CREATE OR REPLACE FUNCTION {t}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{t} is append-only'; END $$"
    ),
    "CREATE TRIGGER {t}_no_update BEFORE UPDATE OR DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION {t}_refuse()",
    "CREATE TRIGGER {t}_no_truncate BEFORE TRUNCATE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION {t}_refuse()",
)
_SQLITE_DROP = tuple(
    f"DROP TRIGGER IF EXISTS {{t}}_{name}" for name in ("no_update", "no_delete", "no_replace")
)
_POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS {t}_no_update ON {t}",
    "DROP TRIGGER IF EXISTS {t}_no_truncate ON {t}",
    "DROP FUNCTION IF EXISTS {t}_refuse()",
)


class Statements(RunPython):
    """Raw statements of a migration: they look at no model, so none has to be built for them."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Run them; `RunPython` would first render every model of that day, 0.1 s a step."""
        self.code(StateApps([], {}), schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take them back, likewise."""
        if self.reverse_code is not None:
            self.reverse_code(StateApps([], {}), schema_editor)


def _runner(table: str, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> Callable[[Any, Any], None]:
    def run(_apps: Any, editor: Any) -> None:
        for statement in sqlite if editor.connection.vendor == "sqlite" else postgresql:
            editor.execute(statement.format(t=table) if table else statement)

    return run


def append_only(table: str) -> Statements:
    """The migration step that makes `table` (with an `id` key) append-only."""
    return Statements(_runner(table, _SQLITE, _POSTGRESQL), _runner(table, _SQLITE_DROP, _POSTGRESQL_DROP))


def no_double(table: str, *keys: str | tuple[str, ...]) -> Statements:
    """The step that refuses, on SQLite, an insert that would push out a row holding one of these unique values.

    A key is a column, or several columns that are unique together.

    `INSERT OR REPLACE` by another program, with recursive_triggers off, fires no trigger of deletion.
    PostgreSQL has no such statement.
    """
    each = [(key,) if isinstance(key, str) else key for key in keys]
    clash = " OR ".join(" AND ".join(f"{column} = NEW.{column}" for column in key) for key in each)
    made = (_SQLITE_NO_DOUBLE.replace("{clash}", clash),)
    return Statements(_runner(table, made, ()), _runner(table, ("DROP TRIGGER IF EXISTS {t}_no_double",), ()))


def both(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> Statements:
    """A migration step of raw statements that differ by database; not undone."""
    return Statements(_runner("", sqlite, postgresql), Statements.noop)


def refused(table: str, name: str, condition: str, message: str) -> Statements:
    """The step that refuses, on both databases, a row of `table` written new or anew for which `condition` holds.

    `condition` is SQL that both understand and names the row NEW. The message is for programmers: the
    application refuses the same before, in words.
    """
    events = ("insert", "update")
    sqlite = tuple(
        f"CREATE TRIGGER {table}_{name}_{event} BEFORE {event.upper()} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for event in events
    )
    postgresql = (
        (
            f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; RETURN NEW; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_{name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION {table}_{name}()"
        ),
    )
    gone = tuple(f"DROP TRIGGER IF EXISTS {table}_{name}_{event}" for event in events)
    gone_there = (
        f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}",
        f"DROP FUNCTION IF EXISTS {table}_{name}()",
    )
    return Statements(_runner("", sqlite, postgresql), _runner("", gone, gone_there))


def guard(table: str, *names: str) -> None:
    """Tell the start-up check which triggers must exist on a table."""
    GUARDED[table] = names


guard("kernel_auditentry", "kernel_auditentry_no_update")
