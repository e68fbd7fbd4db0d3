"""What the room keeps about a person."""

from typing import Any

from keyuan.duty.models import Duty
from keyuan.kernel.access import Actor
from keyuan.people.models import Person


def held_of(_actor: Actor, person: Person) -> list[dict[str, Any]]:
    """The duties of the person's terms with what was planned, proven, claimed and waived (PIPL art. 45)."""
    rows = Duty.objects.filter(term__holder=person).select_related("term__organisation", "term__post")
    rows = rows.prefetch_related("plans__training_class", "plans__session", "proofs", "claims", "exemptions")
    return [
        {
            "单位": row.term.organisation.name,
            "职务": str(row.term),
            "职责": str(row),
            "限期": str(row.due or row.term.deadline or ""),
            "安排": [
                [str(plan), str(plan.get_answer_display()), plan.cancel_reason] for plan in row.plans.all()
            ],
            "完成": [[proof.title, proof.held_on.isoformat(), proof.standing] for proof in row.proofs.all()],
            "举证": [[claim.title, claim.note, str(claim.get_state_display())] for claim in row.claims.all()],
            "免除": [[one.reason, one.revoke_reason] for one in row.exemptions.all()],
        }
        for row in rows.order_by("pk")
    ]
