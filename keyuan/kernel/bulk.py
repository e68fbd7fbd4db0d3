"""The one way to write much: small transactions with a pause between them, so that the web never starves.

On SQLite one writer at a time holds the file and the lock is not fair: chunks without a pause let half of
the web's writes time out, a chunk and then as long a pause none (docs/performance.md). PostgreSQL needs no pause.
"""

import time
from collections.abc import Callable

from django.db import connection, transaction

# What counts is how long the lock is held: so many rows with all that hangs on them take about 40 ms.
CHUNK = 200
# Rows that are only put down, with nothing looked up or changed beside them, take less each.
PLAIN_CHUNK = 400
# As long as the lock was held: a waiting writer tries a dozen times a second, and every other try finds it free.
PAUSE_RATIO = 1.0
LEAST_PAUSE, MOST_PAUSE = 0.01, 0.15


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
        began = time.monotonic()
        with transaction.atomic():
            count = step()
        held = time.monotonic() - began
        done += count
        if not count:
            return done
        if progress:
            progress(done)
        began = time.monotonic()
        if before:
            before()
        pause(held, time.monotonic() - began)


def pause(held: float, passed: float = 0.0) -> None:
    """Leave the file to others after holding its lock for `held` seconds; nothing on PostgreSQL.

    `passed` seconds of the pause are over already.
    """
    if connection.vendor == "sqlite":
        time.sleep(max(min(max(held * PAUSE_RATIO, LEAST_PAUSE), MOST_PAUSE) - passed, 0.0))
