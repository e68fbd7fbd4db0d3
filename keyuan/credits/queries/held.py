"""What this room holds of a person, for the person's own export (PIPL art. 45)."""

from typing import Any

from keyuan.credits.models import Certificate, Posting
from keyuan.kernel.access import Actor, require
from keyuan.people.models import Person


def held_of(actor: Actor, person: Person) -> dict[str, Any]:
    """Every line of the ledger and every certificate, revoked ones too."""
    require(actor, "people.self", person)
    lines = Posting.objects.filter(account__person=person).select_related("lot").order_by("seq")
    certificates = Certificate.objects.filter(person=person).order_by("pk")
    return {
        "学时台账": [
            [f"{line.lot.earned_on}", line.lot.title, f"{line.amount:+}", line.reason] for line in lines
        ],
        "证书": [
            [row.number, row.title, row.holder_name, f"{row.hours}", str(row.get_state_display())]
            for row in certificates
        ],
    }
