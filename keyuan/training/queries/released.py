"""The timetable as it was released last: what trainees, teachers and calendars see of it."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from keyuan.kernel.access import Actor, visible
from keyuan.people.roles import OFFICE, Role
from keyuan.training.models import ReleasedSession, Session, TrainingClass

FACTS = ("kind", "title", "date", "half", "starts", "ends", "teacher_id", "place", "hours")


def holding(actor: Actor) -> QuerySet[ReleasedSession]:
    """The released sessions that are held, as far as the actor sees them, in order of time."""
    rows = visible(actor, ReleasedSession).filter(cancelled_at=None)
    return rows.select_related("session", "training_class", "teacher__organisation").order_by(
        "date", "starts", "number"
    )


def shown(rows: Iterable[ReleasedSession]) -> list[Session]:
    """Rows of `holding` as sessions with the facts that were released, whatever is being changed; never to be saved."""
    return [_shown(row) for row in rows]


def _shown(row: ReleasedSession) -> Session:
    live = row.session
    told = {name: getattr(row, name) for name in FACTS}
    found = Session(
        pk=row.number, training_class_id=row.training_class_id, school_id=row.school_id, released=True,
        sitting_id=row.sitting_id, form_id=live.form_id if live else None, **told,
    )  # fmt: skip
    if live is not None and live.teacher_id == row.teacher_id:
        found.teacher_answer = live.teacher_answer
    found.training_class, found.teacher = row.training_class, row.teacher
    return found


def sees_draft(actor: Actor, training_class: TrainingClass) -> bool:
    """Whether one sees the timetable as it is worked on: the office, and the head teacher of the class."""
    if actor.roles.intersection((*OFFICE, "system")):
        return True
    return Role.HEAD_TEACHER in actor.roles and training_class.head_teacher_id == actor.person_id


def released_of(actor: Actor, training_class: TrainingClass) -> list[Session]:
    """The sessions of a class as released, in order."""
    return shown(holding(actor).filter(training_class=training_class))


def coming(actor: Actor, *, days: int = 30) -> list[Session]:
    """The actor's own sessions from today, as trainee or teacher, the next first, as they were released."""
    today = timezone.localdate()
    mine = Q(
        training_class__nominations__person_id=actor.person_id or 0,
        training_class__nominations__state="admitted",
    )
    rows = holding(actor).filter(mine | Q(teacher_id=actor.person_id or 0))
    rows = rows.filter(date__range=(today, today + timedelta(days=days)))
    return shown(rows.exclude(training_class__state=TrainingClass.State.CANCELLED).distinct())
