"""Large sheets: where everybody sits, and sheets to sign for each half-day."""

from typing import Any

from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.papers import press
from keyuan.kernel.papers.timetable import day_words
from keyuan.logistics.queries import boards, seating
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import versions

# Beyond these an A4 page on its side leaves a name less than 13 mm.
A4_COLUMNS, A4_ROWS = 18, 14
UNSIGNED = (Session.Kind.SELF_STUDY,)


def seat_plans(actor: Actor, training_class: TrainingClass) -> bytes:
    """One page a hall (座次表), the stage at the foot, as the room is seen by those who sit."""
    halls = [seating.plan_of(actor, hall) for hall in seating.halls_of(actor, training_class)]
    if not halls:
        raise Fault("还没有登记会场，请先在座次页添加。")
    return press.pdf("seatplan", {"title": training_class.title, "halls": [_hall(plan) for plan in halls]})


def _hall(plan: seating.Plan) -> dict[str, Any]:
    hall = plan.hall
    large = hall.columns > A4_COLUMNS or hall.rows > A4_ROWS
    return {
        "title": hall.title,
        "paper": "a3" if large else "a4",
        "columns": hall.columns,
        "aisles": hall.aisles,
        "rows": [
            {
                "number": at,
                "kept": at <= hall.kept_rows,
                "names": [cell.card.name if cell.card else "" for cell in row],
            }
            for at, row in enumerate(plan.rows, 1)
        ],
        "note": f"共 {plan.placed} 人" + (f"，另有 {len(plan.waiting)} 人未排座" if plan.waiting else ""),
    }


def half_days(training_class: TrainingClass) -> list[dict[str, str]]:
    """The half-days that are signed for, each with what is taught and where."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for session in versions.standing(training_class):
        if session.kind in UNSIGNED:
            continue
        key = (session.date.isoformat(), session.half)
        words = f"{session.starts:%H:%M} {session.title}"
        if key in found:
            found[key]["what"] += f"；{words}"
        else:
            found[key] = {
                "when": f"{day_words(session.date)}{session.get_half_display()}", "what": words, "place": session.place,
            }  # fmt: skip
    return list(found.values())


def sign_in(actor: Actor, training_class: TrainingClass) -> bytes:
    """A sheet to sign for each half-day (签到表), in the order of units, two columns a page."""
    halves = half_days(training_class)
    if not halves:
        raise Fault("课程表还是空的，请先排课再打印签到表。")
    people = [
        {"name": row.person.name, "unit": str(row.organisation), "group": str(row.group or "")}
        for row in boards.trainees(training_class)
    ]
    return press.pdf("signin", {"title": f"{training_class.title}签到表", "halves": halves, "people": people})
