"""Who sees which class and nomination, and who may do what with them; pure."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.approvals.rules import APPROVERS
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people import rules as people_rules
from keyuan.people.roles import EVERYBODY, OFFICE, Role
from keyuan.plan.models import KeyActivity
from keyuan.training.models import (
    ClassPolicy,
    Completion,
    Nomination,
    QuotaShare,
    ReleasedSession,
    Session,
    Stop,
    TimetableFinal,
    TimetableVersion,
    TrainingClass,
)
from keyuan.training.rules.approving import has_spoken
from keyuan.training.rules.keeping import class_of

OPEN_TO_UNITS = (TrainingClass.State.PUBLISHED, TrainingClass.State.CLOSED)


@scope(TrainingClass)
def classes_i_see(actor: Actor, rows: QuerySet[TrainingClass]) -> QuerySet[TrainingClass]:
    """The office its school's; a liaison those with a share for the unit; others those they take part in."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection(OFFICE):
        return rows
    mine = Q(pk__in=[])
    if Role.LIAISON in actor.roles and actor.organisation_id:
        shares = QuotaShare.objects.filter(organisation_id=actor.organisation_id or 0).values(
            "training_class_id"
        )
        mine |= Q(state__in=OPEN_TO_UNITS, pk__in=shares)
    if Role.HEAD_TEACHER in actor.roles:
        mine |= Q(head_teacher_id=actor.person_id or 0)
    if actor.roles.intersection({Role.TEACHER, Role.TRAINEE}):  # a personal link makes its holder a trainee
        mine |= Q(pk__in=Session.objects.filter(teacher_id=actor.person_id or 0).values("training_class_id"))
        told = ReleasedSession.objects.filter(teacher_id=actor.person_id or 0, cancelled_at=None)
        mine |= Q(pk__in=told.values("training_class_id"))
    if actor.person_id is not None:
        mine |= _mine_or_open(actor.person_id, trainee=Role.TRAINEE in actor.roles)
    return rows.filter(mine)


def _mine_or_open(person_id: int, *, trainee: bool) -> Q:
    """Classes a person is in, is invited to, has asked to join, or may ask to join."""
    own = Nomination.objects.filter(person_id=person_id)
    if not trainee:
        own = own.filter(training_class__entry__in=("invitation", "open"))
    taken = own.filter(state__in=("invited", "admitted")).values("training_class_id")
    asked = own.filter(training_class__entry="open").values("training_class_id")
    may_ask = Q(state=TrainingClass.State.PUBLISHED, entry=TrainingClass.Entry.OPEN)
    return may_ask | Q(state__in=OPEN_TO_UNITS) & (Q(pk__in=taken) | Q(pk__in=asked))


