"""What this room holds of a person, for the person's own export (PIPL art. 45)."""

from typing import Any

from keyuan.coursework.models import Material, Submission
from keyuan.coursework.queries.handins import versions_of
from keyuan.kernel.access import Actor, require
from keyuan.people.models import Person


def held_of(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """A record a task written on, with every version and the names of files; and the materials uploaded."""
    require(actor, "people.self", person)
    rows = Submission.objects.filter(nomination__person=person).order_by("pk")
    found: list[dict[str, Any]] = [
        {
            "班次": str(row.task.training_class), "任务": row.task.title, "状态": str(row.get_state_display()),
            "正文": row.text, "同意收入汇编": "是" if row.consent else "否", "说明": row.reason,
            "历次稿件": [
                {"稿次": sent.version.number, "时间": sent.version.at.isoformat(), "正文": sent.version.text, "附件": [one.name for one in sent.files]}
                for sent in versions_of(row)
            ],
        }
        for row in rows.select_related("task__training_class")
    ]  # fmt: skip
    given = Material.objects.filter(added_by=person).order_by("pk").select_related("training_class")
    return found + [{"班次": str(row.training_class), "上传的学习资料": row.title} for row in given]
