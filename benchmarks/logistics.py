"""A class of 300 looked after: groups, rooms, cars and seats proposed, and the handbook set."""

import time
from datetime import time as clock
from datetime import timedelta
from typing import Any

from ground import installation, people, timed, world

TRAINEES, GROUPS = 300, 30


def crowd() -> list[Any]:
    """300 members of 60 units of very different size, as they come."""
    from keyuan.logistics.rules.grouping import Member

    return [
        Member(n, f"单位{n * n % 61 % (1 + n % 60):02d}", "女" if n % 3 == 0 else "男", f"领域{n % 7}")
        for n in range(TRAINEES)
    ]


def dividing() -> None:
    """The art alone, without the database."""
    from keyuan.logistics.rules import grouping

    members = crowd()
    began = time.process_time()
    found = grouping.propose(members, GROUPS)
    spent = time.process_time() - began
    rows = grouping.spreads(((member.unit, found[member.key]) for member in members), GROUPS)
    uneven = sum(not row.is_even for row in rows)
    print(
        f"{TRAINEES} people into {GROUPS} groups: {spent * 1000:.0f} CPU-ms, {uneven} of {len(rows)} units not even"
    )


def arranged() -> None:
    """Everything through the actions, and every paper."""
    from keyuan.logistics import papers
    from keyuan.logistics.actions import grouping, lodging, riding, seating
    from keyuan.logistics.actions.lodging import RoomFacts
    from keyuan.logistics.papers.handbook import handbook_pdf
    from keyuan.people.models import Person
    from keyuan.training.models import Nomination, Session, TrainingClass

    ground = world(places=TRAINEES)
    klass, actor = ground.training_class, ground.actor
    made = people(ground.school, ground.units, TRAINEES)
    for at, person in enumerate(made):
        person.sex = "女" if at % 3 == 0 else "男"
    Person.objects.bulk_update(made, ["sex"])
    Nomination.objects.bulk_create(
        Nomination(
            training_class=klass, person=one, organisation=one.organisation, state="admitted", lodging=True
        )
        for one in made
    )
    TrainingClass.objects.filter(pk=klass.pk).update(taken=TRAINEES)
    for day in range(5):
        for half, starts in (("am", clock(9)), ("pm", clock(14, 30))):
            Session.objects.create(
                training_class=klass, school=klass.school, title="演示专题", date=klass.starts + timedelta(days=day),
                half=half, starts=starts, ends=clock(starts.hour + 2), hours=4, place="演示厅",
            )  # fmt: skip
    timed("groups proposed", lambda: grouping.propose_groups(actor, training_class=klass, count=GROUPS))
    rooms = [RoomFacts(str(301 + n)) for n in range(155)]
    timed("rooms put down", lambda: lodging.add_rooms(actor, training_class=klass, rooms=rooms))
    found = timed("rooms proposed", lambda: lodging.propose_rooms(actor, training_class=klass))
    assert len(found.beds) == TRAINEES  # noqa: S101 - measured work must be done
    facts = {"title": "去程", "date": klass.starts, "departs": clock(8), "start": "南站", "goal": "会场"}
    leg = riding.save_leg(actor, training_class=klass, facts=facts)
    riding.add_vehicles(actor, training_class=klass, leg_id=leg.pk, count=7, capacity=45)
    timed("cars proposed", lambda: riding.propose_rides(actor, training_class=klass, leg_id=leg.pk))
    layout = {"title": "开班式", "rows": 18, "columns": 20, "aisles": [5, 15], "kept_rows": 2}
    hall = seating.save_hall(actor, training_class=klass, facts=layout)
    timed(
        "seats proposed",
        lambda: seating.propose_seats(actor, training_class=klass, hall_id=hall.pk, way="group"),
    )
    for kind in papers.KINDS:
        timed(f"paper {kind.kind}", lambda kind=kind: papers.make(actor, klass, kind.kind))
    for size in ("a5", "a4"):
        content = timed(f"handbook {size}", lambda size=size: handbook_pdf(actor, klass, size=size))
        assert content.startswith(b"%PDF")  # noqa: S101 - measured work must be done


def main() -> None:
    """Measure both."""
    with installation():
        dividing()
        arranged()


if __name__ == "__main__":
    main()
