"""Who sees which course, and who makes, reviews and learns it; pure."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.kernel.access import Actor, rule, scope
from keyuan.learning.models import Course, Done, Edition, Enrolment, Item, Unit
from keyuan.people.roles import EVERYBODY, OFFICE, Role

MAKERS = (Role.REGISTRAR.value, Role.DEPARTMENT_HEAD.value, Role.TEACHER.value)
REVIEWERS = (*OFFICE, Role.TEACHER.value)


@scope(Course)
def courses_i_see(actor: Actor, rows: QuerySet[Course]) -> QuerySet[Course]:
    """Those with an edition one sees."""
    return rows.filter(pk__in=editions_i_see(actor, Edition.objects.all()).values("course_id"))


@scope(Edition)
def editions_i_see(actor: Actor, rows: QuerySet[Edition]) -> QuerySet[Edition]:
    """Who makes or reviews courses all of the school; a learner the published and the own."""
    rows = rows.filter(course__school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection(REVIEWERS):
        return rows
    own = Enrolment.objects.filter(person_id=actor.person_id or 0).values("edition_id")
    return rows.filter(Q(state=Edition.State.PUBLISHED) | Q(pk__in=own))


@scope(Unit)
def units_i_see(actor: Actor, rows: QuerySet[Unit]) -> QuerySet[Unit]:
    """With their edition."""
    return rows.filter(edition__in=editions_i_see(actor, Edition.objects.all()))


@scope(Item)
def items_i_see(actor: Actor, rows: QuerySet[Item]) -> QuerySet[Item]:
    """With their edition."""
    return rows.filter(unit__edition__in=editions_i_see(actor, Edition.objects.all()))


@scope(Enrolment)
def enrolments_i_see(actor: Actor, rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """One's own."""
    return rows.filter(person_id=actor.person_id or 0)


@scope(Done)
def done_i_see(actor: Actor, rows: QuerySet[Done]) -> QuerySet[Done]:
    """One's own."""
    return rows.filter(enrolment__person_id=actor.person_id or 0)


def _of_school(actor: Actor, thing: Any) -> bool:
    course = thing.course if isinstance(thing, Edition) else thing
    return isinstance(course, Course) and course.school_id == actor.school_id


@rule("learning.make", title="编写网络课程", roles=MAKERS, limits="本校；限本人编写的版次")
def may_make(actor: Actor, thing: Any) -> bool:
    """A new course or edition anybody of these; an edition its maker alone, so that no reviewer wrote in it."""
    if thing is None:
        return actor.person_id is not None
    if isinstance(thing, Edition) and thing.made_by_id != actor.person_id:
        return False
    return _of_school(actor, thing)


@rule("learning.review", title="审核网络课程", roles=REVIEWERS, limits="本校；编写人除外，三审各为一人")
def may_review(actor: Actor, thing: Any) -> bool:
    """Neither who made the edition nor who reviewed it before."""
    if not isinstance(thing, Edition):
        return thing is None
    earlier = (thing.made_by_id, thing.first_by_id, thing.second_by_id)
    return _of_school(actor, thing) and actor.person_id is not None and actor.person_id not in earlier


@rule("learning.withdraw", title="下架网络课程", roles=(Role.REGISTRAR,), limits="本校")
def may_withdraw(actor: Actor, thing: Any) -> bool:
    """The registrar of the school."""
    return thing is None or _of_school(actor, thing)


@rule("learning.learn", title="学习网络课程", roles=EVERYBODY, limits="本人；限本校课程")
def may_learn(actor: Actor, thing: Any) -> bool:
    """Somebody known, at the own school."""
    return actor.person_id is not None and (thing is None or _of_school(actor, thing))
