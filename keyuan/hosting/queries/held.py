"""What the room keeps about a person."""

from typing import Any

from keyuan.hosting.models import Lecturer
from keyuan.kernel.access import Actor
from keyuan.people.models import Person


def held_of(_actor: Actor, person: Person) -> list[dict[str, Any]]:
    """Where a person was named to lecture, for the own export (PIPL art. 45)."""
    rows = Lecturer.objects.filter(person=person).select_related("turn__rota", "turn__host").order_by("pk")
    return [
        {
            "承办活动": str(one.turn), "题目": one.topic, "日期": one.turn.day,
            "承办单位": one.turn.host.name if one.turn.host else "",
        }
        for one in rows
    ]  # fmt: skip
