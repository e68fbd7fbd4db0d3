"""Who sees which arrangement and answer, and who may arrange; pure."""

from datetime import timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from keyuan.kernel.access import Actor, rule, scope
from keyuan.logistics.models import (
    Answer,
    Arrangement,
    Diner,
    Group,
    GroupLock,
    Hall,
    Leg,
    MealTable,
    Post,
    Ride,
    Room,
    Seat,
    Stay,
    Vehicle,
    Wish,
)
from keyuan.people.roles import EVERYBODY, Role
from keyuan.training.models import Nomination, TrainingClass

# 干部教育培训学员管理规定 (2013): no alumni circles; a class's contacts end with the class, a month of grace.
CONTACT_DAYS = 30


def keeps(actor: Actor) -> QuerySet[TrainingClass]:
    """The classes this actor looks after: a registrar the school's, a head teacher the own."""
    rows = TrainingClass.objects.filter(school_id=actor.school_id or 0)
    if actor.roles.intersection({"system", Role.REGISTRAR}):
        return rows
    if Role.HEAD_TEACHER in actor.roles:
        return rows.filter(head_teacher_id=actor.person_id or 0)
    return rows.none()


def attends(actor: Actor) -> QuerySet[TrainingClass]:
    """The classes this actor was admitted to, until thirty days after closing."""
    if actor.person_id is None:
        return TrainingClass.objects.none()
    mine = Nomination.objects.filter(person_id=actor.person_id, state=Nomination.State.ADMITTED)
    rows = TrainingClass.objects.filter(school_id=actor.school_id or 0, pk__in=mine.values("training_class"))
    recent = Q(state="closed", closed_at__gt=timezone.now() - timedelta(days=CONTACT_DAYS))
    return rows.filter(Q(state="published") | recent)


def _told(actor: Actor, part: str) -> QuerySet[Any]:
    rows = Arrangement.objects.filter(training_class__in=attends(actor)).exclude(**{f"{part}_told_at": None})
    return rows.values("training_class")


def _scoped(model: type[Model], path: str, part: str) -> None:
    """Staff see all of the classes they keep; a trainee of the class sees it once that part has been told."""

    def seen(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        staff = Q(**{f"{path}__in": keeps(actor)})
        return rows.filter(staff | Q(**{f"{path}__in": _told(actor, part)}))

    scope(model)(seen)


for _model, _path, _part in (
    (Group, "training_class", "groups"),
    (Post, "training_class", "groups"),
    (Room, "training_class", "rooms"),
    (Stay, "room__training_class", "rooms"),
    (Leg, "training_class", "rides"),
    (Vehicle, "leg__training_class", "rides"),
    (Ride, "leg__training_class", "rides"),
    (Hall, "training_class", "seats"),
    (Seat, "hall__training_class", "seats"),
    (MealTable, "training_class", "tables"),
    (Diner, "table__training_class", "tables"),
):
    _scoped(_model, _path, _part)


@scope(Arrangement)
def arrangements_i_see(actor: Actor, rows: QuerySet[Arrangement]) -> QuerySet[Arrangement]:
    """Those of the classes one keeps or attends."""
    return rows.filter(Q(training_class__in=keeps(actor)) | Q(training_class__in=attends(actor)))


@scope(Answer)
def answers_i_see(actor: Actor, rows: QuerySet[Answer]) -> QuerySet[Answer]:
    """Who looks after the class, and oneself; nobody else of the office needs them."""
    staff = Q(nomination__training_class__in=keeps(actor))
    return rows.filter(staff | Q(nomination__person_id=actor.person_id or 0))


@scope(Wish)
def wishes_i_see(actor: Actor, rows: QuerySet[Wish]) -> QuerySet[Wish]:
    """Who looks after the class, and oneself."""
    staff = Q(nomination__training_class__in=keeps(actor))
    return rows.filter(staff | Q(nomination__person_id=actor.person_id or 0))


@scope(GroupLock)
def locks_i_see(actor: Actor, rows: QuerySet[GroupLock]) -> QuerySet[GroupLock]:
    """Who looks after the class."""
    return rows.filter(nomination__training_class__in=keeps(actor))


def handbooks_i_see(actor: Actor) -> QuerySet[Arrangement]:
    """Whose files one takes: staff always, a trainee once the handbook has been told and until it expires."""
    rows = Arrangement.objects.all()
    return rows.filter(Q(training_class__in=keeps(actor)) | Q(training_class__in=_told(actor, "handbook")))


def _class_of(thing: Any) -> TrainingClass | None:
    if thing is None or isinstance(thing, TrainingClass):
        return thing
    found: TrainingClass = thing.training_class
    return found


def _kept_by(actor: Actor, training_class: TrainingClass) -> bool:
    if training_class.school_id != actor.school_id:
        return False
    if actor.roles.intersection({"system", Role.REGISTRAR}):
        return True
    return Role.HEAD_TEACHER in actor.roles and training_class.head_teacher_id == actor.person_id


@rule(
    "logistics.see",
    title="查看班级会务",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班",
)
def may_see(actor: Actor, thing: Any) -> bool:
    """The registrar of the school, and the head teacher of the class."""
    training_class = _class_of(thing)
    return training_class is None or _kept_by(actor, training_class)


@rule(
    "logistics.arrange",
    title="安排班级会务",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班；结班前",
)
def may_arrange(actor: Actor, thing: Any) -> bool:
    """The same, while the class is neither closed nor cancelled."""
    training_class = _class_of(thing)
    if training_class is None:
        return True
    return _kept_by(actor, training_class) and training_class.state not in {"closed", "cancelled"}


@rule("logistics.answer", title="填写本人会务需要", roles=EVERYBODY, limits="本人；教务限本校，班主任限本班")
def may_answer(actor: Actor, thing: Any) -> bool:
    """A trainee for oneself while the class is open; registrar and head teacher for those of the class."""
    if not isinstance(thing, Nomination):
        return thing is None
    if thing.state != Nomination.State.ADMITTED or thing.training_class.state != "published":
        return False
    return thing.person_id == actor.person_id or _kept_by(actor, thing.training_class)
