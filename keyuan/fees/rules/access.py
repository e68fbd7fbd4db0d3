"""Who sees which figures and who acts on them; pure."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.approvals.rules import APPROVERS
from keyuan.fees.models import (
    Budget,
    BudgetVersion,
    BundleTick,
    FeeStandard,
    LectureFee,
    PayAccount,
    Settlement,
    TeacherRank,
    Withholding,
)
from keyuan.fees.rules.approving import has_been_heard
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import EVERYBODY, OFFICE, Role
from keyuan.training.models import TrainingClass

READERS = (*OFFICE, Role.HEAD_TEACHER.value, Role.AUDITOR.value)


def _has(actor: Actor, *roles: str) -> bool:
    return "system" in actor.roles or bool(actor.roles.intersection(roles))


@scope(FeeStandard)
def standards_i_see(actor: Actor, rows: QuerySet[FeeStandard]) -> QuerySet[FeeStandard]:
    """Rules are no secret: the office, head teachers and the auditor read their school's."""
    return rows.filter(school_id=actor.school_id or 0) if _has(actor, *READERS) else rows.none()


@scope(Withholding)
def withholdings_i_see(actor: Actor, rows: QuerySet[Withholding]) -> QuerySet[Withholding]:
    """The same as for standards."""
    return rows.filter(school_id=actor.school_id or 0) if _has(actor, *READERS) else rows.none()


def _of_my_classes(actor: Actor, path: str) -> Q:
    """Registrar, leader and auditor the school's; a department's head those it leads; a head teacher the own."""
    if _has(actor, Role.REGISTRAR, Role.LEADER, Role.AUDITOR):
        return Q()
    mine = Q(pk__in=[])
    if Role.DEPARTMENT_HEAD in actor.roles:
        mine |= Q(**{f"{path}__department_id": actor.organisation_id or 0})
    if Role.HEAD_TEACHER in actor.roles:
        mine |= Q(**{f"{path}__head_teacher_id": actor.person_id or 0})
    return mine


@scope(Budget)
def budgets_i_see(actor: Actor, rows: QuerySet[Budget]) -> QuerySet[Budget]:
    """By the class they belong to."""
    return rows.filter(_of_my_classes(actor, "training_class"), school_id=actor.school_id or 0)


@scope(BudgetVersion)
def versions_i_see(actor: Actor, rows: QuerySet[BudgetVersion]) -> QuerySet[BudgetVersion]:
    """With their budget."""
    return rows.filter(budget__in=budgets_i_see(actor, Budget.objects.all()))


@scope(Settlement)
def settlements_i_see(actor: Actor, rows: QuerySet[Settlement]) -> QuerySet[Settlement]:
    """With their budget."""
    return rows.filter(budget__in=budgets_i_see(actor, Budget.objects.all()))


@scope(BundleTick)
def ticks_i_see(actor: Actor, rows: QuerySet[BundleTick]) -> QuerySet[BundleTick]:
    """By the class they belong to."""
    rows = rows.filter(training_class__school_id=actor.school_id or 0)
    return rows.filter(_of_my_classes(actor, "training_class"))


@scope(LectureFee)
def fees_i_see(actor: Actor, rows: QuerySet[LectureFee]) -> QuerySet[LectureFee]:
    """Registrar and leader the school's; a department's head those it pays; a teacher the own, once sent.

    What single persons earn is nobody else's business, not the auditor's either.
    """
    rows = rows.filter(school_id=actor.school_id or 0)
    if _has(actor, Role.REGISTRAR, Role.LEADER):
        return rows
    mine = Q(person_id=actor.person_id or 0) & ~Q(state="draft")
    if Role.DEPARTMENT_HEAD in actor.roles:
        mine |= Q(training_class__department_id=actor.organisation_id or 0)
    return rows.filter(mine)


@scope(TeacherRank)
def ranks_i_see(actor: Actor, rows: QuerySet[TeacherRank]) -> QuerySet[TeacherRank]:
    """Whoever pays; a teacher the own."""
    rows = rows.filter(person__school_id=actor.school_id or 0)
    return rows if _has(actor, *OFFICE) else rows.filter(person_id=actor.person_id or 0)


