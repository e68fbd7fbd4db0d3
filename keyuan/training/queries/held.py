"""What this room holds of a person, for the person's own export (PIPL art. 45)."""

from typing import Any

from keyuan.kernel.access import Actor, require
from keyuan.people.models import Person
from keyuan.training.models import Completion, Nomination, Session, TrainingClass


def held_of(actor: Actor, person: Person) -> dict[str, Any]:
    """Nominations with what became of them, how classes ended, lessons given, classes headed."""
    require(actor, "people.self", person)
    nominations = Nomination.objects.filter(person=person).select_related("training_class", "organisation")
    endings = Completion.objects.filter(nomination__person=person).select_related(
        "nomination__training_class"
    )
    lessons = Session.objects.filter(teacher=person).select_related("training_class").order_by("pk")
    return {
        "推荐报名": [
            {
                "班次": str(row.training_class), "推荐单位": str(row.organisation), "状态": str(row.get_state_display()),
                "说明": row.note, "审核意见": row.reason, "住宿": row.lodging, "组别": row.group,
            }
            for row in nominations.order_by("pk")
        ],
        "结业": [
            [str(row.nomination.training_class), "结业" if row.completed else "未结业", f"{row.hours}", row.reason, row.override_reason]
            for row in endings.order_by("pk")
        ],
        "授课": [[str(row.training_class), str(row)] for row in lessons],
        "担任班主任": [str(row) for row in TrainingClass.objects.filter(head_teacher=person).order_by("pk")],
    }  # fmt: skip
