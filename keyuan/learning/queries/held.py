"""What this room holds of a person, for the person's own export (PIPL art. 45)."""

from typing import Any

from keyuan.kernel.access import Actor, require
from keyuan.learning.models import Enrolment
from keyuan.people.models import Person


def held_of(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """A record a course taken up, with every item done."""
    require(actor, "people.self", person)
    rows = Enrolment.objects.filter(person=person).order_by("pk").select_related("edition__course")
    return [
        {
            "课程": str(row.edition), "选课时间": row.at.isoformat(),
            "学完时间": row.finished_at.isoformat() if row.finished_at else "",
            "已学内容": [{"标题": one.item.title, "时间": one.at.isoformat()} for one in row.done.all()],
        }
        for row in rows.prefetch_related("done__item")
    ]  # fmt: skip
