"""The lives of a class and of a nomination, as tables."""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.approvals import actions as approvals
from keyuan.kernel import notify
from keyuan.kernel.access import Actor, system_of
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.flow import Flow, Move
from keyuan.people import actions as people_actions
from keyuan.people import queries as people
from keyuan.training.models import LIVE, Nomination, QuotaShare, TrainingClass
from keyuan.training.rules.approving import PLANNED, UNPLANNED

C = TrainingClass.State
N = Nomination.State

notify.kind(
    "training.call", title="请推荐学员", text="“{title}”给贵单位 {places} 个名额，请于 {deadline} 前推荐。"
)
notify.kind("training.admitted", title="已录取", text="您已被“{title}”录取，{starts}开班，地点：{venue}。")
notify.kind("training.not_admitted", title="未录取", text="{name}未被“{title}”录取：{reason}")
notify.kind(
    "training.nomination_returned", title="推荐被退回", text="{name}的推荐（{title}）被退回：{reason}"
)
notify.kind("training.refused", title="婉拒邀请", text="{name}婉拒了“{title}”的邀请。")
notify.kind("training.from_waitlist", title="候补转为录取", text="{name}已由候补转为“{title}”的录取学员。")


def class_link(training_class: TrainingClass) -> str:
    """Where a trainee meets the class on the phone."""
    return f"/my/classes/{training_class.pk}/"


def _put_before_chain(training_class: TrainingClass, actor: Actor) -> None:
    """A planned class goes by 开班审批, another by 计划外审批; the facts stay as they are now."""
    facts = {
        "kind": training_class.get_kind_display(), "starts": training_class.starts, "ends": training_class.ends,
        "days": (training_class.ends - training_class.starts).days + 1, "venue": training_class.venue,
        "places": training_class.places, "hours": training_class.hours, "audience": training_class.audience,
        "activity": training_class.activity.name, "reason": training_class.unplanned_reason or None,
    }  # fmt: skip
    approvals.submit(
        actor, UNPLANNED if training_class.unplanned else PLANNED, about=training_class, facts=facts,
        organisation=training_class.department,
    )  # fmt: skip


def _let_go(training_class: TrainingClass, actor: Actor) -> None:
    approvals.drop(actor, about=training_class)


def _has_shares(training_class: TrainingClass, actor: Actor) -> None:
    if training_class.entry != TrainingClass.Entry.QUOTA:
        return
    shares = list(training_class.shares.filter(places__gt=0))
    total = sum(share.places for share in shares)
    if not shares:
        raise Fault("请先分配名额，再发布。")
    if total > training_class.places:
        raise Fault(
            _("已分配 %(total)s 个名额，超过班次名额 %(places)s，请先调整再发布。")
            % {"total": total, "places": training_class.places}
        )
    call_for(training_class, shares)


def call_for(training_class: TrainingClass, shares: Sequence[QuotaShare]) -> None:
    """Tell the liaisons of these shares how many places they have and until when."""
    told = people.liaisons_of(share.organisation_id for share in shares)
    for share in shares:
        notify.tell(
            told.get(share.organisation_id, []),
            "training.call",
            f"/classes/{training_class.pk}/nominate/",
            school_id=training_class.school_id,
            title=training_class.title,
            places=share.places,
            deadline=training_class.nominate_by.strftime("%Y-%m-%d"),
        )
    QuotaShare.objects.filter(pk__in=[share.pk for share in shares]).update(told_at=timezone.now())


def _nobody_left(training_class: TrainingClass, actor: Actor) -> None:
    """`actions.life.call_off` withdraws everybody first and tells them; a class never ends over their heads."""
    if training_class.nominations.filter(state__in=LIVE).exists():
        raise Fault("名单中还有人，请用“取消班次”办理，系统会逐一通知。")
    _let_go(training_class, actor)


CLASS = Flow(
    "training.class",
    TrainingClass,
    Move("submit", "提交审批", (C.DRAFT,), C.SUBMITTED, rule="training.plan", then=_put_before_chain),
    Move("approve", "批准", (C.SUBMITTED,), C.APPROVED, rule="training.approve"),
    Move("return", "退回", (C.SUBMITTED,), C.DRAFT, rule="training.approve", reason=True),
    Move("recall", "撤回提交", (C.SUBMITTED,), C.DRAFT, rule="training.plan", then=_let_go),
    Move("publish", "发布", (C.APPROVED,), C.PUBLISHED, rule="training.publish", then=_has_shares),
    Move("close", "结班", (C.PUBLISHED,), C.CLOSED, rule="training.close"),
    Move(
        "reopen",
        "取消结班",
        (C.CLOSED,),
        C.PUBLISHED,
        rule="training.close",
        reason=True,
        danger=True,
    ),
    Move(
        "cancel",
        "取消班次",
        (C.DRAFT, C.SUBMITTED, C.APPROVED, C.PUBLISHED),
        C.CANCELLED,
        rule="training.publish",
        then=_nobody_left,
        reason=True,
        danger=True,
    ),
)


