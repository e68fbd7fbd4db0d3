"""Who sees which person, and who may change whom."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.models import Merge, Person, Seat
from keyuan.people.roles import EVERYBODY, OFFICE, Role

# Rooms above add who else may see a person (a head teacher the trainees of the class).
REASONS: list[Any] = []


@scope(Person)
def persons_i_know(actor: Actor, rows: QuerySet[Person]) -> QuerySet[Person]:
    """The office sees its school's people; a liaison the unit's own; everybody themselves."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection((*OFFICE, Role.SECURITY_ADMIN)):
        return rows
    mine = Q(pk=actor.person_id or 0)
    if Role.LIAISON in actor.roles and actor.organisation_id:
        mine |= Q(organisation_id=actor.organisation_id or 0)
    for reason in REASONS:
        mine |= reason(actor)
    return rows.filter(mine)


@scope(Seat)
def seats_i_see(actor: Actor, rows: QuerySet[Seat]) -> QuerySet[Seat]:
    """Security administration sees the school's seats; everybody their own."""
    if Role.SECURITY_ADMIN in actor.roles or "system" in actor.roles:
        return rows.filter(school_id=actor.school_id or 0)
    return rows.filter(person_id=actor.person_id or 0)


def _same_school(actor: Actor, person: Person | None) -> bool:
    return bool(person is None or person.school_id == actor.school_id)


@rule(
    "people.add",
    title="登记人员",
    roles=(Role.REGISTRAR, Role.LIAISON, Role.SECURITY_ADMIN),
    limits="本校；联络员限本单位",
)
def may_add(actor: Actor, person: Person | None) -> bool:
    """The registrar and security administration anybody of the school; a liaison people of the own unit."""
    # The first account of an installation is a security administrator, who registers the first registrar.
    if actor.roles.intersection({"system", Role.REGISTRAR, Role.SECURITY_ADMIN}):
        return _same_school(actor, person)
    return person is None or bool(
        _same_school(actor, person) and person.organisation_id == actor.organisation_id
    )


@rule(
    "people.change",
    title="修改人员信息",
    roles=(Role.REGISTRAR, Role.LIAISON, Role.SECURITY_ADMIN),
    limits="本校；联络员限本单位",
)
def may_change(actor: Actor, person: Person | None) -> bool:
    """The same as for adding."""
    return may_add(actor, person)


@rule(
    "people.reveal",
    title="查看完整证件号码和手机号",
    roles=(Role.REGISTRAR, Role.LIAISON, Role.HEAD_TEACHER),
    limits="本校；联络员限本单位，班主任限本班学员",
)
def may_reveal(actor: Actor, person: Person | None) -> bool:
    """Whoever works with the person; every look is written down."""
    if person is None or Role.REGISTRAR in actor.roles:
        return _same_school(actor, person)
    if not _same_school(actor, person):
        return False
    if Role.LIAISON in actor.roles:
        return bool(person.organisation_id == actor.organisation_id)
    return bool(persons_i_know(actor, Person.objects.filter(pk=person.pk)).exists())


@rule(
    "people.export",
    title="导出人员名单",
    roles=(*OFFICE, Role.LIAISON, Role.SECURITY_ADMIN),
    limits="本校；联络员限本单位",
)
def may_export(_actor: Actor, _thing: None) -> bool:
    """Whoever works with the list; it holds the people one sees anyway, with masked numbers."""
    return True


@rule(
    "people.erase", title="注销个人信息", roles=(Role.REGISTRAR, Role.SECURITY_ADMIN), limits="本校；本人除外"
)
def may_erase(actor: Actor, person: Person | None) -> bool:
    """At the person's request, by the registrar or security administration; nobody erases themselves."""
    return _same_school(actor, person) and (person is None or person.pk != actor.person_id)


@scope(Merge)
def merges_i_see(actor: Actor, rows: QuerySet[Merge]) -> QuerySet[Merge]:
    """Who proposes and who approves, in their school."""
    if actor.roles.intersection({"system", Role.REGISTRAR, Role.SECURITY_ADMIN}):
        return rows.filter(school_id=actor.school_id or 0)
    return rows.none()


@rule("people.merge", title="提出人员合并", roles=(Role.REGISTRAR,), limits="本校")
def may_merge(actor: Actor, person: Person | None) -> bool:
    """The registrar, for records of the own school that are neither erased nor merged."""
    return _same_school(actor, person) and (
        person is None or (person.erased_at is None and person.merged_into_id is None)
    )


@rule(
    "people.merge_decide",
    title="复核和撤销人员合并",
    roles=(Role.REGISTRAR, Role.SECURITY_ADMIN),
    limits="本校；提出人不能复核自己提出的合并",
)
def may_decide_merge(actor: Actor, merge: Merge | None) -> bool:
    """A second person: another registrar or security administration."""
    if merge is None:
        return True
    own = merge.state == Merge.State.PROPOSED and merge.proposed_by_id == actor.person_id
    return merge.school_id == actor.school_id and not own


@rule("people.seats", title="授予和收回身份", roles=(Role.SECURITY_ADMIN,), limits="本校；本人除外")
def may_seat(actor: Actor, person: Person | None) -> bool:
    """Security administration, in its own school; nobody seats themselves."""
    return _same_school(actor, person) and (person is None or person.pk != actor.person_id)


@rule("people.audit", title="查阅操作日志", roles=(Role.AUDITOR,), limits="本校")
def may_audit(actor: Actor, _thing: Any) -> bool:
    """The audit administrator reads and never writes."""
    return actor.school_id is not None


@rule(
    "people.matrix",
    title="查看权限矩阵",
    roles=(Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN),
    limits="本校",
)
def may_see_matrix(actor: Actor, _thing: Any) -> bool:
    """The three administrators."""
    return actor.school_id is not None


@rule("people.self", title="办理本人事项", roles=EVERYBODY, limits="本人")
def may_act_for_self(actor: Actor, person: Person | None) -> bool:
    """Oneself only."""
    return person is None or person.pk == actor.person_id
