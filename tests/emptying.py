"""Emptying the test database between transactional tests, past the triggers that guard append-only tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def _sqlite(flush: Any, statements: Sequence[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        flush(statements)
        for _, sql in triggers:
            cursor.execute(sql)


def _postgresql(flush: Any, statements: Sequence[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        flush(statements)


def allowed() -> Iterator[None]:
    """While this runs, Django's flush may empty guarded tables; nothing else may.

    On the class, since a browser's event loop gives each context a connection object of its own.
    """
    operations: Any = type(connection.ops)
    flush = operations.execute_sql_flush
    around = _sqlite if connection.vendor == "sqlite" else _postgresql

    def past_the_guards(ops: Any, statements: Sequence[str]) -> None:
        around(lambda lines: flush(ops, lines), statements)

    operations.execute_sql_flush = past_the_guards
    yield
    operations.execute_sql_flush = flush
