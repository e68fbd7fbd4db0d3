"""What the rooms below ask of this one: files, the own export, erasure; links on their pages."""

from typing import Any

from django.db.models import QuerySet

from keyuan.kernel import erasure, files
from keyuan.kernel.access import Actor, visible
from keyuan.people import actions as people
from keyuan.supervision.actions.working import OWNER
from keyuan.supervision.models import Digest, Item
from keyuan.supervision.queries.held import held_of


def _items(actor: Actor) -> QuerySet[Any]:
    return visible(actor, Item)


files.owner(OWNER, _items)
people.exports("督办", held_of)


@erasure.eraser
def forget(person_id: int) -> None:
    """Digests go, and nobody is named as answering any more; the unit stays answerable, what was done stays done."""
    Digest.objects.filter(person_id=person_id).delete()
    Item.objects.filter(owner_person_id=person_id).update(owner_person=None)
