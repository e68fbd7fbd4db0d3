"""What the rooms below ask of this one, and what it says itself against the removal of an activity."""

from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor
from keyuan.people import actions as people
from keyuan.people.models import Person
from keyuan.plan.models import KeyActivity, Milestone
from keyuan.plan.queries import removal_check


def held_of(_actor: Actor, person: Person) -> list[dict[str, Any]]:
    """The activities and milestones a person answers for, for the own export (PIPL art. 45)."""
    activities = KeyActivity.objects.filter(owner=person).select_related("plan")
    milestones = Milestone.objects.filter(owner=person).select_related("activity__plan")
    return [
        *({"年度": row.plan.year, "重点活动": row.name, "里程碑": "", "应完成": ""} for row in activities),
        *(
            {
                "年度": row.activity.plan.year,
                "重点活动": row.activity.name,
                "里程碑": row.name,
                "应完成": row.due.isoformat(),
            }
            for row in milestones
        ),
    ]


people.exports("负责的计划", held_of)


@removal_check
def followed(activity: KeyActivity) -> str:
    """An activity with milestones or lessons stays: what people wrote down is not lost with a new annex."""
    milestones, lessons = activity.milestones.count(), activity.lessons.count()
    if not milestones and not lessons:
        return ""
    words = _("已登记 %(m)s 个里程碑、%(l)s 条经验教训，不能随导入删除。")
    return words % {"m": milestones, "l": lessons}
