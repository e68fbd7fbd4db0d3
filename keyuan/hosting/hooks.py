"""What the rooms below ask of this one: files, the own export, erasure."""

from typing import Any

from django.db.models import QuerySet

from keyuan.hosting.actions.hosting import FILES, PROOFS
from keyuan.hosting.models import Lecturer, Task, Turn
from keyuan.hosting.queries.held import held_of
from keyuan.hosting.rules import works_on
from keyuan.kernel import erasure, files
from keyuan.kernel.access import Actor, visible
from keyuan.people import actions as people


def _turns(actor: Actor) -> QuerySet[Any]:
    return visible(actor, Turn).filter(works_on(actor))


def _tasks(actor: Actor) -> QuerySet[Any]:
    return visible(actor, Task)


files.owner(FILES, _turns)
files.owner(PROOFS, _tasks)
people.exports("承办轮值", held_of)


@erasure.eraser
def forget(person_id: int) -> None:
    """Who was only invited and never lectured is taken off; that a lecture was given stays, by number."""
    Lecturer.objects.filter(person_id=person_id, proven=False).exclude(turn__state="done").delete()
