"""What this room holds of a person, for the person's own export (PIPL art. 45)."""

from typing import Any

from keyuan.kernel.access import Actor, require
from keyuan.people.models import Person
from keyuan.rotation.models import CohortMember, Exemption, ListedPerson


def held_of(actor: Actor, person: Person) -> dict[str, Any]:
    """Labels with their days, lists one stood on, exemptions, those taken back too."""
    require(actor, "people.self", person)
    labels = CohortMember.objects.filter(person=person).select_related("label").order_by("pk")
    listed = ListedPerson.objects.filter(person=person).select_related("requirement").order_by("pk")
    exempt = Exemption.objects.filter(person=person).select_related("requirement").order_by("pk")
    return {
        "人员标签": [[row.label.name, str(row.starts), str(row.ends or ""), row.note] for row in labels],
        "调训名单": [
            [row.requirement.title, str(row.since), row.note, str(row.removed_at or "")] for row in listed
        ],
        "免训": [
            [row.requirement.title, row.reason, str(row.until or ""), str(row.revoked_at or "")]
            for row in exempt
        ],
    }
