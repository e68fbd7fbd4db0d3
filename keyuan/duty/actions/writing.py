"""What every step with a duty begins with: the right, the row locked, and the sentences of the audit."""

from typing import Any

from keyuan.duty.models import Duty, DutyPlan, Proof
from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require

audit.sentence("duty.opened", "按任期建立了听课讲课职责 {n} 项")
audit.sentence("duty.planned", "安排了{thing}")
audit.sentence("duty.plan_cancelled", "取消了{thing}的安排")
audit.sentence("duty.answered", "答复了{thing}的安排")
audit.sentence("duty.proven", "认定完成{thing}")
audit.sentence("duty.reversed", "冲销了{thing}的完成凭据")
audit.sentence("duty.claimed", "提交了{thing}的举证")
audit.sentence("duty.claim_decided", "审核了{thing}的举证")
audit.sentence("duty.waived", "免除了{thing}")
audit.sentence("duty.waiver_revoked", "撤销了{thing}的免除")
audit.sentence("duty.reminded", "发出听课讲课提醒 {n} 条")
audit.sentence("duty.rule_set", "设定了听课讲课规定")
audit.sentence("duty.rule_ended", "停用了听课讲课计入规定")
audit.sentence("duty.invited", "制发了邀请函{number}")

notify.kind(
    "duty.planned", title="听课讲课安排", text="{unit}{duty}已安排：{title}（{day}）。请确认能否参加。"
)
notify.kind("duty.unplanned", title="听课讲课安排取消", text="{unit}{duty}的安排“{title}”已取消：{reason}")
notify.kind("duty.proven", title="听课讲课已完成", text="{unit}{duty}已完成：{title}（{day}）。")
notify.kind(
    "duty.reversed", title="听课讲课凭据冲销", text="{name}（{unit}）{duty}的凭据“{title}”已冲销：{reason}"
)
notify.kind("duty.claim_decided", title="举证审核结果", text="{unit}{duty}的举证“{title}”{result}。{reason}")
notify.kind(
    "duty.ending",
    title="任期届满提醒",
    text="{name}在{unit}的任期到 {end} 届满，还有 {days} 天，{duty}尚未完成。",
    urgent=False,
)


def locked(actor: Actor, duty: Duty, right: str) -> Duty:
    """The duty as stored, locked until the caller's transaction ends, once the right was asked."""
    rows = Duty.objects.select_for_update(of=("self",))
    one = rows.select_related("term__organisation", "term__post", "term__holder").get(pk=duty.pk)
    require(actor, right, one)
    return one


def standing_plan(duty: Duty) -> DutyPlan | None:
    """The plan that stands."""
    rows = DutyPlan.objects.filter(duty=duty, cancelled_at=None)
    return rows.select_related("training_class", "session").first()


def standing_proof(duty: Duty) -> Proof | None:
    """The proof that stands."""
    return Proof.objects.filter(duty=duty, standing=True).first()


def told(duty: Duty, notice: str, **facts: Any) -> None:
    """Tell the holder; who has no account yet finds it at the first sign-in."""
    holder = duty.term.holder_id
    if holder is not None:
        notify.tell(
            holder, notice, f"/duties/people/{holder}/", school_id=duty.school_id,
            unit=duty.term.organisation.name, duty=str(duty), **facts,
        )  # fmt: skip
