"""Who looks after a class and who attends it, as the rooms above training ask; pure."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DurationField, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from keyuan.kernel.access import Actor
from keyuan.people.roles import Role
from keyuan.training.models import ClassPolicy, Nomination, TrainingClass


class Days(Func):
    """A number of days as a duration; Django multiplies no durations on SQLite, which holds them in microseconds."""

    template = "(%(expressions)s * 86400000000)"
    output_field = DurationField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """An interval."""
        return self.as_sql(compiler, connection, template="make_interval(days => %(expressions)s)")


def class_of(thing: Any) -> TrainingClass | None:
    """The class a thing belongs to; the thing itself where it is one."""
    if thing is None or isinstance(thing, TrainingClass):
        return thing
    found: TrainingClass = thing.training_class
    return found


def kept_by(actor: Actor, training_class: TrainingClass) -> bool:
    """Whether the actor looks after the class: a registrar of the school, or its head teacher."""
    if training_class.school_id != actor.school_id:
        return False
    if actor.roles.intersection({"system", Role.REGISTRAR}):
        return True
    return Role.HEAD_TEACHER in actor.roles and training_class.head_teacher_id == actor.person_id


def keeps(actor: Actor) -> QuerySet[TrainingClass]:
    """The classes this actor looks after: a registrar the school's, a head teacher the own."""
    rows = TrainingClass.objects.filter(school_id=actor.school_id or 0)
    if actor.roles.intersection({"system", Role.REGISTRAR}):
        return rows
    if Role.HEAD_TEACHER in actor.roles:
        return rows.filter(head_teacher_id=actor.person_id or 0)
    return rows.none()


def attends(actor: Actor) -> QuerySet[TrainingClass]:
    """The classes this actor was admitted to, from publication until the school's contact days after closing.

    How many days those are is the policy that held at the end of the class (`ClassPolicy.contact_days`).
    Source: 干部教育培训学员管理规定 (2013), no alumni circles.
    """
    if actor.person_id is None:
        return TrainingClass.objects.none()
    mine = Nomination.objects.filter(person_id=actor.person_id, state=Nomination.State.ADMITTED)
    rows = TrainingClass.objects.filter(school_id=actor.school_id or 0, pk__in=mine.values("training_class"))
    recent = Q(state=TrainingClass.State.CLOSED, closed_at__gt=Value(timezone.now()) - _grace())
    return rows.filter(Q(state=TrainingClass.State.PUBLISHED) | recent)


def _grace() -> Days:
    """The contact days of a class, by the policy of its school at its end."""
    held = ClassPolicy.objects.filter(
        school_id=OuterRef("school_id"), valid_from__lte=OuterRef("ends")
    ).order_by("-valid_from")
    usual = ClassPolicy._meta.get_field("contact_days").default
    return Days(Coalesce(Subquery(held.values("contact_days")[:1]), Value(usual)))
