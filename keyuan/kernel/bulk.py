"""The one way to write much: small transactions with a pause between them, so that the web never starves.

On SQLite one writer at a time holds the file and the lock is not fair: chunks without a pause let half of
the web's writes time out, 100 rows and then a pause none. PostgreSQL needs no pause.
"""

import time
from collections.abc import Callable

from django.db import connection, transaction

CHUNK = 100
# The pause is longer than the lock was held, so that a waiting writer's next try probably falls into it.
PAUSE_RATIO = 1.5
LEAST_PAUSE, MOST_PAUSE = 0.02, 0.15


def in_chunks(step: Callable[[], int], progress: Callable[[int], None] | None = None) -> int:
    """Run `step` in one transaction after another until it answers 0; the sum of its answers.

    `step` takes at most CHUNK rows that are still to be done and marks them done in the same transaction,
    so that a process killed at any moment may simply run again.
    """
    done = 0
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
        pause(held)


def pause(held: float) -> None:
    """Leave the file to others after holding its lock for `held` seconds; nothing on PostgreSQL."""
    if connection.vendor == "sqlite":
        time.sleep(min(max(held * PAUSE_RATIO, LEAST_PAUSE), MOST_PAUSE))
