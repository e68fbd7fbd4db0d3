"""A roster of 10,000 rows from upload to annotated bad rows, alone or beside a busy web (--beside)."""

import multiprocessing
import os
import sys
import time
from pathlib import Path
from typing import Any, Self

from ground import cpu, installation, percentile, roster, timed, world

ROWS = next((int(word) for word in sys.argv[1:] if word.isdecimal()), 10_000)


def _write_all_the_time(name: str, stop: Any, waits: Any) -> None:
    """What a busy web writes: a short transaction every 20 ms, from a process of its own; each wait is kept."""
    import django

    django.setup()
    from django.db import DatabaseError, transaction

    from keyuan.orgs.models import School

    kept: list[float] = []
    failed = 0
    while not stop.is_set():
        began = time.perf_counter()
        try:
            with transaction.atomic():
                School.objects.filter(code="demo").update(second_name=name)
        except DatabaseError:
            failed += 1
        kept.append(time.perf_counter() - began)
        time.sleep(0.02)
    waits.put((kept, failed))


class Web:
    """Writers in other processes while the import runs."""

    def __init__(self, writers: int = 2) -> None:
        context = multiprocessing.get_context("spawn")
        self.stop, self.waits = context.Event(), context.Queue()
        self.running = [
            context.Process(target=_write_all_the_time, args=(str(n), self.stop, self.waits))
            for n in range(writers)
        ]

    def __enter__(self) -> Self:
        for process in self.running:
            process.start()
        time.sleep(3)
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        found = [self.waits.get(timeout=60) for _each in self.running]
        for process in self.running:
            process.join()
        waits, failed = [wait for kept, _failed in found for wait in kept], sum(lost for _kept, lost in found)
        print(
            f"web writes beside it: {len(waits)}, failed {failed}, p50 {percentile(waits, 0.5) * 1000:.0f} ms, "
            f"p95 {percentile(waits, 0.95) * 1000:.0f} ms, worst {max(waits) * 1000:.0f} ms"
        )


def take_in(folder: Path) -> None:
    """Upload, confirm, apply, and fetch what came back; the wall time of all of it is what counts."""
    from keyuan.kernel import audit
    from keyuan.kernel.models.batches import BatchRow
    from keyuan.kernel.sheet import batches
    from keyuan.training.models import Nomination

    ground = world(places=ROWS + 500)
    path = folder / "roster.xlsx"
    good = roster(path, ROWS)
    began, used = time.perf_counter(), cpu()
    batch = timed(
        f"receive {ROWS}",
        lambda: batches.receive(
            ground.actor,
            purpose="training.nominate",
            upload=path,
            context={"class": ground.training_class.pk},
        ),
    )
    batches.confirm(ground.actor, batch=batch)
    timed("apply", lambda: batches.apply_rows(ground.actor, batch=batch))
    back = timed("annotated bad rows", lambda: batches.result_file(ground.actor, batch=batch))
    wall, spent = time.perf_counter() - began, cpu() - used
    print(
        f"whole import of {ROWS} rows: {wall:.2f} s wall, {spent:.2f} CPU-s, {len(back) // 1024} KiB came back"
    )
    taken = Nomination.objects.filter(training_class=ground.training_class).count()
    states = {state: batch.rows.filter(state=state).count() for state in BatchRow.State.values}
    assert taken == good == states["applied"], (taken, good, states)  # noqa: S101 - a measurement of wrong work is none
    assert audit.verify() is None  # noqa: S101 - the same


def main() -> None:
    """Measure."""
    with installation() as folder:
        if "--profile" in sys.argv:
            import cProfile
            import pstats

            profile = cProfile.Profile()
            profile.runcall(take_in, folder)
            pstats.Stats(profile).sort_stats("cumtime").print_stats(110)
        elif "--beside" in sys.argv:
            os.environ.setdefault("KEYUAN_VAR", str(folder))
            with Web():
                take_in(folder)
        else:
            take_in(folder)


if __name__ == "__main__":
    main()
