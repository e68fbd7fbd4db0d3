"""The one way to write much: small transactions one after another, so that the web never starves.

On SQLite one writer at a time holds the file. Writers stand in line for it (`project.sqlite`), so what a web
request waits for is one chunk at most; a nap after each lets whoever asks for the line get to it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import CharField, Field, ForeignKey, IntegerField, Model, TextField

# What counts is how long the lock is held: so many rows with all that hangs on them take about 40 ms.
CHUNK = 200
# Rows that are only put down, with nothing looked up or changed beside them, take less each.
PLAIN_CHUNK = 400
# Seconds: longer than a waiting process sleeps between two looks at the line.
PAUSE = 0.002
# Values one statement may carry: SQLite takes 32,766 by default, PostgreSQL 65,535.
VALUES = 30_000


def insert(rows: Sequence[Model]) -> None:
    """Insert rows of one model and give them their keys, as `bulk_create` does at half its cost.

    Django compiles each value of such a statement by itself; here the statement is one string and the fields
    prepare their values. Constraints, triggers and the order of the keys are the database's as ever.
    """
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quote(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    size = max(1, VALUES // len(fields))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            columns_of = [_prepared(field, some, adding=True) for field in fields]
            values = list(chain.from_iterable(zip(*columns_of, strict=True)))
            cursor.execute(
                f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {', '.join([one] * len(some))} "  # noqa: S608 - names come from the model, values are parameters
                f"RETURNING {quote(meta.pk.column)}",
                values,
            )
            for row, (key,) in zip(some, cursor.fetchall(), strict=True):
                row.pk = key
                # As `bulk_create` leaves them: what is stored is not stored a second time.
                row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - Django's own mark of a stored row


def update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write the named fields of rows that are stored, each row its own values, one statement run for all."""
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    fields: list[Any] = [meta.get_field(name) for name in names]
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    columns = [*(_prepared(field, rows, adding=False) for field in fields), [row.pk for row in rows]]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {quote(meta.pk.column)} = %s",  # noqa: S608 - names come from the model, values are parameters
            list(zip(*columns, strict=True)),
        )


def _prepared(field: Any, rows: Sequence[Model], *, adding: bool) -> list[Any]:
    """One column's values as the database takes them; a text that is a text needs no preparing, nor does a number."""
    if type(field).pre_save is Field.pre_save:
        values: Iterable[Any] = map(attrgetter(field.attname), rows)
    else:
        values = (field.pre_save(row, add=adding) for row in rows)
    # The proxy that `connection` is looks for the real one at each question put to it.
    prepare, ready, database = field.get_db_prep_save, _ready(field), connections[connection.alias]
    return [value if type(value) in ready else prepare(value, database) for value in values]


def _ready(field: Any) -> tuple[type, ...]:
    """The types of values that this field hands to the database as they are."""
    if isinstance(field, CharField | TextField):
        return (str,)
    if isinstance(field, ForeignKey):
        return (*_ready(field.target_field), type(None))
    return (int, type(None)) if isinstance(field, IntegerField) else ()


def in_chunks(
    step: Callable[[], int],
    progress: Callable[[int], None] | None = None,
    *,
    before: Callable[[], None] | None = None,
) -> int:
    """Run `step` in one transaction after another until it answers 0; the sum of its answers.

    `step` takes at most CHUNK rows that are still to be done and marks them done in the same transaction,
    so that a process killed at any moment may simply run again. `before` runs ahead of each step and outside
    its transaction: what can be reckoned without the lock belongs there, for its time is pause as well.
    """
    done = 0
    if before:
        before()
    while True:
        with transaction.atomic():
            count = step()
        done += count
        if not count:
            return done
        if progress:
            progress(done)
        began = time.monotonic()
        if before:
            before()
        pause(time.monotonic() - began)


def pause(passed: float = 0.0) -> None:
    """Leave the file to others for a moment; nothing on PostgreSQL. `passed` seconds of it are over already."""
    if connection.vendor == "sqlite":
        time.sleep(max(PAUSE - passed, 0.0))