@scope(Nomination)
def nominations_i_see(actor: Actor, rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """The office all; a liaison the unit's; a head teacher the class's; a person the own."""
    rows = rows.filter(training_class__school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection(OFFICE):
        return rows
    mine = Q(person_id=actor.person_id or 0)
    if Role.LIAISON in actor.roles and actor.organisation_id:
        mine |= Q(organisation_id=actor.organisation_id or 0)
    if Role.HEAD_TEACHER in actor.roles:
        mine |= Q(training_class__head_teacher_id=actor.person_id or 0)
    return rows.filter(mine)


@scope(QuotaShare)
def shares_i_see(actor: Actor, rows: QuerySet[QuotaShare]) -> QuerySet[QuotaShare]:
    """The office all of its school; a liaison the unit's once published."""
    rows = rows.filter(training_class__school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection(OFFICE):
        return rows
    if Role.LIAISON in actor.roles and actor.organisation_id:
        return rows.filter(organisation_id=actor.organisation_id, training_class__state__in=OPEN_TO_UNITS)
    return rows.none()


@scope(Session)
def sessions_i_see(actor: Actor, rows: QuerySet[Session]) -> QuerySet[Session]:
    """The sessions of the classes one sees; those never released only the office and head teachers see."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection(OFFICE):
        return rows
    rows = rows.filter(training_class__in=classes_i_see(actor, TrainingClass.objects.all()))
    if Role.HEAD_TEACHER in actor.roles:
        return rows
    return rows.filter(pk__in=ReleasedSession.objects.filter(cancelled_at=None).values("number"))


@scope(ReleasedSession)
def released_i_see(actor: Actor, rows: QuerySet[ReleasedSession]) -> QuerySet[ReleasedSession]:
    """With the class they belong to."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection(OFFICE):
        return rows
    return rows.filter(training_class__in=classes_i_see(actor, TrainingClass.objects.all()))


@scope(TimetableVersion)
def versions_i_see(actor: Actor, rows: QuerySet[TimetableVersion]) -> QuerySet[TimetableVersion]:
    """The office its school's; a head teacher those of the classes headed."""
    return _of_the_office_or_headed(actor, rows)


@scope(TimetableFinal)
def finals_i_see(actor: Actor, rows: QuerySet[TimetableFinal]) -> QuerySet[TimetableFinal]:
    """With the versions they declare."""
    return _of_the_office_or_headed(actor, rows)


def _of_the_office_or_headed(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    rows = rows.filter(training_class__school_id=actor.school_id or 0)
    if "system" in actor.roles or actor.roles.intersection(OFFICE):
        return rows
    if Role.HEAD_TEACHER in actor.roles:
        return rows.filter(training_class__head_teacher_id=actor.person_id or 0)
    return rows.none()


@scope(Stop)
def stops_i_see(actor: Actor, rows: QuerySet[Stop]) -> QuerySet[Stop]:
    """With the class they belong to."""
    return rows.filter(training_class__in=classes_i_see(actor, TrainingClass.objects.all()))


@scope(ClassPolicy)
def policies_i_see(actor: Actor, rows: QuerySet[ClassPolicy]) -> QuerySet[ClassPolicy]:
    """The office its school's."""
    return rows.filter(school_id=actor.school_id or 0) if actor.roles.intersection(OFFICE) else rows.none()


@scope(Completion)
def completions_i_see(actor: Actor, rows: QuerySet[Completion]) -> QuerySet[Completion]:
    """With the nomination they belong to."""
    return rows.filter(nomination__in=nominations_i_see(actor, Nomination.objects.all()))


def _people_of_my_classes(actor: Actor) -> Q:
    """A head teacher knows the trainees and teachers of the classes headed."""
    if Role.HEAD_TEACHER not in actor.roles:
        return Q(pk__in=[])
    headed = TrainingClass.objects.filter(head_teacher_id=actor.person_id or 0).values("pk")
    trainees = Nomination.objects.filter(training_class__in=headed, state="admitted").values("person_id")
    teachers = Session.objects.filter(training_class__in=headed, teacher__isnull=False).values("teacher_id")
    return Q(pk__in=trainees) | Q(pk__in=teachers)


people_rules.REASONS.append(_people_of_my_classes)


def _in_my_school(actor: Actor, thing: Any) -> bool:
    training_class = class_of(thing)
    return training_class is None or training_class.school_id == actor.school_id


@rule("training.plan", title="开设和修改班次", roles=(Role.REGISTRAR,), limits="本校；结班前")
def may_plan(actor: Actor, thing: Any) -> bool:
    """The registrar of the school, until the class is closed or cancelled; over an activity, to open one."""
    if isinstance(thing, KeyActivity):
        return bool(thing.plan.school_id == actor.school_id)
    training_class = class_of(thing)
    return _in_my_school(actor, thing) and (
        training_class is None
        or training_class.state not in {TrainingClass.State.CLOSED, TrainingClass.State.CANCELLED}
    )


@rule("training.approve", title="按审批结果办理班次", roles=APPROVERS, limits="本校；限审批链终审人")
def may_approve(actor: Actor, thing: Any) -> bool:
    """Whoever said the last word in the approval chain of the class; who that is, `approvals` knows."""
    training_class = class_of(thing)
    return _in_my_school(actor, thing) and (training_class is None or has_spoken(training_class))


@rule("training.publish", title="发布班次", roles=(Role.REGISTRAR,), limits="本校")
def may_publish(actor: Actor, thing: Any) -> bool:
    """The registrar of the school."""
    return _in_my_school(actor, thing)


@rule(
    "training.nominate",
    title="推荐报名",
    roles=(Role.LIAISON, Role.REGISTRAR),
    limits="联络员限本单位；教务限本校",
)
def may_nominate(actor: Actor, thing: Any) -> bool:
    """A liaison for the own unit; the registrar for any unit (by telephone or paper)."""
    if not _in_my_school(actor, thing):
        return False
    if Role.REGISTRAR in actor.roles or "system" in actor.roles or thing is None:
        return True
    if isinstance(thing, TrainingClass):
        return thing.shares.filter(organisation_id=actor.organisation_id or 0).exists()
    return bool(thing.organisation_id == actor.organisation_id)


@rule("training.admit", title="审核和录取学员", roles=(Role.REGISTRAR,), limits="本校")
def may_admit(actor: Actor, thing: Any) -> bool:
    """The registrar of the school."""
    return _in_my_school(actor, thing)


@rule(
    "training.timetable",
    title="编排课程表",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班；结班前",
)
def may_timetable(actor: Actor, thing: Any) -> bool:
    """The registrar, and the head teacher of the class, until it is closed."""
    training_class = class_of(thing)
    if training_class is None:
        return True
    if not _in_my_school(actor, thing) or training_class.state in {"closed", "cancelled"}:
        return False
    return Role.REGISTRAR in actor.roles or training_class.head_teacher_id == actor.person_id


@rule(
    "training.final",
    title="认定和取消课程表终版",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班；结班前",
)
def may_declare_final(actor: Actor, thing: Any) -> bool:
    """Whoever keeps the timetable, until the class is closed."""
    return may_timetable(actor, thing)


@rule(
    "training.run",
    title="管理班级考勤",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    limits="本校；班主任限本班",
)
def may_run(actor: Actor, thing: Any) -> bool:
    """The registrar, and the head teacher of the class."""
    training_class = class_of(thing)
    if training_class is None:
        return True
    return _in_my_school(actor, thing) and (
        "system" in actor.roles
        or Role.REGISTRAR in actor.roles
        or training_class.head_teacher_id == actor.person_id
    )


@rule("training.close", title="结班与取消结班", roles=(Role.REGISTRAR,), limits="本校")
def may_close(actor: Actor, thing: Any) -> bool:
    """The registrar of the school."""
    return _in_my_school(actor, thing)


@rule(
    "training.dossier",
    title="调取班次档案",
    roles=(*OFFICE, Role.HEAD_TEACHER),
    limits="本校；部门负责人限本部门；班主任限本班",
)
def may_take_dossier(actor: Actor, thing: Any) -> bool:
    """The office, and the head teacher of the class."""
    training_class = class_of(thing)
    if not _in_my_school(actor, thing):
        return False
    if training_class is None or actor.roles.intersection(OFFICE) or "system" in actor.roles:
        return True
    return training_class.head_teacher_id == actor.person_id


@rule(
    "training.boards",
    title="查看课表总览和空教室",
    roles=(*OFFICE, Role.HEAD_TEACHER),
    limits="本校；班主任看所带班次的工作课表和其他可见班次的已发布课表",
)
def may_see_boards(actor: Actor, thing: Any) -> bool:
    """Whoever arranges classes or answers for them; which sessions are on the boards, the scopes say."""
    return True


@rule("training.attend", title="以学员身份参加班次", roles=EVERYBODY, limits="本班已录取学员")
def may_attend(actor: Actor, thing: Any) -> bool:
    """Whoever is admitted to the class."""
    training_class = class_of(thing)
    if training_class is None or actor.person_id is None:
        return False
    return training_class.nominations.filter(person_id=actor.person_id or 0, state="admitted").exists()


@rule("training.register", title="向公开报名的班次报名", roles=EVERYBODY, limits="本校；限公开报名的班次")
def may_register(actor: Actor, thing: Any) -> bool:
    """Any person of the school, while a class open to all is published."""
    training_class = class_of(thing)
    if training_class is None or actor.person_id is None:
        return training_class is None
    return (
        _in_my_school(actor, thing)
        and training_class.entry == TrainingClass.Entry.OPEN
        and training_class.state == TrainingClass.State.PUBLISHED
    )


@rule("training.answer", title="答复班次邀请", roles=EVERYBODY, limits="受邀本人")
def may_answer(actor: Actor, thing: Any) -> bool:
    """The invited person alone."""
    return thing is None or (actor.person_id is not None and thing.person_id == actor.person_id)


@rule("training.policy", title="设定办班规定", roles=(Role.REGISTRAR,), limits="本校")
def may_set_policy(actor: Actor, thing: Any) -> bool:
    """The registrar, for the own school."""
    return thing is None or thing.school_id == actor.school_id
