"""What the rooms below ask of this one: the own export, and erasure."""

from keyuan.kernel import erasure
from keyuan.people import actions as people
from keyuan.rotation.models import CohortMember, Exemption, ListedPerson
from keyuan.rotation.queries.held import held_of

people.exports("轮训调训", held_of)


@erasure.eraser
def forget(person_id: int) -> None:
    """Labels and notes go; that somebody was exempt or listed stays, without the reason and without a name."""
    CohortMember.objects.filter(person_id=person_id).delete()
    ListedPerson.objects.filter(person_id=person_id).update(note="")
    Exemption.objects.filter(person_id=person_id).update(reason="已注销")
