"""Who staffs and who taught a class or a session, as attendance and evaluation ask."""

from typing import Any

from django.db.models import QuerySet

from keyuan.attendance import rules as attendance
from keyuan.evaluation import rules as evaluation
from keyuan.kernel.access import Actor
from keyuan.people.roles import Role
from keyuan.training.models import Session, TrainingClass

CLASS, SESSION = "training.class", "training.session"


def _headed(actor: Actor) -> QuerySet[TrainingClass]:
    if Role.HEAD_TEACHER not in actor.roles:
        return TrainingClass.objects.none()
    return TrainingClass.objects.filter(head_teacher_id=actor.person_id, school_id=actor.school_id or 0)


@attendance.staff_of(CLASS)
def classes_i_keep(actor: Actor) -> QuerySet[Any]:
    """The classes whose attendance a head teacher keeps."""
    return _headed(actor).values("pk")


@attendance.title_of(CLASS)
def title_of_class(owner_id: int) -> str:
    """How a class is called on attendance screens."""
    return str(TrainingClass.objects.filter(pk=owner_id).values_list("title", flat=True).first() or "")


@evaluation.staff_of(CLASS)
def classes_i_evaluate(actor: Actor) -> QuerySet[Any]:
    """The classes whose evaluation a head teacher runs."""
    return _headed(actor).values("pk")


@evaluation.staff_of(SESSION)
def sessions_i_evaluate(actor: Actor) -> QuerySet[Any]:
    """The sessions whose evaluation a head teacher runs."""
    return Session.objects.filter(training_class__in=_headed(actor)).values("pk")


@evaluation.teachers_of(SESSION)
def sessions_i_taught(actor: Actor) -> QuerySet[Any]:
    """The sessions somebody taught."""
    return Session.objects.filter(teacher_id=actor.person_id).values("pk")


@evaluation.teachers_of(CLASS)
def classes_i_taught(actor: Actor) -> QuerySet[Any]:
    """The classes somebody taught in."""
    return Session.objects.filter(teacher_id=actor.person_id).values("training_class_id")