@scope(PayAccount)
def accounts_i_see(actor: Actor, rows: QuerySet[PayAccount]) -> QuerySet[PayAccount]:
    """The registrar who pays; a person the own."""
    rows = rows.filter(person__school_id=actor.school_id or 0)
    return rows if _has(actor, Role.REGISTRAR) else rows.filter(person_id=actor.person_id or 0)


def class_of(thing: Any) -> TrainingClass | None:
    """The class a budget, settlement or slip belongs to."""
    if thing is None or isinstance(thing, TrainingClass):
        return thing
    found: TrainingClass = (
        thing.budget.training_class if isinstance(thing, Settlement) else thing.training_class
    )
    return found


def _in_my_school(actor: Actor, thing: Any) -> bool:
    training_class = class_of(thing)
    return training_class is None or training_class.school_id == actor.school_id


@rule("fees.read", title="查看经费", roles=READERS, limits="本校；部门负责人限本部门牵头班次；班主任限本班")
def may_read(actor: Actor, thing: Any) -> bool:
    """The school's office; a department's head and a head teacher their own classes; the auditor the figures."""
    training_class = class_of(thing)
    if not _in_my_school(actor, thing):
        return False
    if training_class is None or _has(actor, Role.REGISTRAR, Role.LEADER, Role.AUDITOR):
        return actor.school_id is not None
    own_department = (
        Role.DEPARTMENT_HEAD in actor.roles and training_class.department_id == actor.organisation_id
    )
    return own_department or training_class.head_teacher_id == actor.person_id


@rule("fees.standards", title="维护费用标准和预扣率表", roles=(Role.REGISTRAR,), limits="本校")
def may_set_standards(actor: Actor, thing: Any) -> bool:
    """The registrar, for the own school."""
    return thing is None or thing.school_id == actor.school_id


@rule("fees.keep", title="编制预算和决算", roles=(Role.REGISTRAR,), limits="本校")
def may_keep(actor: Actor, thing: Any) -> bool:
    """The registrar of the school."""
    return _in_my_school(actor, thing)


@rule(
    "fees.decided",
    title="按审批结果办理预算和决算",
    roles=APPROVERS,
    limits="本校；限审批链当前步骤的审批人",
)
def may_follow(actor: Actor, thing: Any) -> bool:
    """Whoever said a word in the paper's approval chain; who that is, `approvals` knows."""
    return thing is None or (_in_my_school(actor, thing) and has_been_heard(thing))


@rule("fees.lectures", title="编制和支付讲课费", roles=(Role.REGISTRAR,), limits="本校")
def may_pay(actor: Actor, thing: Any) -> bool:
    """The registrar of the school."""
    return _in_my_school(actor, thing)


@rule("fees.see_lectures", title="查看讲课费", roles=OFFICE, limits="本校；部门负责人限本部门牵头班次")
def may_see_lectures(actor: Actor, thing: Any) -> bool:
    """Registrar and leader; a department's head where the department leads."""
    training_class = class_of(thing)
    if training_class is None or _has(actor, Role.REGISTRAR, Role.LEADER):
        return _in_my_school(actor, thing)
    return _in_my_school(actor, thing) and training_class.department_id == actor.organisation_id


@rule("fees.sign", title="签收本人讲课费", roles=EVERYBODY, limits="本人")
def may_sign(actor: Actor, thing: Any) -> bool:
    """The teacher alone, by account or personal link."""
    return thing is None or (actor.person_id is not None and thing.person_id == actor.person_id)


@rule("fees.account", title="登记收款账户", roles=EVERYBODY, limits="本人；教务代登限本校")
def may_keep_account(actor: Actor, person: Any) -> bool:
    """The person, or the registrar from a paper slip."""
    if person is None:
        return True
    return person.school_id == actor.school_id and (
        _has(actor, Role.REGISTRAR) or person.pk == actor.person_id
    )


@rule("fees.reveal", title="查看完整收款账号", roles=(Role.REGISTRAR,), limits="本校；每次查看留痕")
def may_reveal(actor: Actor, person: Any) -> bool:
    """Whoever pays; every look is written down."""
    return person is None or person.school_id == actor.school_id
