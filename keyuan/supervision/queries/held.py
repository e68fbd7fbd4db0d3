"""What the room keeps about a person."""

from typing import Any

from keyuan.kernel.access import Actor
from keyuan.people.models import Person
from keyuan.supervision.models import Digest, Item


def held_of(_actor: Actor, person: Person) -> list[dict[str, Any]]:
    """The items a person answers for and the digests sent to them, for the own export (PIPL art. 45)."""
    items = Item.objects.filter(owner_person=person).select_related("owner")
    digests = Digest.objects.filter(person=person)
    return [
        *(
            {
                "督办事项": str(row), "责任单位": row.owner.name, "办结期限": row.deadline.isoformat(),
                "状态": row.get_state_display(),
            }
            for row in items
        ),
        *({"督办通报": row.week.isoformat(), "内容": row.facts} for row in digests),
    ]  # fmt: skip
