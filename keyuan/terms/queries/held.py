"""What the room keeps about a person."""

from typing import Any

from keyuan.kernel.access import Actor
from keyuan.people.models import Person
from keyuan.terms.models import Term


def held_of(_actor: Actor, person: Person) -> list[dict[str, Any]]:
    """The person's terms, those taken back too, for the own export (PIPL art. 45)."""
    rows = Term.objects.filter(holder=person).select_related("organisation", "post")
    return [
        {
            "单位": row.organisation.name,
            "职务": str(row),
            "任职起": row.starts.isoformat(),
            "届满": str(row.deadline or ""),
            "离任": str(row.ends or ""),
            "产生方式": row.get_began_display(),
            "离任方式": row.get_ended_display(),
            "已撤销": row.withdrawn_at is not None,
        }
        for row in rows
    ]
