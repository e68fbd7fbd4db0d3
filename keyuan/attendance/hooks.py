"""What the rooms below ask of this one: what it holds of a person, and what it forgets of one."""

from keyuan.attendance.models import Claim, Leave
from keyuan.attendance.queries.held import held_of
from keyuan.kernel import erasure
from keyuan.people import actions as people

ERASED = "（已注销）"

people.exports("考勤", held_of)


@erasure.eraser
def forget(person_id: int) -> None:
    """Why somebody was away or late is theirs; that they were is the class's record and stays without it.

    Changes of marks are written once and stay, as the evidence of hours.
    """
    Leave.objects.filter(person_id=person_id).update(reason=ERASED)
    Claim.objects.filter(expected__person_id=person_id).update(reason=ERASED)
