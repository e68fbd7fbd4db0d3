"""What the rooms below ask of this one: export and erasure."""

from keyuan.kernel import erasure
from keyuan.learning.models import Enrolment
from keyuan.learning.queries.held import held_of
from keyuan.people import actions as people

people.exports("在线学习", held_of)


@erasure.eraser
def forget(person_id: int) -> None:
    """What the person learnt goes with everything done in it."""
    Enrolment.objects.filter(person_id=person_id).delete()
