"""Who sees which material and hand-in, and who may give out, set and read them; pure."""

from typing import Any

from django.db.models import F, Q, QuerySet

from keyuan.coursework.models import Enclosure, Material, Submission, Task, Version
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import EVERYBODY, OFFICE, Role
from keyuan.training.models import Nomination, Session, TrainingClass
from keyuan.training.rules import keeping
from keyuan.training.rules.keeping import class_of, keeps, kept_by

SHUT = frozenset({"closed", "cancelled"})


def attends(actor: Actor) -> QuerySet[TrainingClass]:
    """The classes whose papers this actor reads as a trainee: as long as contacts last, and until archiving."""
    return keeping.attends(actor).filter(archived_at=None)


def teaches(actor: Actor) -> QuerySet[Session]:
    """The sessions this actor teaches; a personal link makes its holder a trainee, teacher or not."""
    rows = Session.objects.filter(school_id=actor.school_id or 0)
    return rows.filter(teacher_id=actor.person_id) if actor.person_id is not None else rows.none()


@scope(Material)
def materials_i_see(actor: Actor, rows: QuerySet[Material]) -> QuerySet[Material]:
    """The office its school's, archived or not; a teacher those of the own sessions; a trainee those given out."""
    rows = rows.filter(training_class__school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection(OFFICE):
        return rows
    seen = Q(training_class__in=keeps(actor)) | Q(session__in=teaches(actor))
    seen |= Q(training_class__in=attends(actor), withdrawn_at=None)
    if Role.HEAD_TEACHER in actor.roles:
        seen |= Q(use=Material.Use.SCHOOL, withdrawn_at=None)
    return rows.filter(seen)


@scope(Task)
def tasks_i_see(actor: Actor, rows: QuerySet[Task]) -> QuerySet[Task]:
    """Who keeps the class all; its trainees those not taken back."""
    return rows.filter(
        Q(training_class__in=keeps(actor)) | Q(training_class__in=attends(actor), withdrawn_at=None)
    )


@scope(Submission)
def submissions_i_see(actor: Actor, rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """One's own; who keeps the class what has been handed in or excused, never a mere draft."""
    staff = Q(task__training_class__in=keeps(actor)) & (Q(number__gte=1) | Q(state="excused"))
    own = Q(nomination__person_id=actor.person_id or 0, task__training_class__in=attends(actor))
    return rows.filter(staff | own)


@scope(Version)
def versions_i_see(actor: Actor, rows: QuerySet[Version]) -> QuerySet[Version]:
    """With the work they belong to."""
    return rows.filter(submission__in=submissions_i_see(actor, Submission.objects.all()))


@scope(Enclosure)
def enclosures_i_see(actor: Actor, rows: QuerySet[Enclosure]) -> QuerySet[Enclosure]:
    """One's own; who keeps the class those of a version handed in."""
    staff = Q(submission__task__training_class__in=keeps(actor), since__lte=F("submission__number"))
    own = Q(submission__nomination__person_id=actor.person_id or 0)
    return rows.filter(staff | own & Q(submission__task__training_class__in=attends(actor)))


@rule(
    "coursework.see",
    title="查看班级课业",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班",
)
def may_see(actor: Actor, thing: Any) -> bool:
    """The registrar of the school, and the head teacher of the class."""
    training_class = class_of(thing)
    return training_class is None or kept_by(actor, training_class)


@rule(
    "coursework.manage",
    title="布置和审阅学习任务",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班；结班前",
)
def may_manage(actor: Actor, thing: Any) -> bool:
    """The same, while the class is neither closed nor cancelled."""
    training_class = class_of(thing)
    if training_class is None:
        return True
    return kept_by(actor, training_class) and training_class.state not in SHUT


@rule(
    "coursework.give",
    title="发放学习资料",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER, Role.TEACHER, Role.TRAINEE),
    limits="本校；班主任限本班，主讲限本人课次；归档前",
)
def may_give(actor: Actor, thing: Any) -> bool:
    """Who keeps the class until it is archived; a teacher for the own sessions until it is closed.

    A personal link makes the teacher who opens it a trainee: hence that role, which alone gives nothing.
    """
    training_class = class_of(thing)
    if training_class is None:
        return True
    if training_class.state == "cancelled" or training_class.archived_at is not None:
        return False
    if kept_by(actor, training_class):
        return True
    session = thing if isinstance(thing, Session) else getattr(thing, "session", None)
    own = session is not None and session.teacher_id is not None and session.teacher_id == actor.person_id
    return own and training_class.school_id == actor.school_id and training_class.state not in SHUT


@rule("coursework.hand_in", title="提交本人作业", roles=EVERYBODY, limits="本人；限已录取的班次；结班前")
def may_hand_in(actor: Actor, thing: Any) -> bool:
    """A trainee for oneself while the class is running."""
    if not isinstance(thing, Nomination | Submission):
        return thing is None
    row = thing if isinstance(thing, Nomination) else thing.nomination
    if row.state != Nomination.State.ADMITTED or row.training_class.state != "published":
        return False
    return row.person_id == actor.person_id and row.training_class.school_id == actor.school_id