def take_place(nomination: Nomination) -> None:
    """Count one more admitted; the database refuses when the class is full."""
    if nomination.training_class.state != C.PUBLISHED:
        raise Fault("班次不在报名阶段，不能录取。")
    free = TrainingClass.objects.filter(pk=nomination.training_class_id, taken__lt=F("places"))
    if not free.update(taken=F("taken") + 1):
        raise Conflict("名额已满，没有录取。可改为候补。")


def _take_a_place(nomination: Nomination, actor: Actor) -> None:
    take_place(nomination)
    people_actions.seat_trainee(actor, person=nomination.person)
    training_class = nomination.training_class
    notify.tell(
        [nomination.person_id],
        "training.admitted",
        class_link(training_class),
        school_id=training_class.school_id,
        title=training_class.title,
        starts=training_class.starts.strftime("%Y-%m-%d"),
        venue=training_class.venue,
    )


def _accepted(nomination: Nomination, actor: Actor) -> None:
    # Whoever accepts gives no seats; the invitation was the office's leave to be seated.
    _take_a_place(nomination, system_of(nomination.training_class.school_id))


def _free_share(nomination: Nomination) -> None:
    QuotaShare.objects.filter(
        training_class_id=nomination.training_class_id, organisation_id=nomination.organisation_id, used__gt=0
    ).update(used=F("used") - 1)


def tell_liaisons(nomination: Nomination, kind: str, reason: str = "") -> None:
    """Tell the nominating unit's liaisons what became of the nomination."""
    notify.tell(
        people.liaisons_of([nomination.organisation_id]).get(nomination.organisation_id, []),
        kind,
        f"/classes/{nomination.training_class_id}/nominate/",
        school_id=nomination.training_class.school_id,
        about=nomination.person_id,
        title=nomination.training_class.title,
        name=nomination.person.name,
        reason=reason,
    )


def _returned(nomination: Nomination, actor: Actor) -> None:
    tell_liaisons(nomination, "training.nomination_returned", nomination.reason)


def _declined(nomination: Nomination, actor: Actor) -> None:
    _free_share(nomination)
    tell_liaisons(nomination, "training.not_admitted", nomination.reason)


def _waits(nomination: Nomination, actor: Actor) -> None:
    Nomination.objects.filter(pk=nomination.pk).update(waiting_since=timezone.now())


def free_place(training_class_id: int) -> None:
    """Count one admitted less."""
    TrainingClass.objects.filter(pk=training_class_id, taken__gt=0).update(taken=F("taken") - 1)


def _gave_back(nomination: Nomination, actor: Actor) -> None:
    """A withdrawn trainee frees the place; `actions.places.fill_from_waitlist` gives it on."""
    _free_share(nomination)


def _refused(nomination: Nomination, actor: Actor) -> None:
    notify.tell(
        [nomination.training_class.head_teacher_id],
        "training.refused",
        f"/classes/{nomination.training_class_id}/invite/",
        school_id=nomination.training_class.school_id,
        about=nomination.person_id,
        name=nomination.person.name,
        title=nomination.training_class.title,
    )


NOMINATION = Flow(
    "training.nomination",
    Nomination,
    Move(
        "admit",
        "录取",
        (N.SUBMITTED, N.WAITLISTED),
        N.ADMITTED,
        rule="training.admit",
        holds="training_class",
        then=_take_a_place,
    ),
    Move(
        "return", "退回修改", (N.SUBMITTED,), N.RETURNED, rule="training.admit", reason=True, then=_returned
    ),
    Move(
        "accept",
        "接受邀请",
        (N.INVITED,),
        N.ADMITTED,
        rule="training.answer",
        holds="training_class",
        then=_accepted,
    ),
    Move("refuse", "婉拒邀请", (N.INVITED,), N.WITHDRAWN, rule="training.answer", then=_refused),
    Move("resubmit", "重新提交", (N.RETURNED,), N.SUBMITTED, rule="training.nominate"),
    Move("waitlist", "列入候补", (N.SUBMITTED,), N.WAITLISTED, rule="training.admit", then=_waits),
    Move(
        "decline",
        "不录取",
        (N.SUBMITTED, N.WAITLISTED),
        N.DECLINED,
        rule="training.admit",
        reason=True,
        danger=True,
        holds="training_class",
        then=_declined,
    ),
    Move(
        "withdraw",
        "撤回推荐",
        (N.INVITED, N.SUBMITTED, N.RETURNED, N.WAITLISTED),
        N.WITHDRAWN,
        rule="training.nominate",
        danger=True,
        holds="training_class",
        then=_gave_back,
    ),
    Move(
        "remove",
        "退出班次",
        (N.ADMITTED,),
        N.WITHDRAWN,
        rule="training.admit",
        reason=True,
        danger=True,
        holds="training_class",
        then=_gave_back,
    ),
    Move(
        "substitute",
        "换人",
        LIVE,
        N.SUBSTITUTED,
        rule="training.nominate",
        holds="training_class",
        then=_gave_back,
    ),
    begins=(N.INVITED,),
)
