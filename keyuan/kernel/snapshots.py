"""One consistent copy of the database taken while others write, and its way back; for SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from keyuan.kernel.faults import Fault

CHUNK = 1 << 20


def migrations_applied() -> list[list[str]]:
    """The migrations in force, as [app, name], oldest first."""
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return []
    return [[row.app, row.name] for row in recorder.migration_qs.order_by("id")]


# ── SQLite ───────────────────────────────────────────────────────────────────


def sqlite_to(path: Path) -> None:
    """Copy through SQLite's backup interface: writers go on, the copy holds one moment, and it is checked.

    A plain file copy of a database in use is corrupt more often than not.
    """
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        sqlite_must_be_whole(copy)


def sqlite_must_be_whole(database: sqlite3.Connection) -> None:
    """Refuse a database whose pages or references are broken."""
    words = [row[0] for row in database.execute("PRAGMA integrity_check(5)")]
    orphans = database.execute("PRAGMA foreign_key_check").fetchmany(5)
    if words != ["ok"] or orphans:
        raise Fault(f"数据库内容有损坏：{words} {orphans}")


def sqlite_from(path: Path, aside: Path) -> None:
    """Put the copy in the place of the database; the old one goes aside, whole."""
    with closing(sqlite3.connect(path)) as copy:
        sqlite_must_be_whole(copy)
    target = Path(connection.settings_dict["NAME"])
    connections.close_all()
    for old in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
        if old.exists():
            old.rename(aside / old.name)
    path.replace(target)


# ── PostgreSQL ───────────────────────────────────────────────────────────────


def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - {"django_migrations"})


def _columns(table: str) -> list[str]:
    """The columns that are stored; generated ones make themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [f'"{table}"'],
        )
        return [row[0] for row in cursor.fetchall()]


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def postgresql_to(folder: Path) -> dict[str, Any]:
    """Copy every table into a file, all as of one moment; returns what the way back needs besides."""
    columns: dict[str, list[str]] = {}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in _tables():
            columns[table] = _columns(table)
            with (
                connection.cursor() as cursor,
                cursor.copy(f'COPY "{table}" ({_listed(columns[table])}) TO STDOUT') as source,
                (folder / f"{table}.copy").open("wb") as out,
            ):
                for block in source:
                    out.write(block)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
            )
            sequences = dict(cursor.fetchall())
        applied = migrations_applied()
    return {"columns": columns, "sequences": sequences, "migrations": applied}


def migrate_exactly(applied: list[list[str]]) -> None:
    """Bring an empty database to the migrations of the copy, not further; one that stands there stays."""
    wanted = {(app, name) for app, name in applied}
    if not _same(wanted):
        if migrations_applied():
            raise Fault("目标数据库的表结构与备份不同；请给一个空的数据库（createdb），再恢复。")
        last: dict[str, str] = {}
        for app, name in applied:
            last[app] = max(last.get(app, ""), name)
        for app, name in last.items():
            call_command("migrate", app, name, interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    if not _same(wanted):
        raise Fault("备份来自另一个版本的程序，表结构不同；请先换成相应版本再恢复。")


def _same(wanted: set[tuple[str, str]]) -> bool:
    return {(app, name) for app, name in migrations_applied()} == wanted


@contextmanager
def _bare(tables: list[str]) -> Iterator[None]:
    """Our own triggers rest while rows go back as they were; the references are still checked."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def postgresql_from(folder: Path, facts: dict[str, Any]) -> None:
    """Empty every table and fill it from its file, in one transaction: the whole copy or nothing."""
    tables = list(facts["columns"])
    with transaction.atomic(), _bare(tables), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {_listed(tables)}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, columns in facts["columns"].items():
            with (
                cursor.copy(f'COPY "{table}" ({_listed(columns)}) FROM STDIN') as sink,
                (folder / f"{table}.copy").open("rb") as source,
            ):
                while block := source.read(CHUNK):
                    sink.write(block)
        for name, value in facts["sequences"].items():
            if value is not None:
                cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', value])
