"""Many at once for few places: nominating and admitting from several processes; nothing may be oversold."""

import multiprocessing
import time
from typing import Any

from ground import installation, people, percentile, world

PLACES, CROWD, PROCESSES = 60, 400, 4


def _act(  # noqa: PLR0917 - a process takes its arguments by position
    kind: str, class_id: int, ids: list[int], actor: Any, gate: Any, answers: Any
) -> None:
    """One process's share of the crowd; whatever is refused is refused by a sentence, never by the database."""
    import django

    django.setup()
    from keyuan.kernel.faults import Fault
    from keyuan.people.models import Person
    from keyuan.training.actions import nominations
    from keyuan.training.models import Nomination, TrainingClass

    held = TrainingClass.objects.get(pk=class_id)
    gate.wait()
    waits, done, refused = [], 0, 0
    for key in ids:
        began = time.perf_counter()
        try:
            if kind == "nominate":
                person = Person.objects.select_related("organisation").get(pk=key)
                assert person.organisation is not None  # noqa: S101 - every one of the crowd has a unit
                nominations.nominate(
                    actor, training_class=held, person=person, organisation=person.organisation
                )
            else:
                row = Nomination.objects.select_related("training_class", "person").get(pk=key)
                nominations.move_nomination(actor, nomination=row, move="admit")
            done += 1
        except Fault:
            refused += 1
        waits.append(time.perf_counter() - began)
    answers.put((done, refused, waits))


def race(kind: str, class_id: int, ids: list[int], actor: Any) -> int:
    """Start all at once; print throughput; returns how many succeeded."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("spawn")
    gate, answers = context.Barrier(PROCESSES + 1), context.Queue()
    running = [
        context.Process(target=_act, args=(kind, class_id, ids[n::PROCESSES], actor, gate, answers))
        for n in range(PROCESSES)
    ]
    for process in running:
        process.start()
    gate.wait()
    began = time.perf_counter()
    found = [answers.get(timeout=300) for _each in running]
    wall = time.perf_counter() - began
    for process in running:
        process.join()
    done, refused = sum(each[0] for each in found), sum(each[1] for each in found)
    waits = [wait for each in found for wait in each[2]]
    print(
        f"{kind}: {len(ids)} tries by {PROCESSES} processes, {done} done, {refused} refused, 0 errors, "
        f"{len(ids) / wall:.0f}/s, p50 {percentile(waits, 0.5) * 1000:.0f} ms, p95 {percentile(waits, 0.95) * 1000:.0f} ms"
    )
    return done


def main() -> None:
    """400 people for 80 shared places, then 80 nominations for 60 places."""
    with installation():
        from keyuan.training.models import Nomination, QuotaShare, TrainingClass

        ground = world(places=PLACES)
        held = ground.training_class
        crowd = people(ground.school, ground.units, CROWD)
        shared = sum(share.places for share in QuotaShare.objects.filter(training_class=held))
        taken = race("nominate", held.pk, [each.pk for each in crowd], ground.actor)
        assert taken == shared == Nomination.objects.filter(training_class=held).count()  # noqa: S101 - the point of it
        rows = list(Nomination.objects.filter(training_class=held).values_list("pk", flat=True))
        admitted = race("admit", held.pk, rows, ground.actor)
        held.refresh_from_db()
        assert admitted == held.taken == PLACES  # noqa: S101 - the same
        assert TrainingClass.objects.get(pk=held.pk).nominations.filter(state="admitted").count() == PLACES  # noqa: S101
        print(f"places {PLACES}, shares {shared}: nothing oversold")


if __name__ == "__main__":
    main()
