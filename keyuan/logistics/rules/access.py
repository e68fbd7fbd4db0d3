"""Who sees which arrangement and answer, and who may arrange; pure."""

from typing import Any

from django.db.models import Model, Q, QuerySet

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
from keyuan.training.models import Nomination
from keyuan.training.rules.keeping import attends, class_of, keeps, kept_by


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


@rule(
    "logistics.see",
    title="查看班级会务",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班",
)
def may_see(actor: Actor, thing: Any) -> bool:
    """The registrar of the school, and the head teacher of the class."""
    training_class = class_of(thing)
    return training_class is None or kept_by(actor, training_class)


@rule(
    "logistics.arrange",
    title="安排班级会务",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班；结班前",
)
def may_arrange(actor: Actor, thing: Any) -> bool:
    """The same, while the class is neither closed nor cancelled."""
    training_class = class_of(thing)
    if training_class is None:
        return True
    return kept_by(actor, training_class) and training_class.state not in {"closed", "cancelled"}


@rule("logistics.answer", title="填写本人会务需要", roles=EVERYBODY, limits="本人；教务限本校，班主任限本班")
def may_answer(actor: Actor, thing: Any) -> bool:
    """A trainee for oneself while the class is open; registrar and head teacher for those of the class."""
    if not isinstance(thing, Nomination):
        return thing is None
    if thing.state != Nomination.State.ADMITTED or thing.training_class.state != "published":
        return False
    return thing.person_id == actor.person_id or kept_by(actor, thing.training_class)
