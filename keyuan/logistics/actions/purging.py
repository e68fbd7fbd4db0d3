"""Forgetting what was asked for a class only: at its shelving, and when a person is erased."""

from django.db import transaction
from django.utils import timezone

from keyuan.kernel import audit, erasure, files
from keyuan.kernel.access import Actor, require, system_of
from keyuan.logistics.models import Answer, Arrangement, Leg, Post, Vehicle, Wish
from keyuan.logistics.queries.needs import due_for_purge
from keyuan.training.models import TrainingClass

audit.sentence(
    "logistics.purged", "清除会务需要：{thing}，{answers} 人的回答、{posts} 个支部职务、{wishes} 条同住意愿"
)

OWNER = "logistics.Arrangement"


@transaction.atomic
def purge(actor: Actor, *, arrangement: Arrangement) -> int:
    """Delete answers, wishes, posts of the branch, drivers' phones and handbooks of a class; how many answers.

    The audit line says how many, never whose. Purging again finds nothing.
    """
    held = TrainingClass.objects.select_for_update().get(pk=arrangement.training_class_id)
    require(actor, "logistics.see", held)
    answers = Answer.objects.filter(nomination__training_class=held)
    posts = Post.objects.filter(training_class=held, kind__in=Post.BRANCH)
    wishes = Wish.objects.filter(nomination__training_class=held)
    counts = {"answers": answers.count(), "posts": posts.count(), "wishes": wishes.count()}
    for rows in (answers, posts, wishes):
        rows.delete()
    Vehicle.objects.filter(leg__in=Leg.objects.filter(training_class=held)).update(driver="")
    for stored in files.of(OWNER, arrangement.pk):
        files.drop(actor, stored=stored)
    Arrangement.objects.filter(pk=arrangement.pk).update(purged_at=timezone.now(), handbook_id=None)
    audit.record(actor, "logistics.purged", held, **counts)
    return counts["answers"]


def forget_class(training_class: TrainingClass) -> None:
    """Purge a class that is put on the shelf, should its time not have come before."""
    waiting = Arrangement.objects.filter(training_class=training_class, purged_at=None)
    for arrangement in waiting.select_related("training_class"):
        purge(system_of(training_class.school_id), arrangement=arrangement)


def due() -> list[Arrangement]:
    """Whose time has come."""
    return list(due_for_purge().select_related("training_class"))


@erasure.eraser
def forget(person_id: int) -> None:
    """What somebody needed, wished and was in the branch goes with them."""
    Answer.objects.filter(nomination__person_id=person_id).delete()
    Wish.objects.filter(nomination__person_id=person_id).delete()
    Wish.objects.filter(other__person_id=person_id).delete()
    Post.objects.filter(nomination__person_id=person_id, kind__in=Post.BRANCH).delete()
